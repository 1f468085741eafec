// Owns what every connector shares that writes an incident's state back to the system its alerts came from: the words it writes, the
// mark by which they are known again, and one outcome out of several writes.

import type { Outcome } from "../../worker/core/page.ts";
import type { OutgoingPost } from "../../worker/core/post.ts";
import type { HttpAnswer } from "./notifier.ts";
import { classifyStatus } from "./classify.ts";
import { ProviderError } from "./provider-error.ts";
import { cut, isRecord } from "./text.ts";

/** What such a connector acts on. */
export const writtenBack = ["acknowledged", "unacknowledged", "reopened", "resolved", "note"] as const;
export type WrittenBack = (typeof writtenBack)[number];

/** Null: nothing that the other side keeps. */
export function writtenBackOf({ type }: OutgoingPost): WrittenBack | null {
  const name = type.slice("incident.".length);
  return writtenBack.find((each) => each === name) ?? null;
}

/** Somebody tries the connector out: nothing is there to write to, but whether the other side lets us in can be asked. */
export function isTestOnly({ incident }: OutgoingPost): boolean {
  return incident.test && incident.alerts.length === 0;
}

const lead: Readonly<Record<WrittenBack, string>> = {
  acknowledged: "Acknowledged",
  unacknowledged: "No longer acknowledged",
  reopened: "Open again",
  resolved: "Resolved",
  note: "Note",
};

/**
 * The same for every try of one event, and of no other event: "Tocsin inc_…, event 7". Whoever reads it in the other system can
 * look the incident up by it.
 */
export function markOf({ incident, event }: OutgoingPost): string {
  return `Tocsin ${incident.id}, event ${event.seq}`;
}

/** True for a text that a hub wrote: what comes back with it is an echo. */
export function bearsMark(text: string | null): boolean {
  return text !== null && /\bTocsin inc_[0-9a-z]{20,64}, event \d{1,12}\b/.test(text);
}

/** "Acknowledged: ana has it [Tocsin inc_…, event 7]", one paragraph unless the note has more. */
export function sentenceOf(what: WrittenBack, event: OutgoingPost, max = 4_000): string {
  const { actor, reason } = event.event;
  const who = what === "note" ? ` by ${cut(actor.id, 120)}` : "";
  const mark = ` [${markOf(event)}]`;
  return `${cut(`${lead[what]}${who}: ${reason}`.replaceAll(/[^\S\n]+/g, " ").trim(), max - mark.length)}${mark}`;
}

/**
 * Writes to one after the other, as each alert is another thing over there. What is worth another try makes the whole worth one:
 * `write` looks first, on every try but the first, whether it has been done. Else one that was refused makes the whole refused.
 */
export async function writeToEach<T>(
  targets: readonly T[],
  nameOf: (target: T) => string,
  write: (target: T) => Promise<Outcome>,
): Promise<Outcome> {
  const done: { readonly target: T; readonly outcome: Outcome }[] = [];
  for (const target of targets) {
    const outcome = await attempt(() => write(target));
    done.push({ target, outcome });
    // Who is not let in once is not let in for the next one either, and may be locked out for it.
    if (outcome.status === "failed" && outcome.reason.startsWith("HTTP 401")) return outcome;
    // Whoever asks for patience, or does not answer, is not asked for the next one now.
    if (outcome.status === "retry" || outcome.status === "unknown") {
      if (targets.length === 1) return outcome;
      return { ...outcome, reason: cut(`${nameOf(target)}: ${outcome.reason}`, 300) };
    }
  }
  const refused = done.flatMap(({ target, outcome }) =>
    outcome.status === "failed" ? [targets.length === 1 ? outcome.reason : `${nameOf(target)}: ${outcome.reason}`] : [],
  );
  if (refused.length > 0) return { status: "failed", reason: cut(refused.join("; "), 300) };
  const details = done.flatMap(({ outcome }) => ("detail" in outcome && outcome.detail !== undefined ? [outcome.detail] : []));
  return {
    status: "accepted",
    ref: done.length === 1 ? refOf(done[0]?.outcome) : null,
    detail: cut([...new Set(details)].join("; "), 300),
  };
}

/** What did not leave, or whose answer was lost, on the way to one of several: the others that are done stay done. */
async function attempt(write: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "unknown") return { status: "unknown", reason: error.message };
    throw error;
  }
}

function refOf(outcome: Outcome | undefined): string | null {
  return outcome?.status === "accepted" || outcome?.status === "delivered" ? outcome.ref : null;
}

/** The JSON object of an answer; null: it is none. */
export function jsonOf(answer: HttpAnswer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(answer.body);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** An answer that is not 2xx, by `classifyStatus`, with what the other side said about it, its secrets taken out. */
export function refusalOf(
  answer: HttpAnswer,
  said: string | null,
  secrets: readonly (string | undefined)[],
  now: number,
): Outcome {
  const outcome = classifyStatus(answer, null, now);
  if (said === null || outcome.status === "accepted" || outcome.status === "delivered") return outcome;
  return { ...outcome, reason: `${outcome.reason}: ${withoutSecrets(said, secrets)}` };
}

/** One line of what the other side said. */
export function withoutSecrets(said: string, secrets: readonly (string | undefined)[]): string {
  let text = said.replaceAll(/\s+/g, " ").trim();
  for (const secret of secrets) if (secret !== undefined && secret !== "") text = text.replaceAll(secret, "***");
  return cut(text, 200);
}

export function isSuccess({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/** `Authorization: Basic …` over UTF-8 (RFC 7617 §2.1). */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${user}:${password}`)))}`;
}

/** Text of ours inside HTML. */
export function escapedHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
