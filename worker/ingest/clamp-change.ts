// Owns the last look at the changes that a plugin returned: as clamp.ts for alerts. What is no change is left out; nothing depends on it.

import { Buffer } from "node:buffer";
import { boundedKey } from "../../plugins/sdk/index.ts";
import type { Change } from "../core/change.ts";
import { limits } from "../core/limits.ts";
import { clampAlert } from "./clamp.ts";

const bound = limits.changes;

export function clampChanges(returned: readonly Change[], source: string): readonly Change[] {
  return returned.slice(0, bound.perBodyMax).flatMap((each) => clamped(each, source) ?? []);
}

function clamped(change: Change, source: string): Change | null {
  if (typeof change.summary !== "string" || change.summary.trim() === "") return null;
  const { dedupKey, service } = change;
  // Labels and links are an alert's, in the same limits.
  const alert = clampAlert({
    dedupKey: "change",
    action: "ignore",
    severity: "info",
    title: "",
    body: change.body,
    labels: change.labels,
    links: change.links,
    source,
    sourceAt: change.sourceAt,
    test: false,
  });
  if (alert === null) return null;
  return {
    dedupKey: dedupKey === null ? null : boundedKey(dedupKey, limits.alert.dedupKeyCharsMax),
    summary: cut(change.summary.toWellFormed().trim(), bound.summaryCharsMax),
    body: cut(alert.body, bound.bodyCharsMax),
    labels: Object.fromEntries(fitting(Object.entries(alert.labels).slice(0, bound.labelsMax))),
    links: fitting(alert.links),
    source,
    service: service === null ? null : service.slice(0, 64),
    sourceAt: alert.sourceAt,
  };
}

/** Those that have room, in order. */
function fitting<T>(items: readonly T[]): readonly T[] {
  let left = bound.partBytesMax;
  return items.filter((item) => {
    const bytes = Buffer.byteLength(JSON.stringify(item));
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
