// The shared cases of other products about escalation, those whose choices are ours, through step() itself. Says how many
// passed, by file, and what was not adopted and why; one that fails fails the test.

import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { onCallAt, type Schedule } from "../../worker/core/oncall/schedule.ts";
import { recipientsOf } from "../../worker/core/people.ts";
import type { Person, Policy, Step, Target } from "../../worker/core/snapshot.ts";
import { adopted, notAdopted, notOurKinds } from "./oncall/adopted-tags.ts";
import { NotOurs, scheduleOf, type Json } from "./oncall/vector-schedule.ts";
import { decision, minute, night, person, policy, roster, start } from "./story.ts";
import { shared } from "./vectors.ts";

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly policy: readonly string[];
  readonly input: Json;
  readonly expect: Json;
}

const schema = shared("vectors/SCHEMA.md");

/** What the case expects and what came instead; null: as expected. */
type Ask = (input: Json, expected: Json) => string | null;

const asks: Readonly<Record<string, Ask>> = {
  "escalation.timeline": timeline,
  "escalation.nobody": nobody,
  "escalation.resolve_target": target,
  "escalation.on_call_steps": onCallSteps,
};

function differs(what: string, is: unknown, should: unknown): string | null {
  const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
  return a === b ? null : `${what} is ${a}, expected ${b}`;
}

function peopleOf(users: Json): Person[] {
  return Object.entries(users as Record<string, { delay_min: number; channel: string }[]>).map(([id, rules]) => {
    const channels = [...new Set(rules.map((rule) => rule.channel))];
    const notify = rules.map((rule) => ({ afterMs: rule.delay_min * minute, contact: rule.channel }));
    return person(id, {
      contacts: channels.map((channel) => ({ id: channel, via: channel, to: id })),
      notify: { high: notify, low: notify },
    });
  });
}

function policyFrom(input: Json): Policy {
  const steps = (input.steps as Json[]).map((step): Step => {
    const named = (step.targets ?? (step.on_call as string[]).map((user) => ({ user }))) as { user: string }[];
    return {
      notify: named.map(({ user }) => ({ kind: "user", user, contact: null })),
      escalateAfterMs: step.delay_min * minute,
      ...(step.multi_ack ? { acksRequired: "all" as const } : {}),
    };
  });
  return { ...policy([]), steps, repeat: { times: input.repeat === -1 ? 20 : input.repeat, from: 0, waitMs: 0 } };
}

/** Every page as "minute user channel", sorted within a minute. */
function play(input: Json): { readonly pages: string[]; readonly status: string | undefined } {
  const users =
    input.users ??
    Object.fromEntries(
      (input.policy.steps as Json[]).flatMap((step) =>
        (step.on_call ?? []).map((user: string) => [user, [{ delay_min: 0, channel: "sms" }]]),
      ),
    );
  const people = peopleOf(users);
  const channel = (id: string) => ({
    id,
    plugin: id,
    config: {},
    secrets: {},
    fallback: null,
    limitMs: 10_000,
    idempotent: true,
    copyCap: 1,
  });
  const channels = people.flatMap((each) => each.contacts.map((contact) => contact.via));
  const team = roster(people, { notifiers: Object.fromEntries(channels.map((id) => [id, channel(id)])) });
  const urgency = input.urgency === "low" ? "low" : "high";
  const n = night(team, decision(policyFrom(input.policy), { ackTimeoutMs: null, urgency }));
  let now = 0;
  for (const event of input.events as Json[]) {
    // Until a tick nothing ran: the object was dead.
    if (event.type === "tick") n.sleep(event.at_min - now);
    else n.pass(event.at_min - now);
    now = event.at_min;
    if (event.type === "alert") {
      n.alert("trigger");
      // Born acknowledged: nobody had been told yet.
      if (event.status === "acknowledged") {
        n.act("sender", { kind: "ack" });
        n.told();
      }
    } else if (event.type === "ack") n.act(event.user ?? "somebody", { kind: "ack" });
    else if (event.type === "unack") n.act("somebody", { kind: "unack", undo: false });
    else if (event.type === "escalate") n.act("somebody", { kind: "escalate", seenAt: null });
    else if (event.type === "tick") n.pass(0);
    else throw new Error(`an event we do not play: ${event.type}`);
  }
  n.pass(Math.max(0, (input.until_min ?? now) - now));
  const clock = (line: string): number => (Date.parse(`2026-11-24T${line.slice(0, 8)}Z`) - start) / minute;
  const pages = n.told().flatMap((line) => {
    const [, via = "", who = ""] = line.split(" ");
    return channels.includes(via) ? [`${clock(line)} ${who} ${via}`] : [];
  });
  return { pages: pages.toSorted(), status: n.state().episode?.status };
}

function timeline(input: Json, expected: Json): string | null {
  const { pages } = play(input);
  const should = (expected.notifications as Json[]).map((each) => `${each.at_min} ${each.user} ${each.channel}`).toSorted();
  if (expected.complete === true) return differs("pages", pages, should);
  const missing = should.filter((line) => !pages.includes(line));
  return missing.length === 0 ? null : `missing ${missing.join(", ")} in ${pages.join(", ")}`;
}

function nobody(input: Json, expected: Json): string | null {
  const { pages, status } = play(input);
  if (expected.created === true && status === undefined) return "no incident was kept";
  const first = expected.first_notification;
  if (first) {
    const should = (first.users as string[]).map((user) => `${first.at_min} ${user} sms`).toSorted();
    return differs("first pages", pages.slice(0, should.length), should);
  }
  if (!expected.notifications) return null;
  const should = (expected.notifications as Json[]).map((each) => `${each.at_min} ${each.user} sms`).toSorted();
  return differs("pages", pages, should);
}

function target(input: Json, expected: Json): string | null {
  const at = input.at === undefined ? start : Date.parse(input.at);
  const given = input.target as { user?: string; team?: string; schedule?: string; only_lead?: boolean };
  if (given.only_lead === true) throw new NotOurs("a team's lead alone: name the person");
  const schedules = Object.fromEntries(
    Object.entries((input.schedules ?? {}) as Record<string, Json>).map(([id, each]) => [id, { ...scheduleOf(each), id }]),
  );
  const teams = Object.fromEntries(
    Object.entries((input.teams ?? {}) as Record<string, Json>).map(([id, each]) => [
      id,
      { id, name: id, members: each.members_with_team_notifications as string[], managers: [] },
    ]),
  );
  const named: Target | null =
    given.user !== undefined
      ? { kind: "user", user: given.user, contact: null }
      : given.team !== undefined
        ? { kind: "team", team: given.team }
        : given.schedule !== undefined
          ? { kind: "schedule", schedule: given.schedule, who: "current" }
          : null;
  const should = (expected.users ?? expected.users_include) as string[];
  const everybody = [...new Set([...Object.values(teams).flatMap((team) => team.members), ...should])];
  const people = roster(
    everybody.map((id) => person(id)),
    { teams, schedules },
  );
  const found = recipientsOf(named === null ? [] : [named], people, { now: at, owner: null, choose: () => undefined });
  return differs("users", found.recipients.map((each) => each.person.id).toSorted(), should.toSorted());
}

function onCallSteps(input: Json, expected: Json): string | null {
  const at = Date.parse(input.at);
  const found: string[] = [];
  for (const each of input.policies as Json[]) {
    (each.steps as Json[]).forEach((step, n) => {
      const users = (step.targets as Json[]).flatMap((one): readonly string[] => {
        if (one.user !== undefined) return [one.user as string];
        const schedule: Schedule = scheduleOf(
          one.schedule ?? {
            timezone: one.rotation.timezone ?? "UTC",
            combine: "union",
            layers: [{ id: "r", rotation: one.rotation }],
          },
        );
        return onCallAt(schedule, at).users;
      });
      for (const service of each.services as string[])
        for (const user of new Set(users)) found.push(`${service} ${each.id} ${n} ${user}`);
    });
  }
  const should = (expected.on_call as Json[]).map((each) => `${each.service} ${each.policy} ${each.step} ${each.user}`);
  return differs("on call", found.toSorted(), should.toSorted());
}

test.skipIf(schema === null)("the shared cases about escalation", () => {
  const folder = dirname(schema ?? "");
  const failures: string[] = [];
  const undecided = new Set<string>();
  const rows: string[] = [];
  const reasons = new Map<string, number>();
  for (const file of readdirSync(folder).filter((name) => /^escalation-.*\.json$/.test(name) && !name.includes("holdout"))) {
    const counts = { passed: 0, left: 0, failed: 0 };
    for (const each of JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Case[]) {
      if (!/^(escalation|ack\.timeout)/.test(each.kind)) continue;
      const other = each.policy.find((tag) => !(tag in adopted));
      const ask = asks[each.kind];
      if (other !== undefined || !ask) {
        const why =
          other === undefined
            ? `${each.kind}: ${notOurKinds[each.kind] ?? "NOT DECIDED"}`
            : `${other}: ${notAdopted[other] ?? "NOT DECIDED"}`;
        if (why.includes("NOT DECIDED")) undecided.add(why);
        reasons.set(why, (reasons.get(why) ?? 0) + 1);
        counts.left++;
        continue;
      }
      let found: string | null;
      try {
        found = ask(each.input, each.expect);
      } catch (error) {
        if (!(error instanceof NotOurs)) throw error;
        reasons.set(`not in our model: ${error.message}`, 1);
        counts.left++;
        continue;
      }
      if (found === null) counts.passed++;
      else {
        counts.failed++;
        failures.push(`${each.id} [${each.policy.join(" ")}] ${found}`);
      }
    }
    rows.push(`${file.padEnd(40)} ${counts.passed} passed, ${counts.left} not adopted, ${counts.failed} failed`);
  }
  const why = [...reasons].toSorted(([, a], [, b]) => b - a).map(([reason, n]) => `${String(n).padStart(4)} × ${reason}`);
  console.log([...rows, "not adopted:", ...why, ...failures].join("\n"));
  expect([...undecided]).toEqual([]);
  expect(failures).toEqual([]);
});
