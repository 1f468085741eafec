// What connectors that write back are told: which alerts, as their senders know them, and never what that sender said itself.

import { describe, expect, test } from "vitest";
import { carried } from "../../worker/core/merge.ts";
import type { PostContent } from "../../worker/core/post.ts";
import type { Roster } from "../../worker/core/roster.ts";
import type { Connector } from "../../worker/core/snapshot.ts";
import { decision, minute, night, person, policy, roster, user, type Night } from "./story.ts";

const ladder = policy([[[user("ana")], 8]]);

function backTo(
  sources: readonly string[],
  more: Partial<Connector> = {},
  integrations: readonly string[] | null = null,
): Connector {
  return {
    id: "back",
    plugin: "back",
    config: {},
    secrets: {},
    on: ["acknowledged", "unacknowledged", "reopened", "resolved"],
    when: null,
    limitMs: 10_000,
    idempotent: true,
    copyCap: 1,
    writesBack: { sources, integrations },
    ...more,
  };
}

function team(connector: Connector): Roster {
  return roster([person("ana")], { connectors: { [connector.id]: connector } });
}

function posts(n: Night): PostContent[] {
  return Object.values(n.state().posts)
    .map(({ content }) => content)
    .toSorted((a, b) => a.event.seq - b.event.seq);
}

/** "acknowledged: a, b!" where b is over. */
function told(n: Night): string[] {
  return posts(n).map(
    ({ type, incident }) =>
      `${type.replace("incident.", "")}: ${incident.alerts.map(({ dedupKey, firing }) => `${dedupKey}${firing ? "" : "!"}`).join(", ")}`,
  );
}

function send(
  n: Night,
  action: "trigger" | "acknowledge" | "resolve",
  key: string,
  integration: string,
  more: object = {},
): void {
  n.alert(action, { dedupKey: key, ...more }, undefined, integration);
}

describe("a connector that writes back", () => {
  test("is told of the alerts as their sender knows them, whoever acknowledges and resolves here", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am", { labels: { event_id: "23" } });
    send(n, "trigger", "b", "am", { labels: { event_id: "24" } });
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "unack", undo: false });
    n.act("ana", { kind: "resolve", reason: null });
    n.act("ana", { kind: "reopen" });
    expect(told(n)).toEqual(["acknowledged: a, b", "unacknowledged: a, b", "resolved: a, b", "reopened: a, b"]);
    expect(posts(n)[0]?.incident.alerts[0]).toEqual({
      integration: "am",
      source: "prometheus",
      dedupKey: "a",
      firing: true,
      labels: { event_id: "23" },
      links: [],
    });
  });

  test("is told the newest that the sender said: a problem that comes back has another event", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am", { labels: { event_id: "23" } });
    send(n, "resolve", "a", "am");
    send(n, "trigger", "a", "am", { labels: { event_id: "31" } });
    n.act("ana", { kind: "ack" });
    expect(posts(n).at(-1)?.incident.alerts).toMatchObject([{ labels: { event_id: "31" } }]);
  });

  test("is not told what its own sender did, and an echo of what was written back makes no event at all", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    send(n, "acknowledge", "a", "am");
    n.act("ana", { kind: "resolve", reason: null });
    send(n, "resolve", "a", "am");
    expect(told(n)).toEqual(["acknowledged: a", "resolved: a"]);
    const other = night(team(backTo(["prometheus"])), decision(ladder));
    send(other, "trigger", "a", "am");
    send(other, "acknowledge", "a", "am");
    send(other, "resolve", "a", "am");
    expect(told(other)).toEqual([]);
  });

  test("is told what another sender of the same incident did, with which of its own are over", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am");
    send(n, "trigger", "b", "am-eu");
    send(n, "resolve", "b", "am-eu");
    send(n, "acknowledge", "b", "am-eu");
    expect(told(n)).toEqual(["acknowledged: a"]);
    n.act("ana", { kind: "resolve", reason: null });
    expect(told(n).at(-1)).toBe("resolved: a, b!");
  });

  test("hears only of incidents with alerts of its sources and, where it names some, of its integrations", () => {
    const other = night(team(backTo(["zabbix"])), decision(ladder));
    send(other, "trigger", "a", "am");
    other.act("ana", { kind: "ack" });
    expect(told(other)).toEqual([]);
    const one = night(team(backTo(["prometheus"], {}, ["am-eu"])), decision(ladder));
    send(one, "trigger", "a", "am");
    send(one, "trigger", "b", "am-eu");
    one.act("ana", { kind: "ack" });
    expect(told(one)).toEqual(["acknowledged: b"]);
  });

  test("more alerts than one post tells of are posts of their own, each alert once", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    for (let i = 0; i < 45; i++) send(n, "trigger", `k${i}`, "am");
    n.act("ana", { kind: "ack" });
    const sizes = posts(n).map(({ incident }) => incident.alerts.length);
    expect(sizes).toEqual([20, 20, 5]);
    const keys = posts(n).flatMap(({ incident }) => incident.alerts.map(({ dedupKey }) => dedupKey));
    expect(new Set(keys).size).toBe(45);
  });

  test("hears whether somebody has the incident, whatever brought that about, and only when it changes", () => {
    const n = night(
      team(backTo(["prometheus"])),
      decision(
        policy([
          [[user("ana")], 8],
          [[user("bo")], 8],
        ]),
      ),
    );
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "snooze", until: n.now() + 10 * minute });
    n.act("ana", { kind: "snooze", until: n.now() + 20 * minute });
    n.pass(21);
    n.act("ana", { kind: "ack" });
    n.act("bo", { kind: "ack" });
    n.act("eva", { kind: "escalate", seenAt: null });
    n.act("ana", { kind: "note", text: "looking" });
    n.pass(5);
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "resolve", reason: null });
    n.act("ana", { kind: "reopen", undo: true });
    expect(told(n)).toEqual([
      "acknowledged: a",
      "unacknowledged: a",
      "acknowledged: a",
      "unacknowledged: a",
      "acknowledged: a",
      "resolved: a",
      "reopened: a",
    ]);
  });

  test("that hears of no re-opening hears that somebody has it again when an end is undone", () => {
    const n = night(team(backTo(["prometheus"], { on: ["acknowledged", "unacknowledged", "resolved"] })), decision(ladder));
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "resolve", reason: null });
    n.act("ana", { kind: "reopen", undo: true });
    expect(told(n)).toEqual(["acknowledged: a", "resolved: a", "acknowledged: a"]);
  });

  test("says when labels were left out, so that nobody takes the rest for all of it", () => {
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am", { labels: { event_id: "23", long: "y".repeat(1_000) } });
    send(n, "trigger", "b", "am", { labels: { event_id: "24" } });
    n.act("ana", { kind: "ack" });
    expect(posts(n)[0]?.incident.alerts).toMatchObject([
      { labels: { event_id: "23" }, cut: true },
      { labels: { event_id: "24" } },
    ]);
    expect(posts(n)[0]?.incident.alerts[1]).not.toHaveProperty("cut");
  });

  test("what is kept of an alert is bounded, and nothing is kept where no connector writes back", () => {
    const huge = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`tag${i}`, "x".repeat(250)]));
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "a", "am", { labels: { event_id: "23", long: "y".repeat(1_000), ...huge } });
    const kept = Object.values(n.state().alerts)[0]?.sender;
    expect(kept?.labels["event_id"]).toBe("23");
    expect(JSON.stringify(kept).length).toBeLessThan(10_000);
    const plain = night(roster([person("ana")], {}), decision(ladder));
    send(plain, "trigger", "a", "am", { labels: { event_id: "23" } });
    expect(Object.values(plain.state().alerts)[0]?.sender).toBeUndefined();
  });
});

describe("states that change faster than they can be written", () => {
  const started = (outcome: Parameters<Night["provider"]>[1]): Night => {
    const n = night(
      team(backTo(["prometheus"], { on: ["acknowledged", "unacknowledged", "resolved", "note"] })),
      decision(ladder),
    );
    n.provider("back", outcome);
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    return n;
  };
  const became = (n: Night): string[] =>
    Object.values(n.state().posts)
      .toSorted((a, b) => a.content.event.seq - b.content.event.seq)
      .map(({ content, status }) => `${content.type.replace("incident.", "")} ${status}`);

  test("only the newest is written; what is on its way is not called back, and a note is not a state", () => {
    const n = started(null);
    n.act("ana", { kind: "unack", undo: false });
    n.act("ana", { kind: "note", text: "looking" });
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "resolve", reason: null });
    expect(became(n)).toEqual([
      "acknowledged sending",
      "unacknowledged cancelled",
      "note pending",
      "acknowledged cancelled",
      "resolved pending",
    ]);
    expect(n.written("post-overtaken")).toMatchObject([
      { of: "unacknowledged", said: "acknowledged" },
      { of: "acknowledged", said: "resolved" },
    ]);
  });

  test("an end that waits is not written once the incident is open again, though the connector hears of no re-opening", () => {
    const n = started({ status: "retry", reason: "HTTP 429", afterMs: 10 * minute });
    n.act("ana", { kind: "resolve", reason: null });
    n.act("ana", { kind: "reopen" });
    n.pass(30);
    expect(became(n)).not.toContainEqual(expect.stringMatching(/^resolved (pending|sending|delivered)/));
    expect(n.written("post-overtaken")).toContainEqual(expect.objectContaining({ of: "resolved" }));
  });

  test("the newest waits as long as the other side asked the one before it to, and is tried no more often", () => {
    const n = started({ status: "retry", reason: "HTTP 429", afterMs: 10 * minute });
    for (let i = 0; i < 20; i++) {
      n.act("ana", { kind: "unack", undo: false });
      n.act("ana", { kind: "ack" });
    }
    const waits = Object.values(n.state().posts).filter(({ status }) => status === "pending");
    expect(waits.map(({ content, attempt }) => [content.type, attempt])).toEqual([["incident.acknowledged", 0]]);
    const [post] = waits;
    expect((post?.nextAt ?? 0) - n.now()).toBe(10 * minute);
    n.provider("back", { status: "accepted", ref: "s-1", detail: "silenced for 4h" });
    n.pass(9);
    expect(became(n).filter((each) => each.endsWith("accepted"))).toEqual([]);
    n.pass(2);
    expect(became(n).filter((each) => each.endsWith("accepted"))).toEqual(["acknowledged accepted"]);
    // What it is called over there is on the record.
    expect(n.written("posted")).toMatchObject([{ of: "acknowledged", ref: "s-1" }]);
  });

  test("a connector that only hears of events hears each of them", () => {
    const { writesBack: _, ...plain } = backTo(["prometheus"]);
    const n = night(team(plain), decision(ladder));
    n.provider("back", null);
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "unack", undo: false });
    n.act("ana", { kind: "ack" });
    expect(became(n)).toEqual(["acknowledged sending", "unacknowledged pending", "acknowledged pending"]);
  });
});

describe("an echo that comes after the incident has moved on", () => {
  const echoesAll: Partial<Connector> = {
    writesBack: { sources: ["prometheus"], integrations: null, echoes: ["acknowledged", "resolved"] },
  };
  const both = (n: Night): string => String(n.state().episode?.status);

  test("acknowledges nothing: somebody took that acknowledgment back, and pages go on", () => {
    const n = night(team(backTo(["prometheus"], echoesAll)), decision(ladder));
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    n.pass(2);
    n.act("ana", { kind: "unack", undo: false });
    send(n, "acknowledge", "a", "am");
    expect(both(n)).toBe("triggered");
    expect(n.written("stale")).toMatchObject([{ of: "echo" }]);
    expect(told(n)).toEqual(["acknowledged: a", "unacknowledged: a"]);
  });

  test("acknowledges nothing either while the answer to the write is still awaited", () => {
    const n = night(team(backTo(["prometheus"], echoesAll)), decision(ladder));
    n.provider("back", null);
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "unack", undo: false });
    send(n, "acknowledge", "a", "am");
    expect(both(n)).toBe("triggered");
  });

  test("is no echo for another alert, another sender, long after, or where the source knows what was written: then somebody over there has it", () => {
    const twice = () => {
      const n = night(team(backTo(["prometheus"], echoesAll)), decision(ladder));
      send(n, "trigger", "a", "am");
      n.act("ana", { kind: "ack" });
      n.act("ana", { kind: "unack", undo: false });
      return n;
    };
    const later = twice();
    later.pass(11);
    send(later, "acknowledge", "a", "am");
    expect(both(later)).toBe("acknowledged");
    const other = twice();
    send(other, "trigger", "b", "am-eu");
    send(other, "acknowledge", "b", "am-eu");
    expect(both(other)).toBe("acknowledged");
    const marked = night(team(backTo(["prometheus"])), decision(ladder));
    send(marked, "trigger", "a", "am");
    marked.act("ana", { kind: "ack" });
    marked.act("ana", { kind: "unack", undo: false });
    send(marked, "acknowledge", "a", "am");
    expect(both(marked)).toBe("acknowledged");
  });

  test("ends nothing where the sender says an end that was written to it as its own; a new end after a new firing does", () => {
    const n = night(team(backTo(["prometheus"], echoesAll)), decision(ladder));
    send(n, "trigger", "a", "am");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "resolve", reason: null });
    send(n, "resolve", "a", "am");
    n.act("ana", { kind: "reopen", undo: true });
    expect(both(n)).toBe("acknowledged");
    const late = night(team(backTo(["prometheus"], echoesAll)), decision(ladder));
    send(late, "trigger", "a", "am");
    late.act("ana", { kind: "resolve", reason: null });
    late.act("ana", { kind: "reopen" });
    send(late, "resolve", "a", "am");
    expect(both(late)).toBe("triggered");
    expect(late.written("stale")).toMatchObject([{ of: "echo-end" }]);
    late.pass(1);
    send(late, "trigger", "a", "am");
    send(late, "resolve", "a", "am");
    expect(both(late)).toBe("resolved");
    const plain = night(team(backTo(["prometheus"])), decision(ladder));
    send(plain, "trigger", "a", "am");
    plain.act("ana", { kind: "resolve", reason: null });
    plain.act("ana", { kind: "reopen" });
    send(plain, "resolve", "a", "am");
    expect(both(plain)).toBe("resolved");
  });

  test("a merged incident's alerts are written back by the one that answers for them", () => {
    const child = night(team(backTo(["prometheus"])), decision(ladder));
    send(child, "trigger", "a", "am", { labels: { event_id: "23" } });
    const row = Object.values(child.state().alerts)[0];
    const n = night(team(backTo(["prometheus"])), decision(ladder));
    send(n, "trigger", "b", "am");
    if (row === undefined) throw new Error("no alert");
    const alerts = [carried(row)];
    n.act("ana", { kind: "absorb", child: child.state().episode?.id ?? "", title: "A", severity: "P1", alerts });
    n.act("ana", { kind: "ack" });
    expect(told(n)).toEqual(["acknowledged: b, a"]);
    expect(posts(n)[0]?.incident.alerts[1]?.labels).toEqual({ event_id: "23" });
  });
});

describe("two hubs that are each other's sender", () => {
  test("write each change once and never answer an answer, over thirty incidents", () => {
    const hub = (from: string): Night =>
      night(team(backTo([from], { writesBack: { sources: ["prometheus"], integrations: null } })), decision(ladder));
    const [here, there] = [hub("there"), hub("here")];
    const seen = new Set<string>();
    const written: Record<string, number> = {};
    /** What one has to tell is told to the other, until neither has anything more to say. */
    const settle = (): void => {
      for (let turn = 0; turn < 20; turn++) {
        let moved = false;
        for (const [name, n, other] of [
          ["here", here, there],
          ["there", there, here],
        ] as const)
          for (const post of posts(n)) {
            const id = `${name} ${post.post}`;
            if (seen.has(id)) continue;
            seen.add(id);
            moved = true;
            const what = post.type.replace("incident.", "");
            written[`${name} ${what}`] = (written[`${name} ${what}`] ?? 0) + 1;
            if (what === "acknowledged") send(other, "acknowledge", "a", name);
            if (what === "resolved") send(other, "resolve", "a", name);
          }
        if (!moved) return;
      }
      throw new Error("they answer each other for ever");
    };
    for (let round = 0; round < 30; round++) {
      send(here, "trigger", "a", "there");
      send(there, "trigger", "a", "here");
      settle();
      here.act("ana", { kind: "ack" });
      settle();
      there.act("bo", { kind: "resolve", reason: null });
      settle();
      expect([here.state().episode?.status, there.state().episode?.status]).toEqual(["resolved", "resolved"]);
      for (const n of [here, there]) n.pass(10);
    }
    expect(written).toEqual({ "here acknowledged": 30, "there resolved": 30 });
  });
});
