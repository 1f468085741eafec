// Owns looking into a body of unknown shape without trusting it: own properties only, nothing assumed to be there.

import { isRecord, labelsOf, present } from "./text.ts";

const nothing: Readonly<Record<string, unknown>> = Object.freeze({});

/** The value when it is a JSON object, else an empty one. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : nothing;
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value at a path of own properties and list places; undefined where it ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const name of path) {
    if (Array.isArray(found) && typeof name === "number") found = found[name];
    else if (isRecord(found) && Object.hasOwn(found, name)) found = found[name];
    else return undefined;
  }
  return found;
}

/** An object whose keys are looked up in any letter case; of two that differ only in case the first one wins. */
export function anyCase(value: unknown): Readonly<Record<string, unknown>> {
  const folded: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(recordOf(value))) {
    const name = key.toLowerCase();
    if (!(name in folded)) folded[name] = each;
  }
  return folded;
}

/**
 * An object whose keys are looked up however they are spelt: `EVENT_ID`, `event-id`, `eventId` and `eventid` are `eventid`. For bodies
 * that people compose after examples; of two that are spelt alike here the first present one wins.
 */
export function anySpelling(value: unknown): Readonly<Record<string, unknown>> {
  const folded: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, each] of Object.entries(recordOf(value))) {
    const name = key
      .slice(0, 128)
      .toLowerCase()
      .replaceAll(/[\s_.-]/g, "");
    if (!(name in folded) || (present(folded[name]) === null && typeof folded[name] !== "object")) folded[name] = each;
  }
  return folded;
}

/** A word in lower case for looking up in a table; null when it is absent. */
export function wordOf(value: unknown): string | null {
  return present(value)?.toLowerCase() ?? null;
}

/** A number, or a text that is one; null for anything else. */
export function numberOf(value: unknown): number | null {
  const text = present(value);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/**
 * Labels from tags: a comma-separated text, a list of texts, `[key, value]` pairs, or objects with key/name/tag and value.
 * `key:value` (or `key=value`) becomes one label; a bare word becomes a label of its own with the value "true".
 */
export function tagsOf(tags: unknown): Record<string, string> {
  if (isRecord(tags)) return labelsOf(tags);
  const list = typeof tags === "string" ? tags.slice(0, 65_536).split(",") : listOf(tags).slice(0, 1_000);
  const labels: [string, string][] = [];
  for (const tag of list) {
    const [key, value] = pairOf(tag);
    if (key !== null) labels.push([key, value ?? "true"]);
  }
  return labelsOf(Object.fromEntries(labels));
}

function pairOf(tag: unknown): readonly [string | null, string | null] {
  if (Array.isArray(tag)) return [present(tag[0]), present(tag[1])];
  if (isRecord(tag)) return [present(tag["key"] ?? tag["name"] ?? tag["tag"]), present(tag["value"])];
  const text = present(tag);
  if (text === null) return [null, null];
  const split = text.search(/[:=]/);
  return split <= 0 ? [text, null] : [text.slice(0, split).trim(), text.slice(split + 1).trim()];
}
