// Owns how the pages speak to the API: typed by its contract, in the present tenant, and every refusal as a Problem that says
// what to do. Knows no page.

import { signal } from "@preact/signals";
import { noteAnswer } from "./advice.ts";
import { findingText } from "./findings.ts";
import type { BoardAnswers } from "./board-shapes.ts";
import type { ChangesAnswers } from "./changes-shapes.ts";
import type { OwnAnswers } from "./own-plugins-shapes.ts";
import { operations, type Inputs } from "./operations.gen.ts";
import type { ReceivedAnswers } from "./received-shapes.ts";
import type { SetupAnswers } from "./setup-shapes.ts";
import type * as push from "./push/shapes.ts";
import type { RoutesAnswers } from "./shapes-routes.ts";
import type * as oncall from "./shapes-oncall.ts";
import type * as shapes from "./shapes.ts";

export type Operation = keyof typeof operations;

/** What the operations answer; those that are not named here answer `unknown`, and the caller says what it expects. */
export interface Answers extends SetupAnswers, BoardAnswers, RoutesAnswers, ReceivedAnswers, OwnAnswers, ChangesAnswers {
  readonly getSession: shapes.SessionAnswer;
  readonly signIn: { readonly session: shapes.Session };
  readonly passkeySignIn: { readonly session: shapes.Session };
  readonly lookAtTicket: shapes.Ticket;
  readonly listSessions: shapes.Page<shapes.OwnSession>;
  readonly listPasskeys: shapes.Page<shapes.Passkey>;
  readonly addPasskey: shapes.Passkey;
  readonly makeOwnerLink: shapes.Link;
  readonly invite: shapes.Link;
  readonly listTenants: shapes.Page<shapes.Tenant>;
  readonly getDirectory: shapes.DirectoryAnswer;
  readonly listIncidents: shapes.Page<shapes.IncidentRow> & { readonly degraded?: boolean };
  readonly getIncident: shapes.Incident;
  readonly declareIncident: shapes.Incident;
  readonly getUserPages: shapes.Page<shapes.OwnPage> & { readonly degraded?: boolean };
  readonly getTimeline: shapes.Page<shapes.TimelineEntry>;
  readonly getIncidentDeliveries: shapes.Page<shapes.Delivery>;
  readonly getIncidentAlerts: shapes.Page<shapes.Alert>;
  readonly ack: shapes.Incident;
  readonly unack: shapes.Incident;
  readonly resolve: shapes.Incident;
  readonly reopen: shapes.Incident;
  readonly snooze: shapes.Incident;
  readonly escalate: shapes.Incident;
  readonly reassign: shapes.Incident;
  readonly responders: shapes.Incident;
  readonly severity: shapes.Incident;
  readonly note: shapes.Incident;
  readonly merge: shapes.Incident;
  readonly unmerge: shapes.Incident;
  readonly getOncall: oncall.OnCallAnswer;
  readonly getUserShifts: shapes.Page<oncall.UserShift>;
  readonly getShifts: oncall.ShiftsAnswer;
  readonly explainOncall: oncall.Explanation;
  readonly previewSchedule: oncall.SchedulePreview;
  readonly previewPolicy: oncall.PolicyPreview;
  readonly listOverrides: shapes.Page<oncall.Override>;
  readonly createOverride: oncall.Override;
  readonly patchOverride: oncall.Override;
  readonly listUserFeeds: shapes.Page<oncall.Feed>;
  readonly createUserFeed: oncall.Feed;
  readonly listScheduleFeeds: shapes.Page<oncall.Feed>;
  readonly createScheduleFeed: oncall.Feed;
  readonly getSchedule: oncall.ScheduleWords & oncall.Stored;
  readonly createSchedule: oncall.ScheduleWords & oncall.Stored;
  readonly replaceSchedule: oncall.ScheduleWords & oncall.Stored;
  readonly listPolicies: shapes.Page<oncall.PolicyWords & oncall.Stored>;
  readonly getPolicy: oncall.PolicyWords & oncall.Stored;
  readonly createPolicy: oncall.PolicyWords & oncall.Stored;
  readonly replacePolicy: oncall.PolicyWords & oncall.Stored;
  readonly listServices: shapes.Page<oncall.ServiceWords & oncall.Stored>;
  readonly getService: oncall.ServiceWords & oncall.Stored;
  readonly listTeams: shapes.Page<oncall.TeamWords & oncall.Stored>;
  readonly getTeam: oncall.TeamWords & oncall.Stored;
  readonly listUsers: shapes.Page<oncall.UserWords & oncall.Stored>;
  readonly getUser: oncall.UserWords & oncall.Stored;
  readonly patchUser: oncall.UserWords & oncall.Stored;
  readonly testContact: oncall.Tested;
  readonly getPush: push.PushKey;
  readonly listDevices: push.Devices;
  readonly registerDevice: push.Device;
  readonly renameDevice: push.Device;
}
type Answer<O extends Operation> = O extends keyof Answers ? Answers[O] : unknown;

type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Path<O extends Operation> = { readonly [K in Exclude<Names<(typeof operations)[O][1]>, "tenant">]: string } & {
  readonly tenant?: string;
};
type Optional<T> = T extends undefined ? unknown : Partial<T> extends T ? { readonly body?: T } : { readonly body: T };
/** A query is text on the way: numbers and booleans are written out. */
type Written<T> = { readonly [K in keyof T]: T[K] | number | boolean };
type Query<T> = T extends undefined
  ? unknown
  : Partial<T> extends T
    ? { readonly query?: Written<T> }
    : { readonly query: Written<T> };

/** Path parameters beside `query` and `body`; `tenant` is the present one unless named. */
export type Input<O extends Operation> = Path<O> &
  Optional<Inputs[O]["body"]> &
  Query<Inputs[O]["query"]> & { readonly signal?: AbortSignal; readonly headers?: Readonly<Record<string, string>> };

/** The tenant whose pages are shown; null: none yet. */
export const tenant = signal<string | null>(null);

/** The hub answered the last time it was asked. */
export const reachable = signal(true);

/** Raised when the hub does not know our session any more. */
export const signedOut = signal(false);

/** Raised while a session is being ended: pages are put away, nothing is asked any more. */
export const ending = signal(false);
let letGo = new AbortController();

/** Whatever was asked is let go: neither its answer nor its refusal is for anybody who is still here. */
export function hush(): void {
  letGo.abort();
  letGo = new AbortController();
}

/** Ends a session: first nobody asks any more, then the hub is told. A request that met the end half-way would be refused. */
export async function quietly(end: "signOut" | "signOutEverywhere"): Promise<void> {
  ending.value = true;
  hush();
  try {
    await call(end);
  } finally {
    ending.value = false;
  }
}

/** How the API says no (RFC 9457), or `status` 0: it could not be asked at all. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.members = members;
  }

  /** What is wrong with one field of the body, if anything. */
  wrongAt(path: string): string | null {
    const errors = this.members["errors"];
    if (!Array.isArray(errors)) return null;
    const found = (errors as { path?: string; message?: string; told?: Readonly<Record<string, unknown>> }[]).find(
      (each) => each.path === path,
    );
    return found?.message === undefined ? null : findingText({ ...found, message: found.message });
  }
}

const limitMs = 20_000;
const smallCharsMax = 16_000;

/** The page is being left, perhaps for good. Listened for before anything that saves itself then. */
let leaving = false;
window.addEventListener("pagehide", () => (leaving = true), { capture: true });
window.addEventListener("pageshow", () => (leaving = false), { capture: true });

function isSmall(body: unknown): boolean {
  return (typeof body === "string" ? body : JSON.stringify(body)).length <= smallCharsMax;
}

/** Asks, and gives the answer's JSON; throws Problem. */
export async function call<O extends Operation>(
  operation: O,
  ...rest: [Input<O>] | (object extends Input<O> ? [] : never)
): Promise<Answer<O>> {
  const response = await send(operation, rest[0] ?? {});
  const answer: unknown = response.status === 204 ? null : await response.json();
  const [method] = operations[operation];
  if (method !== "get") noteAnswer(method, pathOf(operation, rest[0] ?? {}), answer);
  // The shapes above are the API's promise; its own tests keep it.
  return answer as Answer<O>;
}

/** Who asked is not there any more to hear it. */
function never(): Promise<Response> {
  return new Promise(() => undefined);
}

interface Loose {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

function pathOf(operation: Operation, params: Readonly<Record<string, unknown>>): string {
  return operations[operation][1].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? (name === "tenant" ? tenant.value : undefined);
    if (typeof value !== "string" || value === "") throw new Error(`${operation} needs ${name}`);
    return encodeURIComponent(value);
  });
}

/** The same with the answer as it came: for documents, ETags and streams. A text as body goes as it is (a YAML document). */
export async function send(operation: Operation, input: Loose & Readonly<Record<string, unknown>>): Promise<Response> {
  if (ending.peek() && operation !== "signOut" && operation !== "signOutEverywhere") return never();
  const { query, body, signal, headers = {}, ...params } = input;
  const [method] = operations[operation];
  const path = pathOf(operation, params);
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== "")
      asked.set(name, typeof value === "string" ? value : JSON.stringify(value));
  const text = asked.size === 0 ? path : `${path}?${asked}`;
  const limit = AbortSignal.timeout(limitMs);
  const gone = letGo.signal;
  let response: Response;
  try {
    response = await fetch(`/api/v1${text}`, {
      method: method.toUpperCase(),
      headers: { ...(body === undefined || typeof body === "string" ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      signal: AbortSignal.any(signal === undefined ? [limit, gone] : [signal, limit, gone]),
      credentials: "same-origin",
      // What is written while the page goes is not cut off with it; a browser takes 64 KiB of that.
      keepalive: method !== "get" && leaving && (body === undefined || isSmall(body)),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    if (gone.aborted) return never();
    reachable.value = false;
    throw new Problem(0, "the hub cannot be reached");
  }
  reachable.value = true;
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const members = (typeof problem === "object" && problem !== null ? problem : {}) as Record<string, unknown>;
  if (response.status === 401 && !operation.startsWith("signIn") && operation !== "passkeySignIn") signedOut.value = true;
  const { detail } = members;
  throw new Problem(response.status, typeof detail === "string" ? detail : `the hub answered ${response.status}`, members);
}
