// A rehearsal is what then happens: the same alert rehearsed, and lived through on a simulated object on a calm night.

import { expect, test } from "vitest";
import type { Event, PickEffect } from "../../worker/core/event.ts";
import type { Delivery } from "../../worker/core/incident.ts";
import { rehearse, turnsFrom } from "../../worker/core/rehearse.ts";
import { step } from "../../worker/core/step.ts";
import { nextWake } from "../../worker/core/wake.ts";
import { virtualClock } from "../sim/clock.ts";
import { machine, type World } from "../sim/machine.ts";
import { chanceOf, type Chance } from "../sim/prng.ts";
import { fakeProvider } from "../sim/provider.ts";
import { channels, drawDecision, drawPolicy, drawPresent, drawQuiet, drawRoster } from "../sim/settings.ts";

const dayMs = 86_400_000;

/** Nothing goes wrong and nothing takes time: two pages of one contact just a minute apart are one or two by a millisecond. */
const calm: Chance = {
  next: () => 0.999,
  hit: () => false,
  int: () => 0,
  pick: (list) => {
    const [head] = list;
    if (head === undefined) throw new Error("pick from an empty list");
    return head;
  },
};

const first = { take: ({ members }: PickEffect) => members[0] ?? null, asked: () => false };

/** Everyone paged, in seconds after the alert. */
type Lines = readonly string[];

function both(seed: number): { readonly rehearsed: Lines; readonly lived: Lines } {
  const chance = chanceOf(seed);
  const clock = virtualClock();
  const at = clock.now();
  const { threshold, mutes } = drawQuiet(chance, at);
  // An alert is decided by the configuration it is paged by: what mutes it is there, and as long as it said.
  const same: Chance = { ...chance, hit: (probability) => probability >= 0.5 };
  const roster = { ...drawRoster(chance, 1, chance.hit(0.3), at), ...drawPresent(same, mutes, at) };
  const decision = { ...drawDecision(chance, drawPolicy(chance)), threshold, mutes };
  const identity = { tenant: "acme", jurisdiction: null, hash: "0".repeat(26) };
  const alert = {
    dedupKey: "k",
    action: "trigger" as const,
    severity: "critical" as const,
    title: "Down",
    body: "",
    labels: {},
    links: [],
    source: "prometheus",
    sourceAt: null,
    test: chance.hit(0.05),
  };
  const alerts = [{ alert, integration: "am", deliveryId: null, actor: null }];
  const line = (when: number, user: string | null, contact: string | null, why: string): string =>
    `${Math.round((when - at) / 1_000)} s ${user} by ${contact}: ${why}`;
  const plan = rehearse({ identity, receptions: [{ alerts, decision, roster }], turns: first, itemsMax: 10_000 }, at);
  const rehearsed = plan.items
    .filter((item) => item.kind === "page")
    .map((item) => line(item.at, item.user, item.contact, item.reason));

  const pages = new Map<string, Delivery>();
  const world: World = {
    clock,
    chance: calm,
    program: { step, nextWake, asksBeforeSend: true },
    providers: Object.fromEntries(channels.map((c) => [c.id, fakeProvider(c.id, c.idempotent, c.copyCap)])),
    observer: {
      committed: (_machine, _before, _event, result) => {
        for (const delivery of Object.values(result.state.deliveries)) pages.set(delivery.id, delivery);
      },
      requestStarts: () => undefined,
      log: () => undefined,
    },
    faults: { crash: 0, lateAlarm: 0, lateAnswer: 0 },
    d1Up: true,
    roster: () => roster,
    // What mutes it stays open: the plan takes that for granted.
    inhibited: () => ({ i: true }),
  };
  const event: Event = { type: "receive", alerts, decision, roster };
  machine(identity, world).handle(event);
  clock.runUntil(2 * dayMs);
  const lived = [...pages.values()].map((d) => line(d.dueAt, d.user, d.contact, d.page.reason.text));
  return { rehearsed: rehearsed.toSorted(), lived: lived.toSorted() };
}

test("over 250 drawn policies and rosters, whom it says it would page is whom it pages, when, how and why", () => {
  let pages = 0;
  for (let seed = 1; seed <= 250; seed++) {
    const { rehearsed, lived } = both(seed);
    expect(rehearsed, `seed ${seed}`).toEqual(lived);
    pages += lived.length;
  }
  expect(pages).toBeGreaterThan(2_000);
});

test("turns go on from where they stood, one for each question, and only inside the rehearsal", () => {
  const standing = [{ pointer: "p/0/leads", member: "ana", n: 3 }];
  const turns = turnsFrom(standing);
  const pick = (turn: string, key = "p/0/leads") =>
    turns.take({ ladder: 0, team: "leads", key, turn, members: ["ana", "bo", "eva"] });
  expect(turns.asked()).toBe(false);
  expect([pick("i1"), pick("i1"), pick("i2"), pick("i3"), pick("i4")]).toEqual(["bo", "bo", "eva", "ana", "bo"]);
  expect(pick("i1", "p/1/leads")).toBe("ana");
  expect(turns.asked()).toBe(true);
  expect(standing).toEqual([{ pointer: "p/0/leads", member: "ana", n: 3 }]);
});
