// Owns what Freshdesk and Freshservice have in common on the way back: a private note, and a status where the tenant names one.

import * as z from "zod";
import type { Outcome } from "../../worker/core/page.ts";
import type { OutgoingPost } from "../../worker/core/post.ts";
import type { ActInput, ConnectorIo } from "./connector.ts";
import type { HttpAnswer, HttpRequest } from "./notifier.ts";
import { at, listOf } from "./read.ts";
import { firstOf } from "./text.ts";
import {
  basicAuthorization,
  escapedHtml,
  isSuccess,
  isTestOnly,
  jsonOf,
  markOf,
  refusalOf,
  sentenceOf,
  writeToEach,
  writtenBackOf,
  type WrittenBack,
} from "./write-back.ts";

const status = z.int().min(2).max(999).nullable().default(null);

/** `product`: "Freshdesk"; `host`: what its addresses end in. */
export function freshworksConfig(product: string, host: string) {
  return z.strictObject({
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .describe(`The account's own address: https://acme.${host} (a domain of yours does not serve the API)`),
    statuses: z
      .strictObject({
        acknowledged: status.describe(
          "Status of an acknowledged ticket: 2 Open, 3 Pending, or one of yours; null: only a private note",
        ),
        unacknowledged: status.describe("Status once nobody has it any more; null: only a private note"),
        resolved: status.describe(
          "4 resolves the ticket, which its requester may be told of, and 5 closes it; null: only a private note",
        ),
        reopened: status.describe("Status once somebody re-opened the incident here; null: only a private note"),
      })
      .prefault({})
      .describe(
        'Statuses to set, by number: {"acknowledged":3,"unacknowledged":2,"resolved":4}. What is not named gets only a private note',
      ),
    fields: z
      .record(z.string().min(1).max(100), z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]))
      .default({})
      .describe(`Further fields that ${product} wants with a resolved ticket: {"type":"Incident"}`),
  });
}

export const freshworksSecrets = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .max(512)
    .describe("API key of an agent who may see and edit the tickets (profile settings, View API key)"),
});

type Input = ActInput<z.infer<ReturnType<typeof freshworksConfig>>, z.infer<typeof freshworksSecrets>>;
type Alert = OutgoingPost["incident"]["alerts"][number];

export interface FreshworksProduct {
  readonly name: string;
  /** The ticket in an answer. */
  readonly ticketIn: (body: unknown) => unknown;
}

export async function actOnFreshworks(product: FreshworksProduct, input: Input, io: ConnectorIo): Promise<Outcome> {
  if (isTestOnly(input.event)) {
    const answer = await ask(input, io, "GET", "/tickets?per_page=1");
    return isSuccess(answer) && /^\s*[[{]/.test(answer.body)
      ? done("the tickets can be read")
      : refused(product, answer, input, io);
  }
  const what = writtenBackOf(input.event);
  if (what === null) return done(`${product.name} has nothing to be told of ${input.event.type.slice("incident.".length)}`);
  const alerts = input.event.incident.alerts.filter(({ firing }) => firing || what === "note" || what === "reopened");
  if (alerts.length === 0) return done(`no ticket of ${product.name} is open in this incident`);
  return writeToEach(
    alerts,
    (alert) => `ticket ${alert.dedupKey}`,
    (alert) => one(product, input, io, alert, what),
  );
}

async function one(product: FreshworksProduct, input: Input, io: ConnectorIo, alert: Alert, what: WrittenBack): Promise<Outcome> {
  // Freshservice shows people INC-12 and takes 12.
  const id = /^#?(?:[A-Z]{2,5}-)?(\d{1,20})$/.exec(alert.labels["ticket"] ?? alert.dedupKey)?.[1];
  if (id === undefined) return { status: "failed", reason: `"${alert.dedupKey.slice(0, 80)}" is no ticket's number` };
  const path = `/tickets/${id}`;
  const set = what === "note" ? stays("") : await setStatus(product, input, io, path, what);
  if (!set.notes) return set.outcome;
  const noted = await note(product, input, io, path, what);
  if (noted.status !== "accepted") return noted;
  // A ticket whose status was refused has the note all the same: somebody reads there that it is over.
  if (set.outcome.status !== "accepted") return set.outcome;
  return { status: "accepted", ref: id, detail: [noted.detail, set.outcome.detail].filter((each) => each).join(", ") };
}

interface StatusSet {
  readonly outcome: Outcome;
  /** False: the ticket cannot be had at all, or not now. */
  readonly notes: boolean;
}

const stays = (detail: string): StatusSet => ({ outcome: done(detail), notes: true });

async function setStatus(
  product: FreshworksProduct,
  input: Input,
  io: ConnectorIo,
  path: string,
  what: Exclude<WrittenBack, "note">,
): Promise<StatusSet> {
  const wanted = input.config.statuses[what];
  if (wanted === null) return stays("");
  const shown = await ask(input, io, "GET", path);
  const present = Number(firstOf(at(product.ticketIn(jsonOf(shown)), "status")) ?? Number.NaN);
  if (!isSuccess(shown) || !Number.isInteger(present)) return { outcome: refused(product, shown, input, io), notes: false };
  const over = present === 4 || present === 5;
  // A ticket that is over is left so, and only such a one is re-opened.
  if (present === wanted || over !== (what === "reopened")) return stays(`status ${present} left as it is`);
  const fields = what === "resolved" ? input.config.fields : {};
  const answer = await ask(input, io, "PUT", path, { ...fields, status: wanted });
  if (isSuccess(answer) && jsonOf(answer) !== null) return stays(`status ${wanted}`);
  if (answer.status === 409) {
    const reason = "HTTP 409: somebody else changes the ticket just now";
    return { outcome: { status: "retry", reason, afterMs: null }, notes: false };
  }
  return { outcome: refused(product, answer, input, io), notes: answer.status === 400 };
}

async function note(
  product: FreshworksProduct,
  input: Input,
  io: ConnectorIo,
  path: string,
  what: WrittenBack,
): Promise<Outcome> {
  if (input.attempt > 1) {
    const there = await noteIsThere(product, input, io, path);
    if (there !== false) return there;
  }
  const body = { body: escapedHtml(sentenceOf(what, input.event)).replaceAll("\n", "<br>"), private: true };
  const answer = await ask(input, io, "POST", `${path}/notes`, body);
  return isSuccess(answer) && jsonOf(answer) !== null ? done("a private note") : refused(product, answer, input, io);
}

/** Conversations come oldest first, so that the note of an earlier try is on the last page. */
async function noteIsThere(product: FreshworksProduct, input: Input, io: ConnectorIo, path: string): Promise<Outcome | false> {
  for (let page = 1; page <= pagesMax; page++) {
    const answer = await ask(input, io, "GET", `${path}/conversations?per_page=${perPage}&page=${page}`);
    if (!isSuccess(answer)) return refused(product, answer, input, io);
    if (answer.body.includes(markOf(input.event))) return done("was written by an earlier try");
    // An answer that was cut has more than can be read.
    if (!/\]\s*\}?\s*$/.test(answer.body)) continue;
    if (countOf(answer) < perPage) return false;
  }
  return false;
}

const perPage = 30;
const pagesMax = 10;

/** Freshdesk answers a list, Freshservice {conversations: […]}. */
function countOf(answer: HttpAnswer): number {
  try {
    const value = JSON.parse(answer.body) as unknown;
    return listOf(Array.isArray(value) ? value : at(value, "conversations")).length;
  } catch {
    return 0;
  }
}

function refused({ name }: FreshworksProduct, answer: HttpAnswer, { secrets: { apiKey } }: Input, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return { status: "failed", reason: `HTTP ${answer.status}, but not ${name}'s API: see baseUrl`, fix: "address" };
  const body = jsonOf(answer);
  const fields = listOf(at(body, "errors")).map(
    (each) => `${firstOf(at(each, "field")) ?? ""}: ${firstOf(at(each, "message")) ?? ""}`,
  );
  const said = fields.length > 0 ? fields.join("; ") : firstOf(at(body, "message"), at(body, "description"));
  return refusalOf(answer, said, [apiKey], io.now());
}

function ask(
  { config: { baseUrl }, secrets: { apiKey } }: Input,
  io: ConnectorIo,
  method: HttpRequest["method"],
  path: string,
  body?: unknown,
) {
  return io.http({
    method,
    url: `${baseUrl.replace(/\/+$/, "")}/api/v2${path}`,
    headers: {
      accept: "application/json",
      authorization: basicAuthorization(apiKey, "X"),
      "user-agent": "Tocsin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}

function done(detail: string): Extract<Outcome, { status: "accepted" }> {
  return { status: "accepted", ref: null, detail };
}
