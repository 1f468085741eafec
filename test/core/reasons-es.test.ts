// Every reason the hub writes, said in Spanish from its data: thousands of lines of real nights, of every kind, and what of them
// stays English.

import { expect, test } from "vitest";
import { inSpanish, knownKinds, pageInSpanish, written, type Speech } from "../../admin-ui/src/lib/reasons-es.ts";
import type { TimelineEntry, TimelineKind } from "../../worker/core/incident.ts";
import { recordOf } from "../sim/record.ts";

const say: Speech = {
  person: (id) => `«${id}»`,
  policy: (id) => `«${id}»`,
  team: (id) => `«${id}»`,
  schedule: (id) => `«${id}»`,
  at: (ms) => new Date(ms).toISOString(),
  span: (ms) => `${Math.round(ms / 1_000)} s`,
};

/** Words that no Spanish sentence of ours has; names, senders' and providers' own words are in quotes or after a colon. */
const english =
  /\b(the|and|again|nobody|pages?|paging|step|waits?|until|has|had|with|within|over|after|of|by|is|was|not|already|asked|next)\b/i;

const night: readonly TimelineEntry[] = recordOf(Array.from({ length: 40 }, (_, n) => n + 1));

test("all that a night brings is said in Spanish", () => {
  const left = new Map<string, string>();
  const seen = new Set<string>();
  let lines = 0;
  let untold = 0;
  for (const entry of night) {
    seen.add(entry.kind);
    lines++;
    const words = inSpanish(entry, say);
    if (words === null) {
      untold++;
      left.set(entry.kind, entry.reason);
    }
  }
  console.log(`${lines} lines of ${seen.size} kinds, ${untold} stay English: ${JSON.stringify(Object.fromEntries(left))}`);
  expect(lines).toBeGreaterThan(5_000);
  expect(seen.size).toBeGreaterThan(45);
  expect(Object.fromEntries(left)).toEqual({});
});

test("no kind of the record is forgotten", () => {
  // One that is new does not compile before it stands here.
  const all: Readonly<Record<TimelineKind, true>> = {
    opened: true,
    reopened: true,
    alert: true,
    replayed: true,
    "alert-resolved": true,
    stale: true,
    orphan: true,
    responded: true,
    "rule-failed": true,
    held: true,
    suppressed: true,
    unmuted: true,
    flapping: true,
    promoted: true,
    step: true,
    "step-empty": true,
    "step-skipped": true,
    "step-waits": true,
    "step-retry": true,
    "policy-started": true,
    repeat: true,
    exhausted: true,
    "coverage-gap": true,
    fallback: true,
    "direct-timeout": true,
    paged: true,
    "paged-already": true,
    sent: true,
    bundled: true,
    delivered: true,
    "send-failed": true,
    "send-retry": true,
    "send-unknown": true,
    "send-expired": true,
    acknowledged: true,
    "ack-partial": true,
    unacknowledged: true,
    "ack-timeout": true,
    snoozed: true,
    "snooze-ended": true,
    reassigned: true,
    responders: true,
    escalated: true,
    severity: true,
    urgency: true,
    sla: true,
    "sla-warning": true,
    "sla-breached": true,
    note: true,
    resolved: true,
    "auto-resolved": true,
    merged: true,
    unmerged: true,
    absorbed: true,
    released: true,
    posted: true,
    "post-retry": true,
    "post-failed": true,
    "post-expired": true,
    "post-unknown": true,
    "post-overtaken": true,
  };
  expect(Object.keys(all).filter((kind) => !knownKinds.has(kind))).toEqual([]);
});

test("no sentence of ours is half English", () => {
  // What people, senders and providers wrote stays as they wrote it.
  const theirs = new Set([
    ...written,
    "resolved",
    "alert",
    "alert-resolved",
    "absorbed",
    "step-skipped",
    "send-failed",
    "send-retry",
    "send-unknown",
    "send-expired",
    "sent",
  ]);
  const wrong = new Set<string>();
  for (const entry of night) {
    if (theirs.has(entry.kind) || entry.kind.startsWith("post")) continue;
    const own = (inSpanish(entry, say) ?? "").replaceAll(/«[^»]*»/g, "").replace(/: (?:help|it must be asked).*$/, "");
    if (english.test(own)) wrong.add(`${entry.kind}: ${own}`);
  }
  expect([...wrong].slice(0, 10)).toEqual([]);
});

test("why a person is paged is said from the page's own reason", () => {
  const pages = night.filter((entry) => entry.kind === "paged");
  expect(pages.length).toBeGreaterThan(500);
  for (const { data, reason } of pages) expect(pageInSpanish(data, say), reason).not.toBeNull();
  expect(
    pageInSpanish({ step: 2, round: 2, why: { code: "schedule", schedule: "sre", who: "current", override: "vac" } }, say),
  ).toBe("de guardia en «sre» (sustitución vac), paso 2, vuelta 2");
  expect(pageInSpanish({ step: 1, round: 1 }, say)).toBeNull();
});

test("what an older version wrote, without its data, and kinds to come stay as they are", () => {
  const actor = { type: "system", id: "tocsin" };
  expect(inSpanish({ kind: "promoted", actor, reason: "x", data: {} }, say)).toBeNull();
  expect(inSpanish({ kind: "of-some-day", actor, reason: "x", data: null }, say)).toBeNull();
});
