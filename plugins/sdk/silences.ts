// Owns silences of Alertmanager's API v2, which Grafana has as well: one for each firing alert that somebody has here, by exactly its
// labels, for a bounded time; ended when nobody has it any more or it is over. Our own are known by who made them and by the incident
// that their comment names, so that nothing needs to be remembered.

import * as z from "zod";
import type { Outcome } from "../../worker/core/page.ts";
import type { OutgoingPost } from "../../worker/core/post.ts";
import type { ConnectorIo } from "./connector.ts";
import type { HttpAnswer, HttpRequest } from "./notifier.ts";
import { at, listOf } from "./read.ts";
import { cut, firstOf } from "./text.ts";
import { isSuccess, isTestOnly, jsonOf, refusalOf, sentenceOf, writeToEach, writtenBackOf } from "./write-back.ts";

export const silenceFor = z
  .string()
  .regex(/^[1-9]\d{0,3}[mh]$/, "minutes or hours: 30m, 4h")
  .refine((text) => msOf(text) <= 7 * 86_400_000, "at most a week: 168h")
  .default("4h")
  .describe("How long an acknowledgment silences at most: 30m, 4h");

const createdBy = "tocsin";

function msOf(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith("h") ? 3_600_000 : 60_000);
}

type Alert = OutgoingPost["incident"]["alerts"][number];

export interface SilenceSide {
  /** "Alertmanager" */
  readonly name: string;
  /** Up to and with `/api/v2`. */
  readonly api: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly (string | undefined)[];
  readonly silenceFor: string;
}

export interface SilenceInput {
  readonly event: OutgoingPost;
  readonly attempt: number;
}

export async function actOnSilences(side: SilenceSide, { event, attempt }: SilenceInput, io: ConnectorIo): Promise<Outcome> {
  if (isTestOnly(event)) {
    const answer = await ask(side, io, "GET", `/silences?filter=${encodeURIComponent('alertname="tocsin-test"')}`);
    return silencesIn(answer) === null ? refused(side, answer, io) : done("its silences can be read");
  }
  const what = writtenBackOf(event);
  if (what === "acknowledged") {
    const alerts = event.incident.alerts.filter(({ firing }) => firing);
    if (alerts.length === 0) return done("no alert of it fires any more: nothing to silence");
    return writeToEach(alerts, nameOf, (alert) => silence(side, { event, attempt }, alert, io));
  }
  if (what === "unacknowledged" || what === "resolved")
    return writeToEach(event.incident.alerts, nameOf, (alert) => endSilences(side, event, alert, io));
  return done(`a silence has nothing to be told of ${event.type.slice("incident.".length)}`);
}

function nameOf({ labels, dedupKey }: Alert): string {
  return cut(`${labels["alertname"] ?? "alert"} ${dedupKey}`, 80);
}

async function silence(side: SilenceSide, { event, attempt }: SilenceInput, alert: Alert, io: ConnectorIo): Promise<Outcome> {
  // Fewer labels are more alerts: one that nobody looks at yet must not be silenced along with this one.
  if (alert.cut === true)
    return {
      status: "failed",
      reason: "not silenced: not all of its labels are known here, and the others fit more alerts than this one",
    };
  if (alert.labels["alertname"] === undefined)
    return { status: "failed", reason: `not silenced: it has no label alertname, so it is none of ${side.name}'s own` };
  if (attempt > 1) {
    const found = await ownOf(side, event, alert, io);
    if (!isFound(found)) return found;
    if (found.ids.length > 0) return done("silenced by an earlier try", found.ids[0] ?? null);
  }
  const now = io.now();
  const answer = await ask(side, io, "POST", "/silences", {
    matchers: Object.entries(alert.labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + msOf(side.silenceFor)).toISOString(),
    createdBy,
    comment: commentOf(event),
  });
  const id = firstOf(at(jsonOf(answer), "silenceID"));
  if (!isSuccess(answer) || id === null) return refused(side, answer, io);
  return done(`silenced for ${side.silenceFor}`, id);
}

/** Who has it, what it is, where to look, and the mark by which we know it again. */
function commentOf(event: OutgoingPost): string {
  const page = event.links.incident.replace("/api/v1/tenants/", "/t/");
  return `${cut(event.incident.title, 200)} ${page} ${sentenceOf("acknowledged", event, 500)}`;
}

async function endSilences(side: SilenceSide, event: OutgoingPost, alert: Alert, io: ConnectorIo): Promise<Outcome> {
  if (alert.cut === true || alert.labels["alertname"] === undefined) return done("was never silenced");
  const found = await ownOf(side, event, alert, io);
  if (!isFound(found)) return found;
  for (const id of found.ids) {
    const answer = await ask(side, io, "DELETE", `/silence/${encodeURIComponent(id)}`);
    // Gone already: somebody ended it, or its time did.
    if (!isSuccess(answer) && answer.status !== 404) return refused(side, answer, io);
  }
  if (found.ids.length === 0) return done("no silence of ours is left");
  const gone = event.type === "incident.unacknowledged" && (await isGone(side, alert, io));
  return done(
    gone ? `its silence is ended; ${side.name} lists it no longer, it is probably over` : "its silence is ended",
    found.ids[0],
  );
}

/** An end that came while it was silenced is told to nobody: whoever is paged again should know. */
async function isGone(side: SilenceSide, alert: Alert, io: ConnectorIo): Promise<boolean> {
  const answer = await ask(side, io, "GET", `/alerts?${filterOf(alert)}`);
  return isSuccess(answer) && answer.body.trim() === "[]";
}

function filterOf({ labels }: Alert): string {
  return Object.entries(labels)
    .map(([name, value]) => `filter=${encodeURIComponent(`${name}=${JSON.stringify(value)}`)}`)
    .join("&");
}

interface Found {
  readonly ids: readonly string[];
}

function isFound(found: Found | Outcome): found is Found {
  return "ids" in found;
}

/** Ids of the silences that this incident made for this alert and that still hold. */
async function ownOf(side: SilenceSide, event: OutgoingPost, alert: Alert, io: ConnectorIo): Promise<Found | Outcome> {
  // Only silences with just these matchers come back: all of them would not fit into an answer.
  const answer = await ask(side, io, "GET", `/silences?${filterOf(alert)}`);
  const silences = silencesIn(answer);
  if (silences === null) return refused(side, answer, io);
  const ids = silences.flatMap((each) => {
    const ours =
      at(each, "createdBy") === createdBy && firstOf(at(each, "comment"))?.includes(`Tocsin ${event.incident.id}, event `);
    const holds = at(each, "status", "state") !== "expired";
    return ours && holds ? (firstOf(at(each, "id")) ?? []) : [];
  });
  return { ids };
}

/** Those that hold come first, so that of an answer that was cut off its beginning says enough. */
function silencesIn(answer: HttpAnswer): readonly unknown[] | null {
  if (!isSuccess(answer) || !answer.body.trimStart().startsWith("[")) return null;
  const whole = listIn(answer.body);
  if (whole !== null) return whole;
  let end = answer.body.length;
  for (let tries = 0; tries < triesMax; tries++) {
    end = answer.body.lastIndexOf("},{", end - 1);
    if (end <= 0) return [];
    const part = listIn(`${answer.body.slice(0, end + 1)}]`);
    if (part !== null) return part;
  }
  return [];
}

const triesMax = 200;

function listIn(text: string): readonly unknown[] | null {
  try {
    return listOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function refused(side: SilenceSide, answer: HttpAnswer, io: ConnectorIo): Outcome {
  if (isSuccess(answer))
    return { status: "failed", reason: `HTTP ${answer.status}, but not ${side.name}'s API: see baseUrl`, fix: "address" };
  const said = firstOf(at(jsonOf(answer), "message")) ?? saidIn(answer.body);
  return refusalOf(answer, said, side.secrets, io.now());
}

/** Alertmanager answers a JSON string to what it does not take. */
function saidIn(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

function done(detail: string, ref: string | null = null): Outcome {
  return { status: "accepted", ref, detail };
}

function ask(side: SilenceSide, io: ConnectorIo, method: HttpRequest["method"], path: string, body?: unknown) {
  return io.http({
    method,
    url: `${side.api}${path}`,
    headers: {
      accept: "application/json",
      "user-agent": "Tocsin",
      ...side.headers,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
}
