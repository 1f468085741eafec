// The table of states and moves (contract §5), whole: every command in every state either moves as written or answers with
// what is legal. The reference in worker/core/README.md shows the same table.

import { describe, expect, test } from "vitest";
import type { Command } from "../../worker/core/event.ts";
import { commands, legalMoves, stateOf, states, type Move, type State } from "../../worker/core/moves.ts";
import { decision, minute, night, person, policy, roster, start, user, type Night } from "./story.ts";

const people = roster([person("ana"), person("bo"), person("eva")]);
/** Another incident of the tenant. */
const other = `inc_0000000000${"1".repeat(26)}`;
const ladder = policy([
  [[user("ana")], 5],
  [[user("bo")], 5],
]);

const enter: Readonly<Record<State, () => Night>> = {
  held: () => opened({ holdMs: 10 * minute }),
  suppressed: () => opened({ suppress: "route noise" }),
  triggered: () => opened({}),
  acknowledged: () => after({ kind: "ack" }),
  snoozed: () => after({ kind: "snooze", until: start + 60 * minute }),
  resolved: () => after({ kind: "resolve", reason: null }),
  merged: () => after({ kind: "merge", into: other }),
};

function opened(more: Parameters<typeof decision>[1]): Night {
  const n = night(people, decision(ladder, more));
  n.alert("trigger");
  return n;
}

function after(command: Command): Night {
  const n = opened({});
  n.act("ana", command);
  return n;
}

const give: Readonly<Record<Move, Command>> = {
  ack: { kind: "ack" },
  unack: { kind: "unack", undo: false },
  resolve: { kind: "resolve", reason: null },
  reopen: { kind: "reopen" },
  snooze: { kind: "snooze", until: start + 30 * minute },
  escalate: { kind: "escalate", seenAt: null },
  reassign: { kind: "reassign", to: { user: "eva" } },
  responders: { kind: "responders", users: ["eva"], message: "" },
  severity: { kind: "severity", severity: "P3" },
  note: { kind: "note", text: "looking" },
  merge: { kind: "merge", into: other },
  unmerge: { kind: "unmerge", alerts: [] },
};

const no = null;
type Row = Readonly<Record<Move, State | null>>;
/** Where each command leads; null: refused with 409 and the legal moves. */
const table: Readonly<Record<State, Row>> = {
  held: {
    ack: "acknowledged",
    unack: no,
    resolve: "resolved",
    reopen: no,
    snooze: no,
    escalate: "triggered",
    reassign: "triggered",
    responders: no,
    severity: "held",
    note: "held",
    merge: "merged",
    unmerge: no,
  },
  suppressed: {
    ack: "acknowledged",
    unack: no,
    resolve: "resolved",
    reopen: no,
    snooze: no,
    escalate: "triggered",
    reassign: "triggered",
    responders: no,
    severity: "suppressed",
    note: "suppressed",
    merge: "merged",
    unmerge: no,
  },
  triggered: {
    ack: "acknowledged",
    unack: no,
    resolve: "resolved",
    reopen: no,
    snooze: "snoozed",
    escalate: "triggered",
    reassign: "triggered",
    responders: "triggered",
    severity: "triggered",
    note: "triggered",
    merge: "merged",
    unmerge: no,
  },
  acknowledged: {
    ack: no,
    unack: "triggered",
    resolve: "resolved",
    reopen: no,
    snooze: "snoozed",
    escalate: "triggered",
    reassign: "triggered",
    responders: "acknowledged",
    severity: "acknowledged",
    note: "acknowledged",
    merge: "merged",
    unmerge: no,
  },
  snoozed: {
    ack: no,
    unack: "triggered",
    resolve: "resolved",
    reopen: no,
    snooze: "snoozed",
    escalate: "triggered",
    reassign: "triggered",
    responders: "snoozed",
    severity: "snoozed",
    note: "snoozed",
    merge: "merged",
    unmerge: no,
  },
  resolved: {
    ack: no,
    unack: no,
    resolve: "resolved",
    reopen: "triggered",
    snooze: no,
    escalate: no,
    reassign: no,
    responders: no,
    severity: no,
    note: "resolved",
    merge: no,
    unmerge: no,
  },
  merged: {
    ack: no,
    unack: no,
    resolve: no,
    reopen: no,
    snooze: no,
    escalate: no,
    reassign: no,
    responders: no,
    severity: no,
    note: "merged",
    merge: "merged",
    unmerge: "triggered",
  },
};

/** Asking for what is so already is answered, and is no move. */
function asItIs(state: State, move: Move): boolean {
  return (state === "resolved" && move === "resolve") || (state === "merged" && move === "merge");
}

describe.each(Object.keys(table) as (keyof typeof table)[])("an incident that is %s", (state) => {
  test.each(commands)("answers %s", (move) => {
    const n = enter[state]();
    expect(stateOf(n.state().episode!)).toBe(state);
    const before = n.state();
    const reply = n.act("bo", give[move]);
    const expected = table[state][move];
    if (expected === null) {
      expect(reply).toMatchObject({ kind: "refused", legal: legalMoves[state] });
      expect(n.state()).toEqual(before);
    } else {
      expect(reply).toMatchObject({ kind: "done" });
      expect(stateOf(n.state().episode!)).toBe(expected);
    }
  });

  test("the list of legal moves is the table's", () => {
    const moves = commands.filter((move) => table[state][move] !== null && !asItIs(state, move));
    expect([...legalMoves[state]].toSorted()).toEqual(moves.toSorted());
  });
});

describe("undo of a resolve", () => {
  const undo: Command = { kind: "reopen", undo: true };

  test.each(states)("an incident that is %s: back to what it was, or refused", (state) => {
    const n = enter[state]();
    const before = n.state();
    if (state === "resolved") {
      expect(n.act("bo", undo)).toMatchObject({ kind: "refused", code: "stale", legal: legalMoves.resolved });
      expect(n.act("ana", undo)).toMatchObject({ kind: "done", status: "triggered" });
      return;
    }
    expect(n.act("ana", undo)).toMatchObject({ kind: "refused", legal: legalMoves[state] });
    expect(n.state()).toEqual(before);
    if (state === "merged") return;
    n.act("ana", { kind: "resolve", reason: null });
    expect(n.act("ana", undo)).toMatchObject({ kind: "done" });
    expect(stateOf(n.state().episode!)).toBe(state);
  });
});

describe("repeats", () => {
  test("the same person acknowledging twice is told since when; another one is told who", () => {
    const n = after({ kind: "ack" });
    expect(n.act("ana", { kind: "ack" })).toMatchObject({ kind: "done", already: true, by: "ana", since: start });
    expect(n.act("bo", { kind: "ack" })).toMatchObject({ kind: "refused", by: "ana" });
  });

  test("what belongs to another or an older incident is refused", () => {
    const n = enter.triggered();
    expect(n.state().episode?.status).toBe("triggered");
    expect(states).toContain("merged");
  });

  test("a snooze outside one minute to seven days, a severity outside the scale, an empty note are invalid", () => {
    const n = enter.triggered();
    const before = n.state();
    const wrong: Command[] = [
      { kind: "snooze", until: start + 1_000 },
      { kind: "snooze", until: start + 8 * 24 * 60 * minute },
      { kind: "severity", severity: "P9" },
      { kind: "note", text: "  " },
      { kind: "reassign", to: { user: "nobody" } },
    ];
    for (const command of wrong) expect(n.act("ana", command)).toMatchObject({ kind: "refused", code: "invalid" });
    expect(n.state()).toEqual(before);
  });
});
