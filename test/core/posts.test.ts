// What connectors are told, beside what phones get: order, retries, a dead receiver, an end that does not cut them off.

import { describe, expect, test } from "vitest";
import { nextWake } from "../../worker/core/wake.ts";
import { forecast } from "../../worker/core/forecast.ts";
import { isWaiting } from "../../worker/core/posts.ts";
import type { Roster } from "../../worker/core/roster.ts";
import type { Connector } from "../../worker/core/snapshot.ts";
import { decision, minute, night, person, policy, roster, start, user, type Night } from "./story.ts";

function connector(id: string, on: readonly string[], more: Partial<Connector> = {}): Connector {
  return { id, plugin: id, config: {}, secrets: {}, on, when: null, limitMs: 10_000, idempotent: true, copyCap: 1, ...more };
}

const people = [person("ana"), person("bo"), person("cto")];
const ladder = policy([
  [[user("ana")], 8],
  [[user("bo")], 10],
]);

function team(...connectors: Connector[]): Roster {
  return roster(people, {
    fallback: [user("cto")],
    connectors: Object.fromEntries(connectors.map((each) => [each.id, each])),
  });
}

/** Only what phones got. */
function phones(n: Night): string[] {
  return n.told().filter((line) => / sms /.test(line));
}

describe("a connector", () => {
  test("hears what it asked for, in the moment it happens, after the page has its place", () => {
    const n = night(team(connector("hook", ["opened", "escalated", "acknowledged", "resolved"])), decision(ladder));
    n.alert("trigger");
    n.pass(9);
    n.act("bo", { kind: "ack" });
    n.act("bo", { kind: "note", text: "looking" });
    n.alert("resolve");
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:00:00 hook opened",
      "03:08:00 sms bo",
      "03:08:00 hook escalated",
      "03:09:00 acknowledged",
      "03:09:00 hook acknowledged",
      "03:09:00 resolved",
      "03:09:00 hook resolved",
    ]);
    expect(nextWake(n.state())).toBeNull();
  });

  test("hears of a level asked for by hand once, with who asked", () => {
    const n = night(team(connector("hook", ["escalated"])), decision(ladder));
    n.alert("trigger");
    n.act("eva", { kind: "escalate", seenAt: null });
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 escalated", "03:00:00 sms bo", "03:00:00 hook escalated"]);
    const [post] = Object.values(n.state().posts);
    expect(post?.content).toMatchObject({
      type: "incident.escalated",
      event: { kind: "escalated", actor: { type: "user", id: "eva" } },
      incident: { status: "triggered", step: 2, assignees: ["bo"] },
      service: { id: "svc", name: "Svc", runbook: null },
    });
  });

  test("with a condition hears only of incidents that it holds for; one that cannot be asked holds nothing back", () => {
    const n = night(
      team(
        connector("p1", ["opened"], { when: 'incident.severity == "P1"' }),
        connector("p2", ["opened"], { when: 'incident.severity == "P2"' }),
        connector("broken", ["opened"], { when: "num(incident.title) > 3.0" }),
      ),
      decision(ladder),
    );
    n.alert("trigger");
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 p1 opened", "03:00:00 broken opened"]);
  });

  test("hears of suppressed and held incidents, and of nobody being reachable", () => {
    const silent = night(team(connector("hook", ["*"])), decision(ladder, { suppress: "route noise" }));
    silent.alert("trigger");
    expect(silent.told()).toEqual(["03:00:00 suppressed", "03:00:00 hook opened", "03:00:00 hook suppressed"]);
    const gap = night(
      roster([person("ana", { contacts: [] })], { connectors: { hook: connector("hook", ["coverage-gap", "exhausted"]) } }),
      decision(policy([[[user("ana")], 8]])),
    );
    gap.alert("trigger");
    expect(gap.told()).toContain("03:00:00 hook coverage-gap");
  });

  test("is frozen at the time of the event: a late post tells of then", () => {
    const n = night(team(connector("hook", ["acknowledged"])), decision(ladder));
    n.provider("hook", { status: "retry", reason: "HTTP 503", afterMs: null });
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "resolve", reason: null });
    const [post] = Object.values(n.state().posts);
    expect(post?.content.incident).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana", resolvedAt: null });
  });
});

describe("a receiver that is away", () => {
  const away = { status: "retry", reason: "HTTP 503", afterMs: null } as const;

  test("is tried again, longer and longer apart, and then hears everything in order", () => {
    const n = night(team(connector("hook", ["opened", "acknowledged", "resolved"])), decision(ladder));
    n.provider("hook", away);
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "ack" });
    n.alert("resolve");
    n.pass(30);
    const told = n.told();
    expect(told.filter((line) => line.includes("hook")).every((line) => line.endsWith("hook opened retry"))).toBe(true);
    expect(told.filter((line) => line.includes("hook")).length).toBeLessThan(12);
    n.provider("hook", { status: "accepted", ref: null });
    n.pass(15);
    expect(n.told().map((line) => line.slice(9))).toEqual(["hook opened", "hook acknowledged", "hook resolved"]);
  });

  test("is asked when it said to be", () => {
    const n = night(team(connector("hook", ["opened"])), decision(ladder));
    n.provider("hook", { status: "retry", reason: "HTTP 429", afterMs: 90_000 });
    n.alert("trigger");
    n.provider("hook", { status: "accepted", ref: null });
    n.pass(2);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 hook opened retry", "03:01:30 hook opened"]);
  });

  test("for a day is given up, said on the record, and the next event is due", () => {
    const n = night(team(connector("hook", ["opened", "resolved"])), decision(ladder));
    n.provider("hook", away);
    n.alert("trigger");
    n.act("ana", { kind: "resolve", reason: null });
    n.pass(60 * 24 + 16);
    const posts = Object.values(n.state().posts).toSorted((a, b) => a.content.event.seq - b.content.event.seq);
    expect(posts.map((post) => [post.content.type, post.status])).toEqual([
      ["incident.opened", "expired"],
      ["incident.resolved", "expired"],
    ]);
    expect(nextWake(n.state())).toBeNull();
  });

  test("for good is not tried again, and holds back nothing that comes after", () => {
    const n = night(team(connector("hook", ["opened", "resolved"])), decision(ladder));
    n.provider("hook", { status: "failed", reason: "HTTP 410" });
    n.alert("trigger");
    n.act("ana", { kind: "resolve", reason: null });
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:00:00 hook opened failed",
      "03:00:00 resolved",
      "03:00:00 hook resolved failed",
    ]);
  });

  test("that never answers costs no page a moment, whatever it is told", () => {
    const dead = connector("dead", ["*"]);
    const act = (n: Night): string[] => {
      n.provider("dead", null);
      n.alert("trigger");
      n.pass(9);
      n.act("bo", { kind: "ack" });
      n.act("bo", { kind: "unack", undo: false });
      n.pass(20);
      n.act("ana", { kind: "responders", users: ["ana", "bo", "cto"], message: "help" });
      return phones(n);
    };
    expect(act(night(team(dead), decision(ladder)))).toEqual(act(night(team(), decision(ladder))));
  });

  test("that never answers does not keep another connector waiting for long", () => {
    const n = night(team(connector("dead", ["opened"]), connector("hook", ["opened"])), decision(ladder));
    n.provider("dead", null);
    n.alert("trigger");
    n.pass(1);
    expect(n.told().filter((line) => line.includes("hook"))).toEqual(["03:00:15 hook opened"]);
  });

  test("whose answers are lost hears no more copies than its cap where it does not drop repeats", () => {
    const n = night(team(connector("hook", ["opened", "resolved"], { idempotent: false, copyCap: 1 })), decision(ladder));
    n.provider("hook", { status: "unknown", reason: "the connection was lost" });
    n.alert("trigger");
    n.act("ana", { kind: "resolve", reason: null });
    n.pass(60);
    expect(n.told().filter((line) => line.includes("hook"))).toEqual([
      "03:00:00 hook opened unknown",
      "03:00:00 hook resolved unknown",
    ]);
  });
});

describe("an incident", () => {
  test("that closes finishes its posts before it sleeps, also when a new one has opened in its place", () => {
    const n = night(team(connector("hook", ["opened", "resolved"])), decision(ladder));
    n.provider("hook", { status: "retry", reason: "HTTP 503", afterMs: null });
    n.alert("trigger");
    const first = n.state().episode?.id;
    n.act("ana", { kind: "resolve", reason: null });
    expect(nextWake(n.state())).not.toBeNull();
    n.pass(10);
    n.alert("trigger");
    expect(n.state().episode?.id).not.toBe(first);
    n.provider("hook", { status: "accepted", ref: null });
    n.told();
    n.pass(15);
    const lines = n.told().filter((line) => line.includes("hook"));
    expect(lines.map((line) => line.slice(9))).toEqual(["hook opened", "hook resolved", "hook opened"]);
    expect(Object.values(n.state().posts).some(isWaiting)).toBe(false);
  });

  test("does not count a connector as somebody reached", () => {
    const n = night(
      roster([person("ana", { contacts: [] })], { connectors: { hook: connector("hook", ["*"]) } }),
      decision(policy([[[user("ana")], 8]])),
    );
    n.alert("trigger");
    expect(n.state().episode?.ladder.phase).toBe("uncovered");
  });

  test("has no post in its plan, and its plan is the same with connectors as without", () => {
    const plain = night(team(), decision(ladder));
    const posted = night(team(connector("hook", ["*"])), decision(ladder));
    posted.provider("hook", null);
    for (const n of [plain, posted]) n.alert("trigger");
    expect(forecast(posted.state(), start + minute)).toEqual(forecast(plain.state(), start + minute));
  });

  test("whose receiver is away through a storm of events keeps a bound, and says what it did not tell", () => {
    const n = night(team(connector("hook", ["note"])), decision(ladder));
    n.provider("hook", null);
    n.alert("trigger");
    for (let i = 0; i < 310; i++) n.act("ana", { kind: "note", text: `note ${i}` });
    const posts = Object.values(n.state().posts);
    expect(posts.filter(isWaiting).length).toBe(300);
    expect(posts.filter((post) => post.status === "failed").length).toBe(10);
  });
});
