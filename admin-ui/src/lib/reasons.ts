// Owns how the hub's reasons read here: in the reader's language where their data allows, else in the hub's own English, with
// names for ids.

import type { Directory } from "./directory.ts";
import { language } from "./messages.ts";
import { inSpanish, pageInSpanish, written, type Said, type Speech } from "./reasons-es.ts";
import { dateTime, duration } from "./time.ts";

function speech(names: Directory): Speech {
  return {
    person: names.person,
    policy: names.policy,
    team: names.team,
    schedule: names.schedule,
    at: (ms) => dateTime(new Date(ms).toISOString()),
    span: duration,
  };
}

/** Whatever the hub itself says of people it says by id; what senders and people wrote stays as it is. */
const spoken = new Set([...written, "reopened", "alert", "alert-resolved", "responded"]);

/** A line of the record. */
export function reasonOf(entry: Said, names: Directory): string {
  const own = language.value === "es" ? inSpanish(entry, speech(names)) : null;
  return own ?? (spoken.has(entry.kind) ? entry.reason : withTimes(withNames(entry.reason, names)));
}

/** The core writes instants as they are stored; whoever reads has a clock of their own. */
function withTimes(text: string): string {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (instant) => dateTime(instant));
}

interface Planned {
  readonly reason: string;
  readonly told?: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> };
}

/** Of something still to come. For a page: why that person. */
export function reasonAhead(item: Planned, names: Directory): string {
  const { told, reason } = item;
  if (language.value !== "es" || told === undefined) return withNames(reason, names);
  const own =
    told.kind === "paged"
      ? pageInSpanish(told.data, speech(names))
      : inSpanish({ kind: told.kind, actor: { type: "system", id: "tocsin" }, reason, data: told.data }, speech(names));
  return own ?? withNames(reason, names);
}

/** Why a page went to its person. */
export function reasonOfPage(reason: { readonly text: string } & Readonly<Record<string, unknown>>, names: Directory): string {
  return (language.value === "es" ? pageInSpanish(reason, speech(names)) : null) ?? withNames(reason.text, names);
}

export function withNames(text: string, names: Directory): string {
  return text.replaceAll(/[a-z0-9][a-z0-9-]*/g, (word) =>
    names.users.some((each) => each.id === word) ? names.person(word) : word,
  );
}
