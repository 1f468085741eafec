// A resolve that was a mistake, taken back within 30 s: as if it had not been. No new wave, and no page that was due is lost.

import { describe, expect, test } from "vitest";
import type { Command } from "../../worker/core/event.ts";
import type { IncidentState } from "../../worker/core/incident.ts";
import { stateOf, type State } from "../../worker/core/moves.ts";
import type { SlaTerms } from "../../worker/core/sla.ts";
import { nextWake } from "../../worker/core/wake.ts";
import { decision, minute, night, person, policy, roster, start, user, type Night } from "./story.ts";

const people = roster([person("ana"), person("bo"), person("eva"), person("cto")]);
const ladder = policy([
  [[user("ana")], 5],
  [[user("bo"), user("eva")], 10],
]);
const resolve: Command = { kind: "resolve", reason: null };
const undo: Command = { kind: "reopen", undo: true };
const later = 0.4;

function opened(more: Parameters<typeof decision>[1] = {}, who = people): Night {
  const n = night(who, decision(ladder, more));
  n.alert("trigger");
  return n;
}

/** Everything that says where it stands; the record and what remembers commands are not among it. */
function standing({ episode, deliveries, alerts }: IncidentState): unknown {
  const { seq: _seq, updatedAt: _updated, undo: _undo, commands: _commands, ...rest } = episode!;
  return {
    ...rest,
    acks: rest.acks ?? [],
    deliveries: Object.values(deliveries).map(({ seq: _of, ...each }) => each),
    alerts: Object.values(alerts),
  };
}

const before: Readonly<Record<Exclude<State, "resolved" | "merged">, () => Night>> = {
  triggered: () => opened(),
  acknowledged: () => {
    const n = opened();
    n.act("bo", { kind: "ack" });
    return n;
  },
  snoozed: () => {
    const n = opened();
    n.act("bo", { kind: "snooze", until: start + 60 * minute });
    return n;
  },
  held: () => opened({ holdMs: 20 * minute }),
  suppressed: () => opened({ suppress: "route noise" }),
};

describe.each(Object.keys(before) as (keyof typeof before)[])("resolved by mistake while %s", (state) => {
  test("stands exactly where it stood, under the same id, and would wake at the same time", () => {
    const n = before[state]();
    n.pass(2);
    const was = n.state();
    expect(n.act("ana", resolve)).toMatchObject({ kind: "done", status: "resolved" });
    expect(nextWake(n.state())).toBeNull();
    n.pass(later);
    n.told();
    expect(n.act("ana", undo)).toMatchObject({ kind: "done", already: false, incident: was.episode!.id });
    expect(stateOf(n.state().episode!)).toBe(state);
    expect(standing(n.state())).toEqual(standing(was));
    expect(nextWake(n.state())).toBe(nextWake(was));
    expect(n.told()).toEqual(["03:02:24 reopened"]);
  });
});

describe("a resolve taken back", () => {
  test("the ladder goes on at its time, and nobody is paged a second time", () => {
    const n = opened();
    n.pass(2);
    n.act("bo", resolve);
    n.pass(later);
    n.act("bo", undo);
    n.pass(20);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:02:00 resolved",
      "03:02:24 reopened",
      "03:05:00 sms bo",
      "03:05:00 sms eva",
      "03:15:00 exhausted",
    ]);
    expect(n.written("reopened")).toEqual([{ undo: true }]);
  });

  test("a level whose time came meanwhile is paged at once, and the one after it has its whole time", () => {
    const n = opened();
    n.pass(4.9);
    n.act("bo", resolve);
    n.pass(later);
    n.act("bo", undo);
    n.pass(20);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:04:54 resolved",
      "03:05:18 reopened",
      "03:05:18 sms bo",
      "03:05:18 sms eva",
      "03:15:18 exhausted",
    ]);
  });

  test("a page that waited for its next try goes on trying", () => {
    const n = night(people, decision(ladder));
    n.provider("sms", { status: "retry", reason: "busy", afterMs: 60_000 });
    n.alert("trigger");
    const [page] = Object.keys(n.state().deliveries);
    n.pass(0.2);
    n.act("bo", resolve);
    expect(n.state().deliveries[page!]).toMatchObject({ status: "cancelled", nextAt: null });
    n.pass(later);
    n.told();
    n.provider("sms", { status: "accepted", ref: null });
    n.act("bo", undo);
    n.pass(1);
    expect(n.told()).toEqual(["03:00:36 reopened", "03:01:00 sms ana"]);
  });

  test("a page whose answer came while it was over counts as what it was", () => {
    const n = night(people, decision(ladder));
    n.provider("sms", null);
    n.alert("trigger");
    const [page] = Object.values(n.state().deliveries);
    n.act("bo", resolve);
    n.result(page!.id, 1, { status: "failed", reason: "no such number" });
    n.pass(later);
    n.provider("sms", { status: "accepted", ref: null });
    n.act("bo", undo);
    // Ana cannot be reached at all: her level gives way at once, as it would have.
    expect(n.told()).toEqual([
      "03:00:00 sms ana silence",
      "03:00:00 resolved",
      "03:00:24 reopened",
      "03:00:24 step-empty",
      "03:00:24 sms bo",
      "03:00:24 sms eva",
    ]);
  });

  test("a person's own rule that fell due meanwhile pages once, at once", () => {
    const ana = person("ana", {
      contacts: [
        { id: "sms", via: "sms", to: "ana" },
        { id: "voice", via: "voice", to: "ana" },
      ],
      notify: {
        high: [
          { afterMs: 0, contact: "sms" },
          { afterMs: 2 * minute, contact: "voice" },
          { afterMs: 3 * minute, contact: "sms" },
        ],
        low: [],
      },
    });
    const n = opened({}, roster([ana, person("bo"), person("eva")]));
    n.pass(1.9);
    n.act("bo", resolve);
    n.pass(later);
    n.act("bo", undo);
    n.pass(1);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:01:54 resolved",
      "03:02:18 reopened",
      "03:02:18 voice ana",
      "03:03:00 sms ana",
    ]);
  });

  test("an acknowledgment and the way back from it are there again", () => {
    const n = opened();
    n.act("ana", { kind: "ack" });
    n.pass(0.1);
    n.act("ana", resolve);
    n.pass(0.1);
    n.act("ana", undo);
    expect(n.state().episode).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana", undo: { until: start + 30_000 } });
    expect(n.act("ana", { kind: "unack", undo: true })).toMatchObject({ status: "triggered" });
    n.pass(5);
    expect(n.told().slice(-2)).toEqual(["03:05:00 sms bo", "03:05:00 sms eva"]);
  });

  test("policies beside and acknowledgments of some are there again", () => {
    const two = policy([[[user("ana"), user("bo")], 5, { acksRequired: 2 }]]);
    const n = night(
      people,
      decision(two, {
        also: [
          policy(
            [
              [[user("cto")], 3],
              [[user("eva")], 3],
            ],
            { id: "q" },
          ),
        ],
      }),
    );
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.act("ana", resolve);
    n.pass(later);
    n.act("ana", undo);
    expect(n.state().episode).toMatchObject({ status: "triggered", acks: ["ana"], beside: [{ phase: "step" }] });
    n.told();
    n.pass(3);
    expect(n.told()).toEqual(["03:03:00 sms eva"]);
  });

  test("a flapping incident goes on waiting", () => {
    const flapping = { reopens: 1, withinMs: 30 * minute, steadyMs: 4 * minute };
    const n = opened({ flapping });
    for (let i = 0; i < 3; i++) {
      n.alert("resolve");
      n.pass(1);
      n.alert("trigger");
    }
    expect(n.state().episode).toMatchObject({ status: "held", flapping: { holding: true } });
    const was = n.state();
    n.act("ana", resolve);
    n.pass(later);
    n.act("ana", undo);
    expect(standing(n.state())).toEqual(standing(was));
  });

  test("can be resolved and taken back again and again", () => {
    const n = opened();
    for (let i = 0; i < 3; i++) {
      n.act("ana", resolve);
      n.pass(0.1);
      expect(n.act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
    }
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale" });
  });
});

describe("a resolve that stays", () => {
  function resolved(): Night {
    const n = opened();
    n.act("ana", resolve);
    return n;
  }

  test("after 30 s: re-opening pages from step 1", () => {
    const n = resolved();
    n.pass(0.6);
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale", message: expect.stringContaining("re-open it") });
    n.told();
    expect(n.act("ana", { kind: "reopen" })).toMatchObject({ kind: "done", status: "triggered" });
    expect(n.told()).toEqual(["03:00:36 reopened", "03:00:36 sms ana"]);
  });

  test("is somebody else's to take back", () => {
    const n = resolved();
    expect(n.act("bo", undo)).toMatchObject({ kind: "refused", message: expect.stringContaining("only ana") });
    expect(n.act("ana", undo)).toMatchObject({ kind: "done" });
  });

  test("was the source's own, or time's", () => {
    const n = opened({ autoResolveMs: 5 * minute });
    n.alert("resolve");
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale" });
    n.alert("trigger");
    n.pass(5);
    expect(n.state().episode).toMatchObject({ status: "resolved" });
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale" });
  });

  test("the source says meanwhile that it is over: it stays resolved, and says why", () => {
    const n = resolved();
    n.pass(0.1);
    n.alert("resolve");
    const reply = n.act("ana", undo);
    expect(reply).toMatchObject({ kind: "refused", code: "stale", message: expect.stringContaining("its source has said") });
    expect(n.state().episode).toMatchObject({ status: "resolved", resolvedBy: { id: "ana" } });
    expect(n.written("alert-resolved")).toHaveLength(1);
  });

  test("of a group, while another of its alerts fires, it can be taken back; resolveOn decides as ever", () => {
    const both = (resolveOn: "all" | "any" | "manual"): Night => {
      const n = opened({ resolveOn });
      n.alert("trigger", { dedupKey: "other" });
      n.act("ana", resolve);
      n.alert("resolve", { dedupKey: "other" });
      return n;
    };
    expect(both("all").act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
    expect(both("any").act("ana", undo)).toMatchObject({ kind: "refused", code: "stale" });
    const manual = both("manual");
    manual.alert("resolve");
    expect(manual.act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
    const all = both("all");
    all.alert("resolve");
    expect(all.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale" });
  });

  test("fires again meanwhile: it is open already, and there is nothing to take back", () => {
    const n = resolved();
    n.pass(0.1);
    n.alert("trigger");
    expect(n.state().episode).toMatchObject({ status: "triggered", epoch: 1 });
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", code: "stale", message: expect.stringContaining("triggered") });
    n.pass(1);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 resolved", "03:00:06 reopened", "03:00:06 sms ana"]);
  });

  test("fires again as a new incident where nothing re-opens: the old link says so", () => {
    const n = opened({ reopenWindowMs: 0 });
    const old = n.state().episode!.id;
    n.act("ana", resolve);
    n.pass(0.1);
    n.alert("trigger");
    expect(n.state().episode!.id).not.toBe(old);
    expect(n.state().episode).toMatchObject({ status: "triggered", undo: null });
  });
});

describe("what hangs on it", () => {
  const gold: SlaTerms = {
    id: "gold",
    name: "Gold",
    severities: ["P1", "P2", "P3", "P4"],
    respondMs: 10 * minute,
    resolveMs: 20 * minute,
    hours: "always",
    pauseIn: ["snoozed"],
    warn: [],
  };

  test("service level clocks run on as if they had never stopped", () => {
    const n = opened({ slas: [gold] });
    n.pass(4);
    const clocks = n.state().episode!.sla!.clocks;
    n.act("ana", resolve);
    expect(n.state().episode!.sla!.clocks).toMatchObject([{ met: true }, { met: true }]);
    n.pass(later);
    n.act("ana", undo);
    expect(n.state().episode!.sla!.clocks).toEqual(clocks);
    n.told();
    n.pass(6);
    expect(n.told().filter((line) => line.includes("sla"))).toEqual(["03:10:00 sla-breached"]);
  });

  test("a clock that stood still stands still", () => {
    const n = opened({ slas: [gold] });
    n.pass(1);
    n.act("ana", { kind: "snooze", until: start + 60 * minute });
    n.pass(4);
    const was = n.state().episode!.sla;
    n.act("ana", resolve);
    n.pass(later);
    n.act("ana", undo);
    expect(n.state().episode!.sla).toEqual(was);
  });

  test("a clock that ran out in the seconds of the mistake is missed at its time", () => {
    const n = opened({ slas: [gold] });
    n.pass(9.9);
    n.act("ana", resolve);
    n.pass(later);
    n.act("ana", undo);
    n.pass(1);
    expect(n.written("sla-breached")).toMatchObject([{ sla: "gold", kind: "respond", deadline: start + 10 * minute }]);
  });

  test("connectors are told of the end, and then that it was none", () => {
    const desk = {
      id: "desk",
      plugin: "desk",
      on: ["resolved", "reopened"] as const,
      idempotent: true,
      copyCap: 1,
      config: {},
      secrets: {},
      when: null,
      limitMs: 10_000,
    };
    const n = night(roster([person("ana"), person("bo"), person("eva")], { connectors: { desk } }), decision(ladder));
    n.alert("trigger");
    n.act("ana", resolve);
    n.pass(0.1);
    n.act("ana", undo);
    expect(n.told().filter((line) => line.includes("desk"))).toEqual(["03:00:00 desk resolved", "03:00:06 desk reopened"]);
    const posts = Object.values(n.state().posts).map(({ content }) => [content.incident.status, content.event.data["undo"]]);
    expect(posts).toEqual([
      ["resolved", undefined],
      ["triggered", true],
    ]);
  });

  test("a merged child stays with its target, whatever becomes of the target", () => {
    const n = opened();
    const child = `inc_0000000000${"1".repeat(26)}`;
    const row = Object.values(n.state().alerts)[0]!;
    const { seq: _seq, episode: _episode, seen: _seen, ...told } = row;
    n.act("bo", { kind: "absorb", child, title: "t", severity: "P3", alerts: [{ ...told, key: "am\u0000x", dedupKey: "x" }] });
    n.act("ana", resolve);
    // The child's alert ends through its target; the target's own still fires.
    n.alert("resolve", { dedupKey: "x" });
    n.pass(0.1);
    expect(n.act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
    expect(n.state().episode).toMatchObject({ absorbed: [child] });
    n.act("ana", resolve);
    expect(n.act("bo", { kind: "release", child })).toMatchObject({ kind: "done" });
    expect(n.act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
    expect(n.state().episode).toMatchObject({ absorbed: [] });
  });
});
