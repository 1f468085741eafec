// Bodies that nobody can read: an acknowledgment holds against further ones only for a time, since each may tell of another problem.

import { describe, expect, test } from "vitest";
import { forecast } from "../../worker/core/forecast.ts";
import type { Command } from "../../worker/core/event.ts";
import { unreadSince } from "../../worker/core/unread.ts";
import { decision, minute, night, person, policy, roster, start, user, type Night } from "./story.ts";

const people = roster([person("ana"), person("bo")]);
const two = policy([
  [[user("ana")], 5],
  [[user("bo")], 600],
]);
/** Nobody is asked again by the acknowledgment's own time. */
const lasting = decision(two, { ackTimeoutMs: null });
const body = (n: Night): unknown => n.alert("trigger", { unreadable: true });
const pages = (n: Night): readonly string[] => n.told().filter((line) => / (sms|push|voice) /.test(line));
const since = (n: Night): number => {
  const { episode, alerts } = n.state();
  return episode === null ? 0 : unreadSince(alerts, episode);
};

function held(of = lasting): Night {
  const n = night(people, of);
  body(n);
  n.pass(1);
  n.act("ana", { kind: "ack" });
  n.told();
  return n;
}

describe("after the acknowledgment of what nobody could read", () => {
  const cases: readonly { readonly name: string; readonly bodies: readonly number[]; readonly pages: readonly string[] }[] = [
    { name: "no further body pages nobody", bodies: [], pages: [] },
    { name: "a body soon after waits for the acknowledgment's 15 minutes", bodies: [1], pages: ["03:16:00 sms ana"] },
    { name: "a body in the last minute waits as long", bodies: [14], pages: ["03:16:00 sms ana"] },
    { name: "a body after them pages at once", bodies: [40], pages: ["03:41:00 sms ana"] },
    { name: "many bodies page once", bodies: [1, 2, 3, 4, 5], pages: ["03:16:00 sms ana"] },
  ];
  test.each(cases)("$name", ({ bodies, pages: expected }) => {
    const n = held();
    let at = 0;
    for (const each of bodies) {
      n.pass(each - at);
      at = each;
      body(n);
    }
    n.pass(44 - at);
    expect(pages(n).slice(0, 1)).toEqual(expected);
    expect(n.state().episode?.status).toBe(bodies.length === 0 ? "acknowledged" : "triggered");
  });

  test("nobody answers: it climbs, and further bodies make no further wave", () => {
    const n = held();
    for (let i = 0; i < 40; i++) {
      body(n);
      n.pass(1);
    }
    expect(pages(n)).toEqual(["03:16:00 sms ana", "03:21:00 sms bo"]);
  });

  test("acknowledged again and again, it pages once each 15 minutes", () => {
    const n = held();
    for (let i = 0; i < 59; i++) {
      body(n);
      n.pass(1);
      if (n.state().episode?.status === "triggered") n.act("ana", { kind: "ack" });
    }
    expect(pages(n)).toEqual(["03:16:00 sms ana", "03:31:00 sms ana", "03:46:00 sms ana"]);
  });

  test("the record says why, and how many; until then the incident shows it", () => {
    const n = held();
    body(n);
    body(n);
    expect(since(n)).toBe(2);
    expect(forecast(n.state(), n.now()).map(({ at, kind }) => [(at - start) / minute, kind])).toContainEqual([16, "unack"]);
    n.pass(20);
    expect(n.written("unacknowledged")).toEqual([{ by: "ana", unread: 2 }]);
  });

  test("what can be read waits for nothing: a repeat that is read pages nobody", () => {
    const n = night(people, lasting);
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.told();
    n.pass(60);
    n.alert("trigger");
    n.pass(60);
    expect(pages(n)).toEqual([]);
  });

  test("a note shows that somebody is looking: 15 minutes from there", () => {
    const n = held();
    body(n);
    n.pass(10);
    n.act("ana", { kind: "note", text: "mending the template" });
    expect(since(n)).toBe(0);
    n.pass(10);
    expect(pages(n)).toEqual([]);
    body(n);
    n.pass(7);
    expect(pages(n)).toEqual(["03:26:00 sms ana"]);
  });

  test("the service's auto-resolve does not end what waits to be paged, nor cut its page short", () => {
    const n = held(decision(two, { ackTimeoutMs: null, autoResolveMs: 8 * minute }));
    n.pass(2);
    body(n);
    n.pass(19);
    expect(pages(n)).toEqual(["03:16:00 sms ana", "03:21:00 sms bo"]);
    n.pass(10);
    expect(n.state().episode?.status).toBe("resolved");
  });

  test("a source's own end leaves nothing to page", () => {
    const n = held();
    body(n);
    n.alert("resolve", { unreadable: true });
    n.pass(60);
    expect(pages(n)).toEqual([]);
  });

  test("an end that is taken back leaves the time where it was", () => {
    const n = held();
    body(n);
    n.act("ana", { kind: "resolve", reason: null });
    n.act("ana", { kind: "reopen", undo: true });
    n.pass(17);
    expect(pages(n)).toEqual(["03:16:00 sms ana"]);
  });
});

describe("after a snooze of what nobody could read", () => {
  const snooze = (n: Night, minutes: number): Command => ({ kind: "snooze", until: n.now() + minutes * minute });

  test("a day's snooze holds for an hour against further bodies, and says so", () => {
    const n = held();
    n.act("ana", snooze(n, 24 * 60));
    expect(n.written("snoozed")).toMatchObject([{ unreadUntil: n.now() + 60 * minute }]);
    n.pass(30);
    body(n);
    n.pass(32);
    expect(pages(n)).toEqual(["04:01:00 sms ana"]);
    expect(n.written("unacknowledged")).toEqual([{ by: "ana", unread: 1, snoozed: true }]);
  });

  test("without further bodies it holds to its end", () => {
    const n = held();
    n.act("ana", snooze(n, 120));
    n.pass(119);
    expect(pages(n)).toEqual([]);
    n.pass(2);
    expect(pages(n)).toEqual(["05:01:00 sms ana"]);
  });

  test("a short one ends as ever, and is not said to end sooner", () => {
    const n = held();
    n.act("ana", snooze(n, 20));
    expect(n.written("snoozed")[0]).not.toHaveProperty("unreadUntil");
    body(n);
    n.pass(21);
    expect(pages(n)).toEqual(["03:21:00 sms ana"]);
  });
});
