// Owns giving what a tenant's own code returned the shape of alerts: every field is looked at before anything else reads it, and
// what is not what it should be is left out. Its lengths are clamp.ts's, as for every source.

import type { Alert, Link } from "../core/alert.ts";

/** Null: it has no dedup key or no action, without which it is no alert. `source`: the integration's, whatever the code says. */
export function ownAlert(value: unknown, source: string): Alert | null {
  if (!isRecord(value)) return null;
  const { dedupKey, action, severity, title, body, labels, links, sourceAt, expiresAt, test, notes } = value;
  if (typeof dedupKey !== "string" || typeof action !== "string") return null;
  return {
    dedupKey: dedupKey.toWellFormed(),
    // Both are words of a list: clamp.ts looks them up.
    action: action as Alert["action"],
    severity: severity as Alert["severity"],
    title: textOf(title).replaceAll(/[\r\n\0]+/g, " "),
    body: textOf(body),
    labels: Object.fromEntries(
      Object.entries(isRecord(labels) ? labels : {}).flatMap(([key, label]) =>
        typeof label === "string" || typeof label === "number" || typeof label === "boolean" ? [[key, String(label)]] : [],
      ),
    ),
    links: listOf(links).flatMap(linkOf),
    source,
    sourceAt: typeof sourceAt === "number" ? sourceAt : null,
    test: test === true,
    ...(typeof expiresAt === "number" ? { expiresAt } : {}),
    ...(Array.isArray(notes) ? { notes: notes.filter((note) => typeof note === "string") } : {}),
  };
}

function linkOf(value: unknown): Link[] {
  if (!isRecord(value) || typeof value["href"] !== "string") return [];
  const text = textOf(value["text"]).slice(0, 200);
  return [{ href: value["href"].toWellFormed(), text: text === "" ? "Source" : text }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
