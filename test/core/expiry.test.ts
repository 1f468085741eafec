// Alerts whose source says until when they hold: renewed by repeats, over without them, and never against a later word.

import { describe, expect, test } from "vitest";
import { forecast } from "../../worker/core/forecast.ts";
import { asOf } from "../../worker/core/expiry.ts";
import { limits } from "../../worker/core/limits.ts";
import { decision, minute, night, person, policy, roster, start, user } from "./story.ts";

const people = roster([person("ana"), person("bo")]);
const two = policy([
  [[user("ana")], 5],
  [[user("bo")], 10],
]);
const holds = (minutes: number, more = {}) => ({ expiresAt: start + minutes * minute, ...more });

describe("an alert that says until when it holds", () => {
  test("is over when nobody renews it, at that time, and its incident is resolved", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(4));
    expect(n.told()).toEqual(["03:00:00 sms ana"]);
    n.pass(30);
    expect(n.told()).toEqual(["03:04:00 auto-resolved"]);
    expect(n.state().episode?.resolvedBy).toEqual({ type: "system", id: "tocsin" });
  });

  test("is renewed by each repeat, so that the next level is paged meanwhile", () => {
    const n = night(people, decision(two));
    for (let at = 0; at <= 6; at++) {
      n.alert("trigger", holds(at + 4));
      n.pass(1);
    }
    n.pass(30);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:05:00 sms bo", "03:10:00 auto-resolved"]);
  });

  test("keeps the latest end that any of two senders gave, and none once one gives none", () => {
    const n = night(people, decision(policy([[[user("ana")], 60]])));
    n.alert("trigger", holds(8));
    n.alert("trigger", holds(4));
    n.pass(7);
    expect(n.told()).toEqual(["03:00:00 sms ana"]);
    n.alert("trigger");
    n.alert("trigger", holds(9));
    n.pass(50);
    expect(n.told()).toEqual([]);
    expect(n.state().episode?.status).toBe("triggered");
  });

  test("that is already over when it comes is the end of it, and opens nothing", () => {
    const n = night(people, decision(two));
    expect(n.alert("trigger", holds(-1))).toMatchObject({ results: [{ action: "orphan", incident: null }] });
    n.alert("trigger", holds(4));
    n.pass(1);
    expect(n.alert("trigger", holds(0.5, { sourceAt: start - minute }))).toMatchObject({ results: [{ action: "resolved" }] });
  });

  test("resolves the incident only with the last of its alerts, and never where that is a person's", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(3, { dedupKey: "a" }));
    n.alert("trigger", holds(6, { dedupKey: "b" }));
    n.pass(4);
    expect(n.written("alert-resolved")).toHaveLength(1);
    expect(n.state().episode?.status).toBe("triggered");
    n.pass(3);
    expect(n.state().episode?.status).toBe("resolved");
    const manual = night(people, decision(two, { resolveOn: "manual" }));
    manual.alert("trigger", holds(3));
    manual.pass(10);
    expect(manual.state().episode?.status).toBe("triggered");
    expect(manual.written("alert-resolved")).toHaveLength(1);
  });

  test("comes back after a lapse though it began before: the lapse was no word of the source", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(2, { sourceAt: start }));
    n.pass(3);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:02:00 auto-resolved"]);
    n.alert("trigger", holds(8, { sourceAt: start }));
    expect(n.told()).toEqual(["03:03:00 reopened", "03:03:00 sms ana"]);
  });

  test("that still holds outweighs an end that another of its senders gave", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(4, { sourceAt: start - 10 * minute }));
    n.pass(1);
    n.alert("resolve", { sourceAt: start + minute });
    n.pass(1);
    n.told();
    n.alert("trigger", holds(6, { sourceAt: start - 10 * minute }));
    expect(n.told()).toEqual(["03:02:00 reopened", "03:02:00 sms ana"]);
  });

  test("acknowledged or snoozed, it is over all the same", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(10));
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "snooze", until: start + 60 * minute });
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:00:00 acknowledged", "03:00:00 snoozed", "03:10:00 auto-resolved"]);
  });

  test("re-opened by hand after its time, the incident stays open", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(4));
    n.act("ana", { kind: "resolve", reason: null });
    n.pass(10);
    n.act("ana", { kind: "reopen" });
    n.pass(60);
    expect(n.state().episode?.status).toBe("triggered");
  });

  test("is forecast as renewed, with the end beside it", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(4));
    const items = forecast(n.state(), n.now()).map(({ at, kind, user: who }) => [(at - start) / minute, kind, who]);
    expect(items).toContainEqual([4, "auto-resolve", null]);
    expect(items).toContainEqual([5, "page", "bo"]);
  });

  test("taken along by a merge, it runs out in the incident that holds it", () => {
    const n = night(people, decision(two));
    n.alert("trigger", holds(4));
    n.act("ana", {
      kind: "absorb",
      child: "inc_other",
      title: "other",
      severity: "P1",
      alerts: [
        {
          key: "alr_x",
          integration: "am",
          dedupKey: "x",
          title: "x",
          severity: "error",
          firing: true,
          count: 1,
          firstAt: start,
          lastAt: start,
          sourceAt: null,
          expiresAt: start + 9 * minute,
        },
      ],
    });
    n.pass(8);
    expect(n.state().episode?.status).toBe("triggered");
    n.pass(2);
    expect(n.state().episode?.status).toBe("resolved");
  });
});

test("an end too far away to wait for is none", () => {
  const alert = {
    dedupKey: "k",
    action: "trigger" as const,
    severity: "error" as const,
    title: "t",
    body: "",
    labels: {},
    links: [],
    source: "s",
    sourceAt: null,
    test: false,
  };
  expect(asOf({ ...alert, expiresAt: start + limits.alert.expiresInMsMax + 1 }, start).expiresAt).toBeUndefined();
  expect(asOf({ ...alert, expiresAt: start + 1 }, start).expiresAt).toBe(start + 1);
  expect(asOf({ ...alert, action: "acknowledge", expiresAt: start - 1 }, start).action).toBe("acknowledge");
});
