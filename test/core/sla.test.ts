// Nights under a service level and by the hour, told as the phones tell them. Any line not written here fails the test.

import { describe, expect, test } from "vitest";
import type { BusinessHours } from "../../worker/core/calendar.ts";
import { forecast } from "../../worker/core/forecast.ts";
import type { SlaTerms, SlaWarning } from "../../worker/core/sla.ts";
import type { Policy } from "../../worker/core/snapshot.ts";
import { nextWake } from "../../worker/core/wake.ts";
import { decision, minute, night, person, policy, roster, user } from "./story.ts";

const hour = 60 * minute;

const office: BusinessHours = {
  id: "office",
  name: "Office",
  timeZone: "UTC",
  hours: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "17:00" }],
  holidays: [],
};

const team = roster([person("ana"), person("bo"), person("eva"), person("cto")], { fallback: [user("cto")] });
const own = policy([[[user("ana")], 24 * 60]]);
const managers: Policy = policy(
  [
    [[user("eva")], 10],
    [[user("cto")], 10],
  ],
  { id: "managers" },
);

const warning = (at: number | string, more: Partial<SlaWarning> = {}): SlaWarning => ({
  at: typeof at === "number" ? { beforeMs: at * minute } : { percent: Number.parseInt(at, 10) },
  clock: null,
  flag: null,
  policy: null,
  notify: [],
  ...more,
});

function terms(more: Partial<SlaTerms> = {}): SlaTerms {
  return {
    id: "gold",
    name: "Gold",
    severities: ["P1", "P2", "P3", "P4"],
    respondMs: hour,
    resolveMs: null,
    hours: "always",
    pauseIn: [],
    warn: [warning(30, { flag: "at-risk" })],
    ...more,
  };
}

const under = (slas: readonly SlaTerms[], of = own) => decision(of, { slas, policies: { managers } });

describe("a service level", () => {
  test("pages the people a warning names, records the breach, and flags both", () => {
    const n = night(
      team,
      under([terms({ warn: [warning("50%", { flag: "at-risk" }), warning(15, { notify: [user("eva")] })] })]),
    );
    n.alert("trigger");
    n.pass(30);
    expect(n.state().episode?.flags).toEqual(["at-risk"]);
    n.pass(60);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:30:00 sla-warning",
      "03:45:00 sla-warning",
      "03:45:00 sms eva",
      "04:00:00 sla-breached",
    ]);
    expect(n.state().episode?.flags).toEqual(["at-risk", "sla-breached"]);
  });

  test("the page says which level, and how much is left", () => {
    const n = night(team, under([terms({ warn: [warning(15, { notify: [user("eva")] })] })]));
    n.alert("trigger");
    n.pass(50);
    const page = Object.values(n.state().deliveries).find((each) => each.user === "eva")?.page;
    expect(page?.reason.text).toBe("SLA Gold: 15 min left to answer (user eva)");
  });

  test("an acknowledgment in time is the end of it; a second one changes nothing", () => {
    const n = night(team, under([terms()]));
    n.alert("trigger");
    n.pass(20);
    n.act("ana", { kind: "ack" });
    n.pass(20);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:20:00 acknowledged"]);
    expect(n.state().episode?.sla?.clocks).toMatchObject([{ kind: "respond", met: true }]);
    n.act("ana", { kind: "unack", undo: false });
    n.pass(29);
    n.act("ana", { kind: "ack" });
    expect(n.told()).toEqual(["03:40:00 unacknowledged", "03:40:00 sms ana", "04:09:00 acknowledged"]);
  });

  test("the source's own first answer stops the response clock and owns nothing", () => {
    const n = night(team, under([terms()]));
    n.alert("trigger");
    n.pass(10);
    n.alert("responded");
    n.pass(120);
    expect(n.told()).toEqual(["03:00:00 sms ana"]);
    expect(n.state().episode).toMatchObject({ status: "triggered", flags: [] });
  });

  test("an acknowledgment that is undone answers nobody: the clock never stopped", () => {
    const n = night(team, under([terms()]));
    n.alert("trigger");
    n.pass(29.8);
    n.act("ana", { kind: "ack" });
    n.pass(0.4);
    n.act("ana", { kind: "unack", undo: true });
    n.pass(31);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:29:48 acknowledged",
      "03:30:12 unacknowledged",
      "03:30:12 sla-warning",
      "04:00:00 sla-breached",
    ]);
  });

  test("a policy begins beside an incident that somebody owns already, and runs by its own steps", () => {
    const n = night(
      team,
      under([terms({ respondMs: null, resolveMs: 2 * hour, warn: [warning("50%", { policy: "managers" })] })]),
    );
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "ack" });
    n.alert("acknowledge");
    n.pass(80);
    expect(n.told().filter((line) => !line.includes("ack-timeout"))).toEqual([
      "03:00:00 sms ana",
      "03:01:00 acknowledged",
      // Half an hour after the acknowledgment its own timeout pages ana again.
      "03:31:00 sms ana",
      "04:00:00 policy-started",
      "04:00:00 sla-warning",
      "04:00:00 sms eva",
      "04:10:00 sms cto",
      "04:20:00 exhausted",
    ]);
  });

  test("a warning's policy that began just before an undo goes on", () => {
    const n = night(team, {
      ...under([terms({ respondMs: null, resolveMs: 2 * hour, warn: [warning("50%", { policy: "managers" })] })]),
      ackTimeoutMs: null,
    });
    n.alert("trigger");
    n.pass(59.9);
    n.act("ana", { kind: "ack" });
    n.pass(0.3);
    n.act("ana", { kind: "unack", undo: true });
    n.pass(15);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:59:54 acknowledged",
      "04:00:00 policy-started",
      "04:00:00 sla-warning",
      "04:00:00 sms eva",
      "04:00:12 unacknowledged",
      "04:10:00 sms cto",
    ]);
  });

  test("whom a warning cannot reach is replaced by the tenant's fallback, and by a written gap when that is out of reach too", () => {
    const gone = roster([person("ana"), person("eva", { active: false }), person("cto")], { fallback: [user("cto")] });
    const n = night(gone, under([terms({ warn: [warning(30, { notify: [user("eva")] })] })]));
    n.alert("trigger");
    n.pass(31);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:30:00 sla-warning", "03:30:00 sms cto"]);
    const nobody = night(roster([person("ana")]), under([terms({ warn: [warning(30, { notify: [user("eva")] })] })]));
    nobody.alert("trigger");
    nobody.pass(31);
    expect(nobody.told()).toEqual(["03:00:00 sms ana", "03:30:00 coverage-gap", "03:30:00 sla-warning"]);
  });

  test("three stages that downtime swallowed are one page, the latest one's, and the breach is written at its own time", () => {
    const stages = [
      warning("50%", { notify: [user("bo")], flag: "half" }),
      warning("75%", { notify: [user("eva")] }),
      warning("90%", { notify: [user("cto")], flag: "late" }),
    ];
    const n = night(team, under([terms({ warn: stages })]));
    n.alert("trigger");
    n.sleep(90);
    n.pass(0);
    expect(n.told()).toEqual(["03:00:00 sms ana", "04:30:00 sla-warning", "04:30:00 sla-breached", "04:30:00 sms cto"]);
    expect(n.state().episode?.flags).toEqual(["half", "late", "sla-breached"]);
    expect(n.state().episode?.sla?.clocks[0]?.breachedAt).toBe(Date.UTC(2026, 10, 24, 4));
    n.pass(60);
    expect(n.told()).toEqual([]);
  });

  test("stands still while snoozed, and a snooze at night in office hours costs nothing", () => {
    const n = night(
      team,
      { ...under([terms({ respondMs: null, resolveMs: 2 * hour, hours: office, pauseIn: ["snoozed"] })]), ackTimeoutMs: null },
      Date.UTC(2026, 10, 24, 9),
    );
    n.alert("trigger");
    n.pass(60);
    n.act("ana", { kind: "snooze", until: Date.UTC(2026, 10, 25, 9) });
    n.pass(23 * 60 + 1);
    expect(n.told()).toEqual(["09:00:00 sms ana", "10:00:00 snoozed", "09:00:00 snooze-ended", "09:00:00 sms ana"]);
    n.pass(60);
    expect(n.told()).toEqual(["09:30:00 sla-warning", "10:00:00 sla-breached"]);
  });

  test("severity changed by hand or by the source brings the terms that hold then", () => {
    const list = [
      terms({ id: "p1", name: "P1", severities: ["P1"], respondMs: 30 * minute, warn: [warning("50%")] }),
      terms({ id: "p3", name: "P3", severities: ["P3"], respondMs: 4 * hour, warn: [warning("50%")] }),
    ];
    const n = night(team, under(list));
    n.alert("trigger", { severity: "warning" });
    n.pass(20);
    n.alert("trigger", { severity: "critical" });
    n.pass(15);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:20:00 severity", "03:20:00 sla-warning", "03:30:00 sla-breached"]);
    n.act("ana", { kind: "severity", severity: "P3" });
    expect(n.state().episode?.flags).toEqual([]);
    n.pass(180);
    expect(n.told()).toEqual(["03:35:00 severity", "05:00:00 sla-warning"]);
  });

  test("comes back within the window: the clocks go on, less the time it was over", () => {
    const n = night(team, under([terms({ respondMs: null, resolveMs: hour })]));
    n.alert("trigger");
    n.pass(10);
    n.alert("resolve");
    n.pass(4);
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:10:00 resolved",
      "03:14:00 reopened",
      "03:14:00 sms ana",
      "03:34:00 sla-warning",
      "04:04:00 sla-breached",
    ]);
  });

  test("suppressed and held incidents are never warned of; a promoted one is, from its opening", () => {
    const quiet = night(team, { ...under([terms({ warn: [warning(30, { notify: [user("eva")] })] })]), suppress: "route noise" });
    quiet.alert("trigger");
    quiet.pass(300);
    expect(quiet.told()).toEqual(["03:00:00 suppressed"]);
    quiet.act("bo", { kind: "escalate", seenAt: null });
    quiet.pass(1);
    expect(quiet.told()).toEqual([
      "08:00:00 promoted",
      "08:00:00 sla-warning",
      "08:00:00 sla-breached",
      "08:00:00 sms ana",
      "08:00:00 sms eva",
    ]);
    const held = night(team, { ...under([terms({ respondMs: 2 * minute, warn: [warning("50%")] })]), holdMs: 5 * minute });
    held.alert("trigger");
    held.pass(4);
    held.alert("resolve");
    held.pass(60);
    expect(held.told()).toEqual(["03:00:00 held", "03:04:00 resolved"]);
  });

  test("re-opened into a maintenance it is quiet; what fell due meanwhile is told when that ends", () => {
    const muted = under([terms({ respondMs: null, resolveMs: hour, warn: [warning(30, { policy: "managers" })] })]);
    const n = night(team, { ...muted, ackTimeoutMs: null });
    n.alert("trigger");
    n.pass(10);
    n.alert("resolve");
    n.route({
      ...muted,
      mutes: [{ kind: "maintenance", id: "m", until: Date.UTC(2026, 10, 24, 5), atEnd: "page" }],
    });
    n.pass(2);
    n.alert("trigger");
    n.pass(60);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:10:00 resolved", "03:12:00 reopened", "03:12:00 suppressed"]);
    n.pass(49);
    expect(n.told()).toEqual([
      "05:00:00 unmuted",
      "05:00:00 promoted",
      "05:00:00 policy-started",
      "05:00:00 sla-warning",
      "05:00:00 sla-breached",
      "05:00:00 sms ana",
      "05:00:00 sms eva",
    ]);
  });

  test("an edited calendar moves the deadline at the next look, and says so", () => {
    const calendars = (edited: BusinessHours) => ({ ...team, version: 2, businessHours: { office: edited } });
    const list = [terms({ respondMs: null, resolveMs: 4 * hour, hours: office, warn: [warning("50%")] })];
    const n = night(calendars(office), { ...under(list), ackTimeoutMs: null }, Date.UTC(2026, 10, 24, 12));
    n.alert("trigger");
    n.configure(calendars({ ...office, holidays: ["2026-11-24"] }));
    n.pass(24 * 60);
    // Two hours from 12:00 would have been 14:00; on a holiday they are from 09:00 of the next day.
    expect(n.told()).toEqual(["12:00:00 sms ana", "11:00:00 sla-warning", "12:00:00 exhausted"]);
    expect(n.state().episode?.decision.slas?.[0]?.hours).toMatchObject({ holidays: ["2026-11-24"] });
    n.pass(60);
    expect(n.told()).toEqual(["13:00:00 sla-breached"]);
  });

  test("is in the forecast and in the wake, and a repeat of the alert writes nothing for it", () => {
    const n = night(team, under([terms({ warn: [warning(30, { policy: "managers" })] })]));
    n.alert("trigger");
    const pending = forecast(n.state(), n.state().episode?.openedAt ?? 0);
    expect(pending.filter(({ kind }) => kind === "sla").map(({ at }) => new Date(at).toISOString().slice(11, 16))).toEqual([
      "03:30",
      "04:00",
    ]);
    expect(pending.find(({ user: who }) => who === "eva")?.reason).toContain("SLA Gold: 30 min left to answer");
    expect(nextWake(n.state())).toBe(Date.UTC(2026, 10, 24, 3, 30));
    const before = n.state().episode;
    n.pass(5);
    n.alert("trigger");
    expect(n.state().episode).toBe(before);
  });
});

describe("urgency by the hour", () => {
  const byHour = { inHours: "high" as const, outOfHours: "low" as const, hours: office, ackTimeoutMs: 30 * minute };
  const ladder = policy([
    [[user("ana")], 10],
    [[user("bo")], 10],
  ]);
  const low = decision(ladder, { urgency: "low", urgencyByHour: byHour, ackTimeoutMs: null });

  test("low at night pages the first step only; when the hours begin the policy starts at its first step", () => {
    const n = night(team, low);
    n.alert("trigger");
    n.pass(6 * 60 + 25);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "09:00:00 urgency",
      "09:00:00 sms ana",
      "09:10:00 sms bo",
      "09:20:00 exhausted",
    ]);
    expect(n.state().episode).toMatchObject({ urgency: "high", urgencyRisesAt: null });
  });

  test("whoever has acknowledged is paged once, and the acknowledgment's time begins", () => {
    const n = night(team, low);
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "ack" });
    n.pass(6 * 60 + 20);
    expect(n.told()).toEqual(["03:00:00 sms ana", "03:01:00 acknowledged", "09:00:00 urgency", "09:00:00 sms ana"]);
    n.pass(10);
    expect(n.told()).toEqual(["09:30:00 ack-timeout", "09:30:00 sms ana"]);
  });

  test("a snooze stays quiet over the opening, and pages as urgent when it ends", () => {
    const n = night(team, low);
    n.alert("trigger");
    n.act("ana", { kind: "snooze", until: Date.UTC(2026, 10, 24, 10) });
    n.pass(7 * 60 + 11);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:00:00 snoozed",
      "09:00:00 urgency",
      "10:00:00 snooze-ended",
      "10:00:00 sms ana",
      "10:10:00 sms bo",
    ]);
  });

  test("re-opened after the hours have begun: urgent at once, one wave", () => {
    const n = night(team, low);
    n.alert("trigger");
    n.pass(1);
    n.act("ana", { kind: "resolve", reason: null });
    n.pass(7 * 60);
    n.act("ana", { kind: "reopen" });
    n.pass(11);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "03:01:00 resolved",
      "10:01:00 reopened",
      "10:01:00 urgency",
      "10:01:00 sms ana",
      "10:11:00 sms bo",
    ]);
  });

  test("an edited calendar is asked at the next look: a rise that should have been is now", () => {
    const later = [
      { afterMs: 0, contact: "sms" },
      { afterMs: hour, contact: "sms" },
    ];
    const people = roster([person("ana", { notify: { high: [], low: later } }), person("bo")]);
    const n = night({ ...people, businessHours: { office } }, low);
    n.alert("trigger");
    n.pass(1);
    const earlier = { ...office, hours: [{ days: ["TU" as const], from: "03:30", to: "17:00" }] };
    n.configure({ ...people, version: 2, businessHours: { office: earlier } });
    n.pass(8 * 60);
    expect(n.told()).toEqual([
      "03:00:00 sms ana",
      "04:00:00 urgency",
      "04:00:00 urgency",
      "04:00:00 sms ana",
      "04:10:00 sms bo",
      "04:20:00 exhausted",
    ]);
  });
});
