// Clocks alone, by the facts they are reckoned from. Nights with phones are in sla.test.ts.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openTimeBetween, type BusinessHours } from "../../worker/core/calendar.ts";
import { nextClockAt, tendClocks, type SlaEvent, type SlaFacts, type SlaState } from "../../worker/core/sla-clock.ts";
import { slaPlan, stagesOf, termsFor, type Sla, type SlaTerms, type SlaWarning } from "../../worker/core/sla.ts";
import { shared } from "./vectors.ts";

const minute = 60_000;
const hour = 3_600_000;

const office: BusinessHours = {
  id: "office",
  name: "Office",
  timeZone: "Europe/Madrid",
  hours: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "18:00" }],
  holidays: [],
};

const stage = (at: string, more: Partial<SlaWarning> = {}): SlaWarning => ({
  at: at.endsWith("%") ? { percent: Number(at.slice(0, -1)) } : { beforeMs: Number(at) * minute },
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
    severities: ["P1", "P2"],
    respondMs: 2 * hour,
    resolveMs: 8 * hour,
    hours: "always",
    pauseIn: ["snoozed"],
    warn: [stage("50%"), stage("75%"), stage("90%")],
    ...more,
  };
}

const short = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString().slice(5, 16));

/** Facts that change over time, and what the clocks said at each look. */
function watch(list: readonly SlaTerms[], opened: string) {
  const openedAt = Date.parse(opened);
  let state: SlaState | null = null;
  let facts: SlaFacts = {
    terms: list,
    openedAt,
    state: "triggered",
    severity: "P1",
    respondedAt: null,
    resolvedAt: null,
    edited: false,
  };
  const line = (now: number, event: SlaEvent): string => {
    const said = `${short(now)} ${event.clock.id} ${event.clock.kind} ${event.kind}`;
    const named = (stages: readonly { readonly warning: SlaWarning }[]): string =>
      stages
        .map(({ warning }) => ("percent" in warning.at ? `${warning.at.percent}%` : `-${warning.at.beforeMs / minute}m`))
        .join(" ");
    if (event.kind === "warning")
      return `${said} ${named(event.stages)}${event.passed.length > 0 ? ` (passed ${named(event.passed)})` : ""}${event.pages.length > 0 ? ` pages ${named(event.pages)}` : ""}`;
    if (event.kind === "stopped") return `${said} ${event.clock.met ? "met" : "missed"}`;
    if (event.kind === "breached") return `${said} since ${short(event.clock.breachedAt)}`;
    return `${said} ${short(event.clock.deadline)}`;
  };
  const look = (now: number, change: Partial<SlaFacts> = {}): string[] => {
    facts = { ...facts, edited: false, ...change };
    const tended = tendClocks(state, facts, now);
    state = tended.state;
    return tended.events.map((event) => line(now, event));
  };
  return {
    /** One look, with changed facts: an alarm that came late, or an event. */
    at: (text: string, change: Partial<SlaFacts> = {}): string[] => look(Date.parse(text), change),
    /** Looks whenever the clocks ask for it. */
    until(text: string): string[] {
      const lines: string[] = [];
      for (let at = nextClockAt(state); at !== null && at <= Date.parse(text); at = nextClockAt(state)) lines.push(...look(at));
      return lines;
    },
    state: (): SlaState | null => state,
  };
}

describe("service level clocks", () => {
  test("warns at each stage, then says it is missed, each once", () => {
    const w = watch([terms({ resolveMs: null })], "2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:00:00Z")).toEqual(["11-24T03:00 gold respond started 11-24T05:00"]);
    expect(w.until("2026-12-24T00:00:00Z")).toEqual([
      "11-24T04:00 gold respond warning 50%",
      "11-24T04:30 gold respond warning 75%",
      "11-24T04:48 gold respond warning 90%",
      "11-24T05:00 gold respond breached since 11-24T05:00",
    ]);
  });

  test("an answer stops the response clock, the resolution the other", () => {
    const w = watch([terms()], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:10:00Z", { state: "acknowledged", respondedAt: Date.parse("2026-11-24T03:10:00Z") })).toEqual([
      "11-24T03:10 gold respond stopped met",
    ]);
    expect(w.until("2026-11-24T08:00:00Z")).toEqual(["11-24T07:00 gold resolve warning 50%"]);
    expect(w.at("2026-11-24T08:00:00Z", { state: "resolved", resolvedAt: Date.parse("2026-11-24T08:00:00Z") })).toEqual([
      "11-24T08:00 gold resolve stopped met",
    ]);
    expect(nextClockAt(w.state())).toBeNull();
  });

  test("counts its own hours only: over the night, the weekend and the clock change", () => {
    const w = watch(
      [terms({ hours: office, respondMs: null, resolveMs: 4 * hour, warn: [stage("30")] })],
      "2026-03-27T15:00:00Z",
    );
    // Friday 16:00 in Madrid: two hours that day, the rest on Monday, when Madrid is an hour further from UTC.
    expect(w.at("2026-03-27T15:00:00Z")).toEqual(["03-27T15:00 gold resolve started 03-30T09:00"]);
    expect(w.until("2026-03-31T00:00:00Z")).toEqual([
      "03-30T08:30 gold resolve warning -30m",
      "03-30T09:00 gold resolve breached since 03-30T09:00",
    ]);
  });

  test("stands still in the states it names, and a pause at night costs nothing", () => {
    const w = watch(
      [terms({ hours: office, respondMs: null, resolveMs: 4 * hour, warn: [stage("50%")] })],
      "2026-11-24T08:00:00Z",
    );
    w.at("2026-11-24T08:00:00Z");
    expect(w.at("2026-11-24T09:00:00Z", { state: "snoozed" })).toEqual([]);
    expect(w.state()?.clocks[0]).toMatchObject({ deadline: null, nextAt: null, pausedAt: Date.parse("2026-11-24T09:00:00Z") });
    // Nine to half past ten while open.
    expect(w.at("2026-11-24T10:30:00Z", { state: "triggered" })).toEqual(["11-24T10:30 gold resolve moved 11-24T13:30"]);
    expect(w.until("2026-11-24T12:00:00Z")).toEqual(["11-24T11:30 gold resolve warning 50%"]);
    w.at("2026-11-24T17:00:00Z", { state: "snoozed" });
    const still = w.state();
    expect(w.at("2026-11-25T08:00:00Z", { state: "triggered" })).toEqual([]);
    expect(w.state()?.clocks[0]?.pausedMs).toBe(still?.clocks[0]?.pausedMs);
  });

  test("several stages due at once after downtime: the latest speaks, and the latest that pages somebody pages", () => {
    const warn = [stage("50%", { policy: "managers" }), stage("75%", { flag: "hot" }), stage("90%", { flag: "hotter" })];
    const w = watch([terms({ resolveMs: null, warn })], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T04:55:00Z")).toEqual(["11-24T04:55 gold respond warning 90% (passed 50% 75%) pages 50%"]);
    expect(w.at("2026-11-24T07:00:00Z")).toEqual(["11-24T07:00 gold respond breached since 11-24T05:00"]);
  });

  test("an acknowledgment after the deadline, before anybody could look, is missed", () => {
    const w = watch([terms({ resolveMs: null })], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T05:01:00Z", { state: "acknowledged", respondedAt: Date.parse("2026-11-24T05:01:00Z") })).toEqual([
      "11-24T05:01 gold respond breached since 11-24T05:00",
      "11-24T05:01 gold respond stopped missed",
    ]);
    const atTheMoment = watch([terms({ resolveMs: null })], "2026-11-24T03:00:00Z");
    atTheMoment.at("2026-11-24T03:00:00Z");
    expect(
      atTheMoment.at("2026-11-24T05:00:00Z", { state: "acknowledged", respondedAt: Date.parse("2026-11-24T05:00:00Z") }),
    ).toEqual(["11-24T05:00 gold respond stopped met"]);
  });

  test("another severity: the terms that hold now, from the original start, with the time it stood still", () => {
    const list = [
      terms({ id: "p1", severities: ["P1"], respondMs: null, resolveMs: 4 * hour, warn: [stage("50%")] }),
      terms({ id: "p3", severities: ["P3"], respondMs: null, resolveMs: 12 * hour, warn: [stage("50%")] }),
    ];
    const w = watch(list, "2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:00:00Z", { severity: "P3" })).toEqual(["11-24T03:00 p3 resolve started 11-24T15:00"]);
    w.at("2026-11-24T03:30:00Z", { state: "snoozed" });
    w.at("2026-11-24T04:00:00Z", { state: "triggered" });
    // Half an hour stood still: due at 07:30, half of it at 05:30, which has passed.
    expect(w.at("2026-11-24T06:00:00Z", { severity: "P1" })).toEqual([
      "11-24T06:00 p1 resolve started 11-24T07:30",
      "11-24T06:00 p1 resolve warning 50%",
      "11-24T06:00 p3 resolve dropped 11-24T15:30",
    ]);
    expect(w.at("2026-11-24T06:10:00Z", { severity: "P3" })).toEqual([
      "11-24T06:10 p1 resolve dropped 11-24T07:30",
      "11-24T06:10 p3 resolve started 11-24T15:30",
    ]);
    // Back again: not warned twice, and the breach is not missed.
    expect(w.at("2026-11-24T06:20:00Z", { severity: "P1" })).toEqual([
      "11-24T06:20 p1 resolve started 11-24T07:30",
      "11-24T06:20 p3 resolve dropped 11-24T15:30",
    ]);
    expect(w.until("2026-11-25T00:00:00Z")).toEqual(["11-24T07:30 p1 resolve breached since 11-24T07:30"]);
  });

  test("a re-open goes on: the time it was resolved does not count, what was answered stays answered", () => {
    const w = watch([terms()], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:10:00Z", { state: "acknowledged", respondedAt: Date.parse("2026-11-24T03:10:00Z") });
    w.at("2026-11-24T04:00:00Z", { state: "resolved", resolvedAt: Date.parse("2026-11-24T04:00:00Z") });
    expect(w.at("2026-11-24T04:04:00Z", { state: "triggered", resolvedAt: null })).toEqual([
      "11-24T04:04 gold resolve moved 11-24T11:04",
    ]);
    expect(w.state()?.clocks.find((clock) => clock.kind === "respond")).toMatchObject({ met: true });
  });

  test("the end of a problem answers it; when it comes back, nobody has answered", () => {
    const w = watch([terms({ resolveMs: null })], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:30:00Z", { state: "resolved", resolvedAt: Date.parse("2026-11-24T03:30:00Z") })).toEqual([
      "11-24T03:30 gold respond stopped met",
    ]);
    expect(w.at("2026-11-24T03:34:00Z", { state: "triggered", resolvedAt: null })).toEqual([
      "11-24T03:34 gold respond moved 11-24T05:04",
    ]);
  });

  test("held and suppressed incidents have no clocks; a promoted one has them from its opening", () => {
    const w = watch([terms({ pauseIn: ["suppressed"] })], "2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:00:00Z", { state: "held" })).toEqual([]);
    expect(nextClockAt(w.state())).toBeNull();
    expect(w.at("2026-11-24T03:02:00Z", { state: "triggered" })[0]).toBe("11-24T03:02 gold respond started 11-24T05:00");
    const s = watch([terms({ pauseIn: ["suppressed"], resolveMs: null })], "2026-11-24T03:00:00Z");
    s.at("2026-11-24T03:00:00Z", { state: "suppressed" });
    expect(s.at("2026-11-24T04:00:00Z", { state: "triggered" })).toEqual(["11-24T04:00 gold respond started 11-24T06:00"]);
  });

  test("an edited calendar moves what still runs, takes back a breach that was none, and leaves what was judged", () => {
    const list = terms({ hours: office, respondMs: hour, resolveMs: 4 * hour, warn: [stage("50%")] });
    const w = watch([list], "2026-11-24T08:00:00Z");
    w.at("2026-11-24T08:00:00Z");
    w.at("2026-11-24T08:30:00Z", { state: "acknowledged", respondedAt: Date.parse("2026-11-24T08:30:00Z") });
    w.until("2026-11-24T12:30:00Z");
    expect(w.state()?.clocks[1]?.breachedAt).toBe(Date.parse("2026-11-24T12:00:00Z"));
    const holiday = { ...office, holidays: ["2026-11-24"] };
    expect(w.at("2026-11-24T12:31:00Z", { terms: [{ ...list, hours: holiday }], edited: true })).toEqual([
      "11-24T12:31 gold resolve moved 11-25T12:00",
    ]);
    expect(w.state()?.clocks[0]).toMatchObject({ met: true, stoppedAt: Date.parse("2026-11-24T08:30:00Z") });
    expect(w.until("2026-11-26T00:00:00Z")).toEqual(["11-25T12:00 gold resolve breached since 11-25T12:00"]);
  });

  test("a calendar that never opens has no deadline and asks for no look", () => {
    const w = watch([terms({ hours: { ...office, hours: [] } })], "2026-11-24T03:00:00Z");
    expect(w.at("2026-11-24T03:00:00Z")).toEqual([
      "11-24T03:00 gold respond started null",
      "11-24T03:00 gold resolve started null",
    ]);
    expect(nextClockAt(w.state())).toBeNull();
  });

  test("nothing changed and nothing due: the very same state", () => {
    const w = watch([terms()], "2026-11-24T03:00:00Z");
    w.at("2026-11-24T03:00:00Z");
    const state = w.state();
    w.at("2026-11-24T03:59:59Z");
    expect(w.state()).toBe(state);
  });

  test("the instants it is woken at are those at which its own elapsed time reaches the stage, whatever it stood still for", () => {
    const list = terms({
      hours: office,
      respondMs: null,
      resolveMs: 13 * hour + 7 * minute,
      warn: [stage("33%"), stage("77%"), stage("45")],
    });
    const w = watch([list], "2026-10-22T13:17:00Z");
    w.at("2026-10-22T13:17:00Z");
    const openedAt = Date.parse("2026-10-22T13:17:00Z");
    let stood = 0;
    const woken: number[] = [];
    const run = (until: number): void => {
      for (let at = nextClockAt(w.state()); at !== null && at <= until; at = nextClockAt(w.state())) {
        woken.push(openTimeBetween(office, openedAt, at) - stood);
        w.at(new Date(at).toISOString());
      }
    };
    for (const [from, to] of [
      ["2026-10-22T14:01:00Z", "2026-10-23T07:31:00Z"],
      ["2026-10-23T12:00:00Z", "2026-10-26T09:13:00Z"],
      ["2026-10-26T20:00:00Z", "2026-10-27T03:00:00Z"],
    ] as const) {
      run(Date.parse(from));
      w.at(from, { state: "snoozed" });
      w.at(to, { state: "acknowledged" });
      stood += openTimeBetween(office, Date.parse(from), Date.parse(to));
    }
    run(Date.parse("2026-11-24T00:00:00Z"));
    expect(woken).toEqual([...stagesOf(list, "resolve").map(({ afterMs }) => afterMs), list.resolveMs]);
  });
});

describe("terms and stages", () => {
  const sla = (more: Partial<Sla>): Sla => ({
    id: "gold",
    name: "Gold",
    when: "gold",
    respondMs: hour,
    resolveMs: null,
    hours: null,
    pauseIn: [],
    warn: [],
    ...more,
  });
  test("matched at opening for every severity of the scale, so that a later one needs no rule", () => {
    const list = termsFor([sla({}), sla({ id: "none", when: "no" }), sla({ id: "top", when: "P1", hours: "office" })], {
      businessHours: { office },
      severitiesOf: ({ when }) => ["P1", "P2"].filter((severity) => when === "gold" || when === severity),
    });
    expect(list.map(({ id, severities }) => [id, ...severities])).toEqual([
      ["gold", "P1", "P2"],
      ["top", "P1"],
    ]);
    expect(list[1]?.hours).toEqual(office);
  });

  test("a time before the end that is longer than the whole is half of it", () => {
    const list = terms({ respondMs: 20 * minute, resolveMs: 4 * hour, warn: [stage("30"), stage("50%", { clock: "resolve" })] });
    expect(stagesOf(list, "respond").map(({ afterMs }) => afterMs / minute)).toEqual([10]);
    expect(stagesOf(list, "resolve").map(({ afterMs }) => afterMs / minute)).toEqual([120, 210]);
    expect(slaPlan([list], "P1", 0)).toEqual([
      { id: "gold", kind: "respond", at: 20 * minute, warnAt: [10 * minute] },
      { id: "gold", kind: "resolve", at: 4 * hour, warnAt: [120 * minute, 210 * minute] },
    ]);
    expect(slaPlan([list], "P4", 0)).toEqual([]);
  });
});

interface Warnings {
  readonly id: string;
  readonly kind: string;
  readonly input: {
    readonly now: string;
    readonly incident: { readonly created: string; readonly acked: string | null };
    readonly targets: { readonly ack_min: number; readonly resolve_min: number };
  };
  readonly expect: { readonly warnings: readonly { readonly type: string; readonly remaining_s: number }[] };
}

const elsewhere = shared("vectors/escalation-opsknight.json");
describe.skipIf(elsewhere === null)("warnings of another product (vectors)", () => {
  const cases = elsewhere === null ? [] : (JSON.parse(readFileSync(elsewhere, "utf8")) as Warnings[]);
  test.each(cases.filter((each) => each.kind === "sla.warnings").map((each) => [each.id, each] as const))("%s", (_, each) => {
    const { now, incident, targets } = each.input;
    // That product warns five minutes before the acknowledge target; we warn by what the terms say.
    const list = terms({ respondMs: targets.ack_min * minute, resolveMs: targets.resolve_min * minute, warn: [stage("5")] });
    const w = watch([list], incident.created);
    w.at(incident.created);
    w.until(now);
    const warned = (w.state()?.clocks ?? []).filter((clock) => clock.warned.length > 0 && clock.stoppedAt === null);
    expect(
      warned.map(({ kind, deadline }) => ({
        type: kind === "respond" ? "ack" : "resolve",
        remaining_s: ((deadline ?? 0) - Date.parse(now)) / 1_000,
      })),
    ).toEqual(each.expect.warnings);
  });
});
