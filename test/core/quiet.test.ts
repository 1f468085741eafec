// What keeps an incident from paging, told as the phones tell it: thresholds, holds, mutes and their ends, groups' windows,
// flapping. Whatever still fires when its time is over pages; nothing is silent for ever without a written reason.

import { describe, expect, test } from "vitest";
import type { Decision } from "../../worker/core/decision.ts";
import { forecast } from "../../worker/core/forecast.ts";
import type { MaintenanceWindow, Mute, Silence } from "../../worker/core/mute.ts";
import type { Roster } from "../../worker/core/roster.ts";
import { nextWake } from "../../worker/core/wake.ts";
import { decision, minute, night, person, policy, roster, start, user } from "./story.ts";

const people = roster([person("ana"), person("bo")]);
const ladder = policy([[[user("ana")], 60]]);
const plain = decision(ladder);
const of = (more: Partial<Decision>): Decision => decision(ladder, more);

describe("a threshold", () => {
  const three = of({ threshold: { count: 3, withinMs: 5 * minute } });

  test("counts firings of any alert of the route, and pages once when it is reached", () => {
    const n = night(people, three);
    expect(n.alert("trigger", { dedupKey: "a" })).toMatchObject({ results: [{ action: "held", reason: "1 of 3 within 300 s" }] });
    n.pass(1);
    expect(n.alert("trigger", { dedupKey: "b" })).toMatchObject({ results: [{ action: "held", reason: "2 of 3 within 300 s" }] });
    n.pass(1);
    expect(n.alert("trigger", { dedupKey: "a" })).toMatchObject({ results: [{ action: "triggered" }] });
    n.alert("trigger", { dedupKey: "c" });
    expect(n.told()).toEqual(["03:00:00 held", "03:02:00 promoted", "03:02:00 sms ana"]);
  });

  test("firings further apart than its time do not reach it", () => {
    const n = night(people, three);
    for (let i = 0; i < 5; i++) {
      n.alert("trigger");
      n.pass(3);
    }
    expect(n.told()).toEqual(["03:00:00 held"]);
    expect(n.state().episode).toMatchObject({ status: "held" });
  });

  test("below it a resolve ends the matter without a page, and a person can have it paged", () => {
    const n = night(people, three);
    n.alert("trigger");
    n.alert("resolve");
    n.pass(60);
    n.alert("trigger");
    n.act("bo", { kind: "escalate", seenAt: null });
    expect(n.told()).toEqual(["03:00:00 held", "03:00:00 resolved", "04:00:00 held", "04:00:00 promoted", "04:00:00 sms ana"]);
  });

  test("a check that fires and recovers again and again reaches it: its firings count beyond their resolves", () => {
    const n = night(people, three);
    for (let i = 0; i < 3; i++) {
      n.alert("trigger");
      n.pass(1);
      if (i < 2) n.alert("resolve");
    }
    expect(n.told().filter((each) => each.endsWith("sms ana"))).toEqual(["03:02:00 sms ana"]);
  });

  test("nor does a resolve longer ago than the re-open window make it forget them", () => {
    const n = night(people, of({ threshold: { count: 3, withinMs: 60 * minute } }));
    for (let i = 0; i < 3; i++) {
      n.alert("trigger");
      n.alert("resolve");
      n.pass(10);
    }
    expect(n.told().filter((each) => each.endsWith("sms ana"))).toEqual(["03:20:00 sms ana"]);
  });

  test("the same delivery twice counts once", () => {
    const n = night(people, of({ threshold: { count: 2, withinMs: minute } }));
    n.alert("trigger", {}, "d1");
    n.alert("trigger", {}, "d1");
    expect(n.told()).toEqual(["03:00:00 held"]);
    n.alert("trigger", {}, "d2");
    expect(n.told()).toEqual(["03:00:00 promoted", "03:00:00 sms ana"]);
  });
});

describe("what a quiet incident does when an alert comes that nothing keeps quiet", () => {
  test.each<[string, Partial<Decision>]>([
    ["suppressed by a route", { suppress: "route noise" }],
    ["held", { holdMs: 10 * minute }],
    ["below a threshold", { threshold: { count: 9, withinMs: minute } }],
    ["in maintenance", { mutes: [{ kind: "maintenance", id: "m", until: start + 60 * minute, atEnd: "resolve" }] }],
  ])("%s: a joining alert of its own right pages", (_, quiet) => {
    const n = night(people, of(quiet));
    n.alert("trigger", { dedupKey: "a", severity: "info" });
    n.pass(1);
    n.told();
    n.route(plain);
    expect(n.alert("trigger", { dedupKey: "b", severity: "info" })).toMatchObject({ results: [{ action: "triggered" }] });
    expect(n.told()).toEqual(["03:01:00 promoted", "03:01:00 sms ana"]);
  });

  test("an info alert of a noise route that becomes critical pages, by the policy that applies now", () => {
    const n = night(people, of({ suppress: "route noise" }));
    n.alert("trigger", { severity: "info" });
    n.route(decision(policy([[[user("bo")], 5]])));
    n.alert("trigger", { severity: "critical" });
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:00:00 severity", "03:00:00 promoted", "03:00:00 sms bo"]);
  });

  test("a noise alert that comes back by a route that only holds is held, and pages", () => {
    const n = night(people, of({ suppress: "route noise" }));
    n.alert("trigger");
    n.route(of({ holdMs: 10 * minute }));
    n.pass(1);
    expect(n.alert("trigger")).toMatchObject({ results: [{ action: "held" }] });
    n.pass(5);
    n.alert("trigger");
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:01:00 held", "03:11:00 promoted", "03:11:00 sms ana"]);
  });

  test("a noise alert that comes back in a maintenance window pages at its end", () => {
    const n = night(withQuiet([maintenance()]), of({ suppress: "route noise" }));
    n.alert("trigger");
    n.route(of({ mutes: [{ kind: "maintenance", id: "m", until: start + 30 * minute, atEnd: "page" }] }));
    n.alert("trigger");
    n.pass(40);
    expect(n.told()).toContain("03:30:00 sms ana");
  });

  test("an alert that is only held does not wait for the end of the mute of those it joins", () => {
    const muted: Mute[] = [{ kind: "maintenance", id: "m", until: start + 30 * minute, atEnd: "page" }];
    const n = night(withQuiet([maintenance()]), of({ mutes: muted, holdMs: 2 * minute }));
    n.alert("trigger", { dedupKey: "a" });
    n.route(of({ holdMs: 2 * minute }));
    expect(n.alert("trigger", { dedupKey: "b" })).toMatchObject({ results: [{ action: "held" }] });
    n.pass(10);
    expect(n.told()).toContain("03:02:00 sms ana");
  });

  test("a repeat that the same rule keeps quiet changes nothing", () => {
    const n = night(people, of({ suppress: "route noise" }));
    n.alert("trigger");
    n.pass(5);
    n.alert("trigger");
    n.pass(600);
    expect(n.told()).toEqual(["03:00:00 suppressed"]);
  });
});

const maintenance = (more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id: "m",
  name: "m",
  timeZone: "UTC",
  from: start - minute,
  to: start + 30 * minute,
  rrule: null,
  when: null,
  atEnd: "page",
  endedAt: null,
  extended: null,
  ...more,
});
const silence = (more: Partial<Silence> = {}): Silence => ({
  id: "s",
  when: "true",
  from: null,
  until: start + 30 * minute,
  owner: null,
  remindMs: null,
  reason: "known",
  ...more,
});
const withQuiet = (windows: readonly MaintenanceWindow[], silences: readonly Silence[] = [], version = 1): Roster => ({
  ...people,
  version,
  quiet: {
    maintenance: Object.fromEntries(windows.map((each) => [each.id, each])),
    silences: Object.fromEntries(silences.map((each) => [each.id, each])),
  },
});

describe("an incident left quiet at the end of a window", () => {
  const window = maintenance({ atEnd: "nothing" });
  const muted = of({ mutes: [{ kind: "maintenance", id: "m", until: start + 30 * minute, atEnd: "nothing" }] });

  test("pages for an alert that joins it afterwards, and not for a repeat of what it was left with", () => {
    const n = night(withQuiet([window]), muted);
    n.alert("trigger", { dedupKey: "a" });
    n.pass(40);
    n.told();
    n.route(plain);
    n.alert("trigger", { dedupKey: "a" });
    expect(n.told()).toEqual([]);
    expect(n.alert("trigger", { dedupKey: "b" })).toMatchObject({ results: [{ action: "triggered" }] });
    expect(n.told()).toEqual(["03:40:00 promoted", "03:40:00 sms ana"]);
  });

  test("pages for an alert that was over and fires again", () => {
    const n = night(withQuiet([maintenance()]), { ...muted, resolveOn: "manual" });
    n.alert("trigger");
    n.alert("resolve");
    n.pass(40);
    n.told();
    n.route({ ...plain, resolveOn: "manual" });
    expect(n.alert("trigger")).toMatchObject({ results: [{ action: "triggered" }] });
    expect(n.told()).toContain("03:40:00 sms ana");
  });
});
const muted = (atEnd: MaintenanceWindow["atEnd"] = "page"): Mute => ({
  kind: "maintenance",
  id: "m",
  until: start + 30 * minute,
  atEnd,
});
const silenced: Mute = { kind: "silence", id: "s", until: start + 30 * minute, reason: "known" };

describe("maintenance and silences", () => {
  test.each<[MaintenanceWindow["atEnd"], string[]]>([
    ["page", ["03:00:00 suppressed", "03:30:00 unmuted", "03:30:00 promoted", "03:30:00 sms ana"]],
    ["resolve", ["03:00:00 suppressed", "03:30:00 auto-resolved"]],
    ["nothing", ["03:00:00 suppressed", "03:30:00 unmuted"]],
  ])("what still fires at the end: %s", (atEnd, told) => {
    const n = night(withQuiet([maintenance({ atEnd })]), of({ mutes: [muted(atEnd)] }));
    n.alert("trigger");
    n.pass(50);
    expect(n.told()).toEqual(told);
  });

  test("what is over before the end pages nobody", () => {
    const n = night(withQuiet([maintenance()]), of({ mutes: [muted()] }));
    n.alert("trigger");
    n.pass(10);
    n.alert("resolve");
    n.pass(60);
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:10:00 resolved"]);
  });

  test("left alone at the end, the same firing stays quiet, a worse one pages", () => {
    const n = night(withQuiet([maintenance({ atEnd: "nothing" })]), of({ mutes: [muted("nothing")] }));
    n.alert("trigger", { severity: "warning" });
    n.pass(31);
    n.route(plain);
    n.alert("trigger", { severity: "warning" });
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:30:00 unmuted"]);
    n.alert("trigger", { severity: "critical" });
    expect(n.told()).toEqual(["03:31:00 severity", "03:31:00 promoted", "03:31:00 sms ana"]);
  });

  test("a window made longer keeps it quiet longer, one ended early pages at once", () => {
    const n = night(withQuiet([maintenance()]), of({ mutes: [muted()] }));
    n.alert("trigger");
    n.configure(withQuiet([maintenance({ to: start + 50 * minute })], [], 2));
    n.pass(40);
    // It looks by itself every ten minutes, should nobody tell it.
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:10:00 suppressed"]);
    n.configure(withQuiet([maintenance({ to: start + 50 * minute, endedAt: start + 40 * minute })], [], 3));
    n.look();
    expect(n.told()).toEqual(["03:40:00 unmuted", "03:40:00 promoted", "03:40:00 sms ana"]);
  });

  test("a silence that was deleted is over", () => {
    const n = night(withQuiet([], [silence()]), of({ mutes: [silenced] }));
    n.alert("trigger");
    n.pass(5);
    n.configure(withQuiet([], [], 2));
    n.look();
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:05:00 unmuted", "03:05:00 promoted", "03:05:00 sms ana"]);
  });

  test("of two mutes the later one decides, and whoever asks for a page gets it", () => {
    const n = night(
      withQuiet([maintenance({ atEnd: "resolve" })], [silence({ until: start + 40 * minute })]),
      of({ mutes: [muted("resolve"), { ...silenced, until: start + 40 * minute }] }),
    );
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual([
      "03:00:00 suppressed",
      "03:30:00 suppressed",
      "03:40:00 unmuted",
      "03:40:00 promoted",
      "03:40:00 sms ana",
    ]);
  });

  test("with the Directory out of reach the end comes by the incident's own copy", () => {
    const n = night(people, of({ mutes: [silenced] }));
    n.alert("trigger");
    n.pass(31);
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:30:00 unmuted", "03:30:00 promoted", "03:30:00 sms ana"]);
  });

  test("a new silence over an incident that is quiet already is added to it", () => {
    const n = night(withQuiet([maintenance()]), of({ mutes: [muted()] }));
    n.alert("trigger");
    n.configure(withQuiet([maintenance()], [silence({ until: start + 45 * minute })], 2));
    n.route(of({ mutes: [muted(), { ...silenced, until: start + 45 * minute }] }));
    n.pass(5);
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual([
      "03:00:00 suppressed",
      "03:05:00 suppressed",
      "03:30:00 suppressed",
      "03:45:00 unmuted",
      "03:45:00 promoted",
      "03:45:00 sms ana",
    ]);
  });

  test("pending says when it ends and whom that pages", () => {
    const n = night(withQuiet([maintenance()]), of({ mutes: [muted()] }));
    n.alert("trigger");
    expect(nextWake(n.state())).toBe(start + 10 * minute);
    expect(forecast(n.state(), n.now()).map((item) => [item.at - start, item.kind, item.user])).toEqual([
      [30 * minute, "mute-end", null],
      [30 * minute, "hold-end", null],
      [30 * minute, "escalate", null],
      [30 * minute, "page", "ana"],
      [90 * minute, "exhausted", null],
    ]);
  });

  test("an acknowledgment during maintenance is one, and its undo brings the quiet back", () => {
    const n = night(withQuiet([maintenance()]), of({ mutes: [muted()], ackTimeoutMs: null }));
    n.alert("trigger");
    n.act("ana", { kind: "ack" });
    n.act("ana", { kind: "unack", undo: true });
    n.pass(31);
    expect(n.told()).toEqual([
      "03:00:00 suppressed",
      "03:00:00 acknowledged",
      "03:00:00 unacknowledged",
      "03:30:00 unmuted",
      "03:30:00 promoted",
      "03:30:00 sms ana",
    ]);
  });
});

describe("inhibition", () => {
  const inhibited: Mute = { kind: "inhibition", id: "mute", key: '["n1"]', until: start + minute, by: "inc_a is open" };

  test("asks every minute whether the other alert is still open, and pages what still fires when it is not", () => {
    const n = night(people, of({ mutes: [inhibited] }));
    n.alert("trigger");
    n.inhibited = { mute: true };
    n.pass(10);
    expect(n.told()).toEqual(["03:00:00 suppressed"]);
    n.inhibited = { mute: false };
    n.pass(1);
    expect(n.told()).toEqual(["03:11:00 unmuted", "03:11:00 promoted", "03:11:00 sms ana"]);
  });

  test("no answer is taken as no: rather a page too many", () => {
    const n = night(people, of({ mutes: [inhibited] }));
    n.alert("trigger");
    n.pass(2);
    expect(n.told()).toEqual(["03:00:00 suppressed", "03:01:00 unmuted", "03:01:00 promoted", "03:01:00 sms ana"]);
  });
});

describe("a group's window", () => {
  const grouped = (kind: "fixed" | "rolling"): Decision =>
    of({ groupKey: '["eu"]', groupWindow: { windowMs: 10 * minute, kind }, route: "g" });
  const fire = (n: ReturnType<typeof night>, dedupKey: string): unknown => {
    const reply = n.alert("trigger", { dedupKey });
    const result = reply.kind === "received" ? reply.results[0] : undefined;
    return result?.successor ?? result?.action;
  };

  test("fixed: closes after its length from the first alert", () => {
    const n = night(people, grouped("fixed"));
    expect(fire(n, "a")).toBe("triggered");
    n.pass(9);
    expect(fire(n, "b")).toBe("joined");
    n.pass(2);
    expect(fire(n, "c")).toBe('["eu"]~2');
    expect(fire(n, "a")).toBe("updated");
    expect(
      Object.values(n.state().alerts)
        .map((row) => row.dedupKey)
        .toSorted(),
    ).toEqual(["a", "b"]);
  });

  test("rolling: closes after its length from the last one that joined, repeats do not count", () => {
    const n = night(people, grouped("rolling"));
    fire(n, "a");
    n.pass(9);
    expect(fire(n, "b")).toBe("joined");
    n.pass(9);
    expect(fire(n, "c")).toBe("joined");
    n.pass(6);
    expect(fire(n, "a")).toBe("updated");
    n.pass(5);
    expect(fire(n, "d")).toBe('["eu"]~2');
  });

  test("once it has a successor new alerts go there, also after its own incident is over", () => {
    const n = night(people, grouped("fixed"));
    fire(n, "a");
    n.pass(11);
    fire(n, "b");
    n.alert("resolve", { dedupKey: "a" });
    expect(n.state().episode?.status).toBe("resolved");
    expect(fire(n, "c")).toBe('["eu"]~2');
    n.succeed('["eu"]~4');
    n.succeed('["eu"]~3');
    expect(fire(n, "c")).toBe('["eu"]~4');
  });

  test("an alert that is over is released, and so is one that was already", () => {
    const n = night(people, grouped("fixed"));
    fire(n, "a");
    fire(n, "b");
    expect(n.alert("resolve", { dedupKey: "a" })).toMatchObject({ results: [{ action: "updated", released: true }] });
    expect(n.alert("resolve", { dedupKey: "a" })).toMatchObject({ results: [{ released: true }] });
    expect(n.alert("resolve", { dedupKey: "b" })).toMatchObject({ results: [{ action: "resolved", released: true }] });
  });
});

describe("flapping", () => {
  const rule = of({ flapping: { reopens: 2, withinMs: 30 * minute, steadyMs: 5 * minute } });
  const flap = (n: ReturnType<typeof night>): void => {
    n.alert("resolve");
    n.pass(1);
    n.alert("trigger");
    n.pass(1);
  };

  test("the re-open that shows it pages, further ones only when it has fired steadily", () => {
    const n = night(people, rule);
    n.alert("trigger");
    for (let i = 0; i < 5; i++) flap(n);
    expect(n.told().filter((line) => !line.includes("resolved"))).toEqual([
      "03:00:00 sms ana",
      "03:01:00 reopened",
      "03:01:00 sms ana",
      "03:03:00 reopened",
      "03:03:00 sms ana",
      "03:05:00 reopened",
      "03:05:00 flapping",
      "03:05:00 sms ana",
      "03:07:00 reopened",
      "03:07:00 held",
      "03:09:00 reopened",
      "03:09:00 held",
    ]);
    n.pass(10);
    expect(n.told()).toEqual(["03:14:00 promoted", "03:14:00 sms ana"]);
  });

  test("a rise of severity pages at once", () => {
    const n = night(people, rule);
    n.alert("trigger", { severity: "warning" });
    for (let i = 0; i < 3; i++) flapAs(n, "warning");
    flapAs(n, "warning");
    n.told();
    n.alert("trigger", { severity: "critical" });
    expect(n.told()).toEqual(["03:08:00 severity", "03:08:00 promoted", "03:08:00 sms ana"]);
  });

  const flapAs = (n: ReturnType<typeof night>, severity: "warning"): void => {
    n.alert("resolve", { severity });
    n.pass(1);
    n.alert("trigger", { severity });
    n.pass(1);
  };

  test("is never silent for ever: it pages again after half an hour at the latest", () => {
    const n = night(people, rule);
    n.alert("trigger");
    for (let i = 0; i < 40; i++) flap(n);
    const pages = n.told().filter((line) => line.includes("sms"));
    expect(pages).toEqual([
      "03:00:00 sms ana",
      "03:01:00 sms ana",
      "03:03:00 sms ana",
      "03:05:00 sms ana",
      "03:35:00 sms ana",
      "04:05:00 sms ana",
    ]);
  });

  test("somebody looked at it: the next re-open pages again", () => {
    const n = night(people, rule);
    n.alert("trigger");
    for (let i = 0; i < 4; i++) flap(n);
    n.act("ana", { kind: "ack" });
    n.told();
    flap(n);
    expect(n.told()).toEqual(["03:08:00 resolved", "03:09:00 reopened", "03:09:00 sms ana"]);
  });

  test("off: every re-open pages", () => {
    const n = night(people, of({ flapping: null }));
    n.alert("trigger");
    for (let i = 0; i < 8; i++) flap(n);
    expect(n.told().filter((line) => line.includes("sms"))).toHaveLength(9);
  });
});
