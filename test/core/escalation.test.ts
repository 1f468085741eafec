// Nights, told as the phones tell them. Any line not written here fails the test.

import { describe, expect, test } from "vitest";
import { decision, minute, night, person, policy, roster, start, user } from "./story.ts";

const team = roster([person("ana"), person("bo"), person("eva"), person("cto")], { fallback: [user("cto")] });
const ladder = policy([
  [[user("ana")], 8],
  [[user("bo"), user("eva")], 10],
]);

describe("escalation", () => {
  test("low urgency does not rest on a page of unknown outcome: the next level is asked", () => {
    const low = decision(ladder, { urgency: "low" });
    const people = roster([person("ana"), person("bo", { contacts: [{ id: "push", via: "push", to: "bo" }] })]);
    const once = { ...people.notifiers["sms"]!, idempotent: false, copyCap: 1 };
    const n = night({ ...people, notifiers: { ...people.notifiers, sms: once } }, low);
    n.provider("sms", { status: "unknown", reason: "the answer was lost" });
    n.alert("trigger");
    n.pass(5);
    expect(n.told()).toEqual(["03:00:00 sms ana unknown", "03:00:00 step-empty", "03:00:00 push bo"]);
  });

  test("pages the second step when nobody acknowledges in 8 minutes, and says when everybody was paged", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:08:00 sms bo", "03:08:00 sms eva", "03:18:00 exhausted"]);
  });

  test("an acknowledgment stops everything, also the person's own later rules", () => {
    const slow = person("ana", {
      notify: {
        high: [
          { afterMs: 0, contact: "sms" },
          { afterMs: 3 * minute, contact: "sms" },
        ],
        low: [],
      },
    });
    const n = night(
      roster([slow, person("bo")]),
      decision(
        policy([
          [[user("ana")], 8],
          [[user("bo")], 8],
        ]),
      ),
    );
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "ack" });
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:01:00 acknowledged"]);
  });

  test("N repeats are N + 1 passes, from the step the policy names, after its wait", () => {
    const n = night(
      team,
      decision(
        policy(
          [
            [[user("ana")], 1],
            [[user("bo")], 2],
          ],
          { repeat: { times: 2, from: 1, waitMs: 30_000 }, onExhausted: [user("cto")] },
        ),
      ),
    );
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:01:00 sms bo",
      "03:03:30 repeat",
      "03:03:30 sms bo",
      "03:06:00 repeat",
      "03:06:00 sms bo",
      "03:08:00 exhausted",
      "03:08:00 sms cto",
    ]);
  });

  test("a step that reaches nobody takes no time and is written down", () => {
    const n = night(
      roster([person("ana", { contacts: [] }), person("bo", { active: false }), person("eva")]),
      decision(
        policy([
          [[user("ana")], 8],
          [[user("bo")], 8],
          [[user("eva")], 8],
        ]),
      ),
    );
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 step-empty", "03:00:00 step-empty", "03:00:00 sms eva"]);
  });

  test("whom the fallback or the end of a policy pages is whom the incident names as paged", () => {
    const gone = [person("ana", { contacts: [] }), person("bo"), person("cto")];
    const fallen = night(roster(gone, { fallback: [user("cto")] }), decision(policy([[[user("ana")], 8]])));
    fallen.alert("trigger");
    expect(fallen.state().episode?.assignees).toEqual(["cto"]);
    const ended = night(
      roster(gone, { fallback: [user("cto")] }),
      decision(policy([[[user("ana")], 8]], { onExhausted: [user("bo")] })),
    );
    ended.alert("trigger");
    expect(ended.state().episode?.assignees).toContain("bo");
  });

  test("nobody reachable anywhere: the tenant's fallback, and again every minute until somebody is", () => {
    const gone = [person("ana", { contacts: [] }), person("cto", { contacts: [] })];
    const n = night(roster(gone, { fallback: [user("cto")] }), decision(policy([[[user("ana")], 8]])));
    n.alert("trigger");
    n.pass(3);
    expect(n.told()).toEqual(["03:00:00 step-empty", "03:00:00 exhausted", "03:00:00 coverage-gap"]);
    n.configure(roster([person("ana", { contacts: [] }), person("cto")], { version: 2, fallback: [user("cto")] }));
    n.pass(5);
    expect(n.told()).toEqual(["03:04:00 fallback", "03:04:00 sms cto"]);
    expect(n.state().episode?.ladder).toMatchObject({ phase: "exhausted", dueAt: null });
  });

  test("every contact of a step fails for good: the next step at once", () => {
    const n = night(
      roster([person("ana", { contacts: [{ id: "push", via: "push", to: "x" }] }), person("bo")]),
      decision(
        policy([
          [[user("ana")], 8],
          [[user("bo")], 8],
        ]),
      ),
    );
    n.provider("push", { status: "failed", reason: "410" });
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 push ana failed", "03:00:00 send-failed", "03:00:00 step-empty", "03:00:00 sms bo"]);
  });

  test("one contact fails for good: the person's next one at once, not at its own time", () => {
    const ana = person("ana", {
      contacts: [
        { id: "push", via: "push", to: "x" },
        { id: "sms", via: "sms", to: "x" },
      ],
      notify: {
        high: [
          { afterMs: 0, contact: "push" },
          { afterMs: 3 * minute, contact: "sms" },
        ],
        low: [],
      },
    });
    const n = night(roster([ana]), decision(policy([[[user("ana")], 8]])));
    n.provider("push", { status: "failed", reason: "410" });
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 push ana failed", "03:00:00 send-failed", "03:00:00 sms ana"]);
  });

  test("a failure worth a retry does not stop the clock", () => {
    const n = night(
      roster([person("ana"), person("bo", { contacts: [{ id: "push", via: "push", to: "x" }] })]),
      decision(
        policy([
          [[user("ana")], 1],
          [[user("bo")], 10],
        ]),
      ),
    );
    n.provider("sms", { status: "retry", reason: "503", afterMs: 40_000 });
    n.alert("trigger");
    n.pass(1.5);
    expect(n.told()).toEqual(["03:00:00 sms ana retry", "03:00:40 sms ana retry", "03:01:00 push bo", "03:01:20 sms ana retry"]);
  });

  test("two hours of downtime page one level, not three", () => {
    const n = night(
      team,
      decision(
        policy([
          [[user("ana")], 5],
          [[user("bo")], 5],
          [[user("eva")], 5],
        ]),
      ),
    );
    n.alert("trigger");
    n.sleep(120);
    n.pass(6);
    expect(n.told()).toEqual(["03:00:00 sms ana", "05:00:00 sms bo", "05:05:00 sms eva"]);
  });

  test("low urgency pages step 1 by the low rules and stays there, unless the policy says otherwise", () => {
    const ana = person("ana", {
      contacts: [
        { id: "push", via: "push", to: "x" },
        { id: "sms", via: "sms", to: "x" },
      ],
      notify: { high: [{ afterMs: 0, contact: "sms" }], low: [{ afterMs: 0, contact: "push" }] },
    });
    const people = roster([ana, person("bo")]);
    const two = [
      [[user("ana")], 5],
      [[user("bo")], 5],
    ] as const;
    const calm = night(people, decision(policy(two.map(([who, m]) => [[...who], m])), { urgency: "low", ackTimeoutMs: null }));
    calm.alert("trigger");
    calm.pass(60);
    expect(calm.told()).toEqual(["03:00:00 push ana"]);
    const loud = night(
      people,
      decision(
        policy(
          two.map(([who, m]) => [[...who], m]),
          { lowUrgency: "escalate" },
        ),
        { urgency: "low", ackTimeoutMs: null },
      ),
    );
    loud.alert("trigger");
    loud.pass(6);
    expect(loud.told()).toEqual(["03:00:00 push ana", "03:05:00 sms bo"]);
  });

  test("acknowledged and not resolved: the acknowledger and that level's people again, then upward; at most five times", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.pass(8);
    n.act("cto", { kind: "ack" });
    n.told();
    n.pass(41);
    expect(n.told()).toEqual([
      "03:38:00 ack-timeout",
      "03:38:00 sms bo",
      "03:38:00 sms eva",
      "03:38:00 sms cto",
      "03:48:00 exhausted",
    ]);
    for (let i = 0; i < 4; i++) {
      n.act("ana", { kind: "ack" });
      n.pass(31);
    }
    expect(n.told().filter((line) => line.endsWith("ack-timeout")).length).toBe(4);
    n.act("ana", { kind: "ack" });
    n.told();
    n.pass(600);
    expect(n.told()).toEqual([]);
  });

  test("an acknowledgment that lay somewhere is for the wave its person saw, not for one that began since", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.act("bo", { kind: "ack" });
    n.act("bo", { kind: "unack", undo: false });
    expect(n.act("ana", { kind: "ack", epoch: 0 })).toMatchObject({ kind: "refused", code: "stale", status: "triggered" });
    expect(n.act("ana", { kind: "ack", epoch: 1 })).toMatchObject({ kind: "done", by: "ana" });
  });

  test("a mistaken acknowledgment is undone without a new wave: same step, same time", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.pass(2);
    n.act("ana", { kind: "ack" });
    n.pass(0.4);
    expect(n.act("ana", { kind: "unack", undo: true })).toMatchObject({ kind: "done", status: "triggered" });
    n.pass(10);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:02:00 acknowledged",
      "03:02:24 unacknowledged",
      "03:08:00 sms bo",
      "03:08:00 sms eva",
    ]);
    n.act("bo", { kind: "ack" });
    n.pass(1);
    expect(n.act("bo", { kind: "unack", undo: true })).toMatchObject({ kind: "refused", code: "stale" });
  });

  test("a severity that rises while somebody has it pages again, the one who has it too", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger", { severity: "warning" });
    n.act("cto", { kind: "ack" });
    n.told();
    n.pass(5);
    n.alert("trigger", { severity: "critical" });
    expect(n.told()).toEqual(["03:05:00 severity", "03:05:00 unacknowledged", "03:05:00 sms ana", "03:05:00 sms cto"]);
    expect(n.state().episode).toMatchObject({ status: "triggered", severity: "P1", epoch: 1 });
    n.alert("trigger", { severity: "info" });
    expect(n.state().episode?.severity).toBe("P1");
  });

  test("a snooze ends by paging whoever had it", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.act("eva", { kind: "snooze", until: n.state().episode!.openedAt + 30 * minute });
    n.told();
    n.pass(31);
    expect(n.told()).toEqual(["03:30:00 snooze-ended", "03:30:00 sms ana", "03:30:00 sms eva"]);
  });

  test("assigned by hand: that person, and back to the policy after ten minutes without an answer", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "reassign", to: { user: "cto" } });
    n.pass(11);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:01:00 reassigned",
      "03:01:00 sms cto",
      "03:11:00 direct-timeout",
      "03:11:00 sms ana",
    ]);
  });

  test("escalate now pages the next level, and a page older than the level cannot press it", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    const seenAt = n.state().episode!.ladder.enteredAt;
    n.pass(2);
    n.act("ana", { kind: "escalate", seenAt });
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:02:00 escalated", "03:02:00 sms bo", "03:02:00 sms eva"]);
    expect(n.act("ana", { kind: "escalate", seenAt })).toMatchObject({ kind: "refused", code: "stale" });
  });

  test("the same phone named by two levels within a minute rings once", () => {
    const n = night(
      roster([person("ana", { contacts: [] }), person("bo")]),
      decision(
        policy([
          [[user("bo")], 0.5],
          [[user("bo")], 5],
        ]),
      ),
    );
    n.alert("trigger");
    n.pass(1);
    // The second level says why its page is not one.
    expect(n.told()).toEqual(["03:00:00 sms bo", "03:00:30 paged-already"]);
  });

  test("low urgency whose only contact goes before its rule is due moves on, as when it fails", () => {
    const later = person("ana", { notify: { high: [], low: [{ afterMs: 5 * minute, contact: "sms" }] } });
    const two = policy([
      [[user("ana")], 5],
      [[user("bo")], 5],
    ]);
    const n = night(roster([later, person("bo")]), decision(two, { urgency: "low", ackTimeoutMs: null }));
    n.alert("trigger");
    n.configure(roster([{ ...later, contacts: [] }, person("bo")], { version: 2 }));
    n.pass(60);
    expect(n.told()).toEqual(["03:05:00 send-failed", "03:05:00 step-empty", "03:05:00 sms bo"]);
  });

  test("a level paged again while its first page is still tried is out of reach once that one has failed for good", () => {
    const two = policy([
      [[user("ana")], 5, { retry: { times: 1, everyMs: 30_000 } }],
      [[user("bo", "push")], 5],
    ]);
    const people = roster([person("ana"), person("bo", { contacts: [{ id: "push", via: "push", to: "bo" }] })]);
    const n = night(people, decision(two, { urgency: "low", ackTimeoutMs: null }));
    n.provider("sms", { status: "retry", reason: "HTTP 503", afterMs: 45_000 });
    n.alert("trigger");
    n.pass(0.6);
    expect(n.told()).toEqual(["03:00:00 sms ana retry", "03:00:30 step-retry", "03:00:30 paged-already"]);
    n.provider("sms", { status: "failed", reason: "no such number" });
    n.pass(60);
    expect(n.told()).toEqual(["03:00:45 sms ana failed", "03:00:45 send-failed", "03:00:45 step-empty", "03:00:45 push bo"]);
  });
});

describe("what a source says", () => {
  test("a resolve dated in the future does not silence the firings after it", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger", { sourceAt: start });
    n.alert("resolve", { sourceAt: start + 24 * 60 * minute });
    n.pass(10);
    n.alert("trigger", { sourceAt: start + 10 * minute });
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 resolved", "03:10:00 sms ana"]);
  });

  test("a recurrence soon after the resolve is the same incident, later it is a new one", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger");
    const first = n.state().episode!.id;
    n.alert("resolve");
    n.pass(4);
    n.alert("trigger");
    expect(n.state().episode).toMatchObject({ id: first, epoch: 1, status: "triggered" });
    n.alert("resolve");
    n.pass(6);
    n.alert("trigger");
    expect(n.state().episode!.id).not.toBe(first);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:00:00 resolved",
      "03:04:00 reopened",
      "03:04:00 sms ana",
      "03:04:00 resolved",
      "03:10:00 sms ana",
    ]);
  });

  test("out of order is judged only against the source's own last word", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger", { sourceAt: 1_000 });
    n.alert("resolve", { sourceAt: 5_000 });
    n.told();
    n.alert("trigger", { sourceAt: 2_000 });
    expect(n.told()).toEqual(["03:00:00 stale"]);
    expect(n.state().episode?.status).toBe("resolved");
    n.alert("trigger", { sourceAt: 6_000 });
    expect(n.told()).toEqual(["03:00:00 reopened", "03:00:00 sms ana"]);
    n.act("ana", { kind: "resolve", reason: null });
    n.pass(1);
    n.told();
    // The same firing repeated: the source still says so, whatever a person did.
    n.alert("trigger", { sourceAt: 6_000 });
    expect(n.told()).toEqual(["03:01:00 reopened", "03:01:00 sms ana"]);
  });

  test("a late resolve of the firing before does not close the present one", () => {
    const n = night(team, decision(ladder));
    n.alert("trigger", { sourceAt: 10_000 });
    n.told();
    n.alert("resolve", { sourceAt: 9_000 });
    expect(n.told()).toEqual(["03:00:00 stale"]);
    expect(n.state().episode?.status).toBe("triggered");
  });

  test("suppressed and held alerts are incidents that page nobody", () => {
    const quiet = night(team, decision(ladder, { suppress: "route noise" }));
    quiet.alert("trigger");
    quiet.pass(60);
    expect(quiet.told()).toEqual(["03:00:00 suppressed"]);
    quiet.act("ana", { kind: "escalate", seenAt: null });
    expect(quiet.told()).toEqual(["04:00:00 promoted", "04:00:00 sms ana"]);
    const held = night(team, decision(ladder, { holdMs: 2 * minute }));
    held.alert("trigger");
    held.pass(1);
    held.alert("resolve");
    held.pass(5);
    expect(held.told()).toEqual(["03:00:00 held", "03:01:00 resolved"]);
    const lasting = night(team, decision(ladder, { holdMs: 2 * minute }));
    lasting.alert("trigger");
    lasting.pass(3);
    expect(lasting.told()).toEqual(["03:00:00 held", "03:02:00 promoted", "03:02:00 sms ana"]);
  });

  test("an incident of several alerts closes with its last one, or its first, or by hand", () => {
    for (const [resolveOn, after] of [
      ["all", ["triggered", "resolved"]],
      ["any", ["resolved", "resolved"]],
      ["manual", ["triggered", "triggered"]],
    ] as const) {
      const n = night(team, decision(ladder, { resolveOn }));
      n.alert("trigger", { dedupKey: "a" });
      n.alert("trigger", { dedupKey: "b" });
      n.alert("resolve", { dedupKey: "a" });
      const first = n.state().episode?.status;
      n.alert("resolve", { dedupKey: "b" });
      expect([first, n.state().episode?.status]).toEqual(after);
    }
  });

  test("a resolve or acknowledgment of nothing is counted, never an error", () => {
    const n = night(team, decision(ladder));
    expect(n.alert("resolve")).toMatchObject({ results: [{ incident: null, action: "orphan" }] });
    expect(n.alert("acknowledge")).toMatchObject({ results: [{ incident: null, action: "orphan" }] });
    expect(n.state().orphans?.count).toBe(2);
  });

  test("auto-resolve closes what nobody heard of any more", () => {
    const n = night(team, decision(ladder, { autoResolveMs: 60 * minute }));
    n.alert("trigger");
    n.pass(61);
    expect(n.told().at(-1)).toBe("04:00:00 auto-resolved");
  });
});
