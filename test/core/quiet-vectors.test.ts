// Cases of other products about inhibition, silences, grouping, deduplication and rates: those whose choices are ours must pass,
// the others are named with the reason. Every case is one or the other.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { alertIdentity } from "../../worker/core/ids.ts";
import { isOn } from "../../worker/core/mute.ts";
import { take, type Window } from "../../worker/core/rate.ts";
import { decide } from "../../worker/core/routing.ts";
import type { Route } from "../../worker/core/snapshot.ts";
import { endSilence } from "../../worker/tenant/by-hand.ts";
import { silenceOf } from "../../worker/tenant/compile-quiet.ts";
import { alertOf, integration, route, snapshotOf } from "./snapshot-of.ts";
import { shared } from "./vectors.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- cases of many kinds, each read by the function that knows its kind
type Json = any;
interface Case {
  readonly id: string;
  readonly kind: string;
  readonly input: Json;
  readonly expect: Json;
}

const now = Date.UTC(2026, 2, 1, 12);
const minute = 60_000;
const text = (value: string): string => JSON.stringify(value);

function matcher({ label, op, value }: { label: string; op: string; value: string }): string {
  const left = `alert.labels[${text(label)}]`;
  const pattern = text(`^(?:${value})$`);
  return (
    {
      "=": `${left} == ${text(value)}`,
      "!=": `${left} != ${text(value)}`,
      "=~": `${left}.matches(${pattern})`,
      "!~": `!${left}.matches(${pattern})`,
    }[op] ?? "false"
  );
}

const all = (match: Record<string, string> = {}, op = "="): string[] =>
  Object.entries(match).map(([label, value]) => matcher({ label, op, value }));

/** By both sides of the rules, as the gate compares them. */
function inhibited({ rules, active_alerts, labels }: Json): boolean {
  const routes = rules.map((rule: Json, i: number): Route =>
    route(`r${i}`, [...all(rule.target_match), ...all(rule.target_not_match, "!=")].join(" && ") || "true", {
      continue: true,
      inhibitedBy: {
        when: all(rule.source_match).join(" && ") || "true",
        equal: (rule.equal ?? []).map((label: string) => `alert.labels[${text(label)}]`),
      },
    }),
  );
  const at = { snapshot: snapshotOf(routes), integration };
  const target = decide(alertOf(labels), at, now).inhibitedBy ?? [];
  const sources = active_alerts.flatMap((each: Json) => decide(alertOf(each), at, now).inhibits ?? []);
  return target.some((one) =>
    sources.some((other: Json) => other.rule === one.rule && other.key === one.key && !(one.both && other.both)),
  );
}

function silence(starts: number, ends: number) {
  return {
    id: "s",
    when: "true",
    from: new Date(now + starts * 1_000).toISOString(),
    until: new Date(now + ends * 1_000).toISOString(),
    remind: null,
    reason: "",
  };
}

const stateOf = (words: ReturnType<typeof silence>, at: number): string => {
  const compiled = silenceOf(words, "UTC");
  if (isOn(compiled, at)) return "active";
  return (compiled.from ?? 0) > at ? "pending" : "expired";
};

const asks: Readonly<Record<string, (input: Json, expected: Json) => void>> = {
  "inhibit.mutes": (input, expected) => expect(inhibited(input)).toBe(expected.inhibited),
  "silence.matches": (input, expected) => {
    const when = input.matcher_sets.map((set: Json[]) => `(${set.map(matcher).join(" && ")})`).join(" || ");
    const silences = [{ id: "s", when, from: null, until: now + minute, owner: null, remindMs: null, reason: "" }];
    const { mutes } = decide(alertOf(input.labels), { snapshot: snapshotOf([], { silences }), integration }, now);
    expect((mutes ?? []).length === 1).toBe(expected.matches);
  },
  "silence.state": (input, expected) => expect(stateOf(silence(input.starts, input.ends), now)).toBe(expected.state),
  "silence.expire": (input, expected) => {
    const words = silence(input.starts, input.ends);
    const ended = endSilence(words, "UTC", now);
    expect(stateOf(ended.ok ? (ended.next as typeof words) : words, now)).toBe(expected.state_after);
  },
  "grouping.key": (input, expected) => {
    const by = (input.group_by as string[]).map((label) => `alert.labels[${text(label)}]`);
    const routes = [route("g", "true", { group: { by, windowMs: minute, kind: "fixed" } })];
    const { groupKey } = decide(alertOf(input.labels), { snapshot: snapshotOf(routes), integration }, now);
    expect(JSON.parse(groupKey ?? "null")).toEqual(input.group_by.map((label: string) => expected.key[label] ?? ""));
  },
  "dedup.alerts": ({ open_alerts, events }, expected) => {
    const seen = new Map<string, Json>();
    for (const each of [...open_alerts, ...events]) {
      const { hash } = alertIdentity("acme", null, each.service, each.dedup_key ?? each.summary);
      if (!seen.has(hash)) seen.set(hash, { service: each.service, summary: each.summary });
    }
    const found = [...seen.values()].map((each) => JSON.stringify(each)).toSorted();
    expect(found).toEqual(expected.alerts.map(({ service, summary }: Json) => JSON.stringify({ service, summary })).toSorted());
  },
  "throttle.next": ({ rules, sent_min }, expected) => {
    const rate = { count: rules[0].count, withinMs: rules[0].per_min * minute };
    let window: Window | null = null;
    for (const at of sent_min as number[]) window = take(rate, window, 1, now + at * minute).window;
    const next: number[] = [];
    for (let at = 0; next.length < expected.next_min.length && at < 1_000; at++) {
      const taken = take(rate, window, 1, now + at * minute);
      window = taken.window;
      if (taken.granted > 0) next.push(at);
    }
    expect(next).toEqual(expected.next_min);
  },
};

const notOurs: Readonly<Record<string, string>> = {
  "silence.can_update": "silences are objects with an ETag: any part of one may be changed, the timeline says what it did",
  "silence.validate": "conditions are CEL, checked when they are saved (test/tenant, test/worker/maintenance.test.ts)",
  "grouping.route": "routes are a list, not a tree; first match and continue are tested in routing.test.ts",
  "grouping.groups": "the same: a tree of routes with its own receivers",
  "grouping.timeline": "no batches of notifications by intervals: a person is paged at once, bundling is per person",
  "dedup.needs_update": "the same: no repeated notification of a whole group",
  "throttle.now": "several windows at once, smoothed: a rate here is one window",
};
const notOursById: Readonly<Record<string, string>> = {
  "am.group.labels.specific-all": 'a group names its values; there is no "all of them"',
  "goalert.throttle.burst": "two windows at once",
  "goalert.throttle.smooth-burst": "a smoothed window",
};

const files = [
  "inhibit-alertmanager",
  "silence-alertmanager",
  "grouping-alertmanager",
  "grouping-goalert",
  "escalation-throttle-goalert",
];

describe.each(files)("%s", (file) => {
  const path = shared(`vectors/${file}.json`);
  const cases = path === null ? [] : (JSON.parse(readFileSync(path, "utf8")) as Case[]);

  test.skipIf(path === null)("every case is ours, or is said why not", () => {
    const undecided = cases.filter((each) => !asks[each.kind] && notOurs[each.kind] === undefined);
    expect(undecided.map((each) => each.id)).toEqual([]);
    const left = cases.filter((each) => notOurs[each.kind] !== undefined || notOursById[each.id] !== undefined);
    console.log(`${file}: ${cases.length - left.length} adopted, ${left.length} not`);
  });

  const ours = cases.filter((each) => notOurs[each.kind] === undefined && notOursById[each.id] === undefined);
  test.skipIf(path === null).each(ours)("$id", ({ kind, input, expect: expected }) => {
    expect.hasAssertions();
    asks[kind]?.(input, expected);
  });
});
