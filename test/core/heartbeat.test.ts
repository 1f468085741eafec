// Heartbeats, told as a night: what a job says, when it counts as late and as missing, and what the incident hears.

import { describe, expect, test } from "vitest";
import {
  dueReport,
  expectedAt,
  heartbeatStep,
  heartbeatWake,
  newHeartbeat,
  shownStatus,
  type HeartbeatState,
  type Outage,
  type Signal,
} from "../../worker/core/heartbeat.ts";
import type { Heartbeat } from "../../worker/core/snapshot.ts";

const minute = 60_000;
const start = Date.UTC(2026, 10, 24, 3, 0, 0);
const identity = { tenant: "acme", jurisdiction: null, heartbeat: "backup" };
const every = (everyMs: number): Heartbeat["schedule"] => ({ kind: "every", everyMs });

function spec(more: Partial<Heartbeat> = {}): Heartbeat {
  return {
    id: "backup",
    name: "backup",
    keyHash: "",
    schedule: every(10 * minute),
    graceMs: 2 * minute,
    service: "svc",
    severity: "P2",
    expectFirst: false,
    ...more,
  };
}

interface Watch {
  state(): HeartbeatState;
  beat(signal?: Signal["kind"] | number, run?: string | null, body?: string): void;
  at(minutes: number): void;
  status(): string;
  /** What the incident heard since the last call. */
  told(): string[];
  do(event: Parameters<typeof heartbeatStep>[1]): void;
}

function watch(given: Partial<Heartbeat> = {}, outages: readonly Outage[] = [], incidentDark = false): Watch {
  let now = start;
  let state = newHeartbeat(identity, spec(given), 1, now);
  const lines: string[] = [];
  const tell = (): void => {
    for (let report = dueReport(state, now); report !== null; report = dueReport(state, now)) {
      if (!incidentDark) lines.push(`${new Date(now).toISOString().slice(11, 19)} ${report.action}: ${report.title}`);
      state = heartbeatStep(state, { type: "reported", n: report.n, told: !incidentDark, incident: "inc_1" }, now);
    }
  };
  const take = (event: Parameters<typeof heartbeatStep>[1]): void => {
    state = heartbeatStep(state, event, now);
    tell();
  };
  return {
    state: () => state,
    told: () => lines.splice(0),
    status: () => shownStatus(state, now),
    do: take,
    beat(signal = "success", run = null, body = "") {
      const said: Signal = typeof signal === "number" ? { kind: "exit", code: signal } : ({ kind: signal } as Signal);
      take({ type: "beat", beat: { signal: said, run, body } });
    },
    at(minutes) {
      const until = start + minutes * minute;
      for (let wake = heartbeatWake(state); wake !== null && wake <= until; wake = heartbeatWake(state)) {
        now = Math.max(now, wake);
        take({ type: "wake", outages });
      }
      now = until;
    },
  };
}

describe("a job that beats", () => {
  test("is new until its first beat, then up, late, missing, and back", () => {
    const w = watch();
    w.at(600);
    expect(w.status()).toBe("new");
    expect(w.told()).toEqual([]);
    w.beat();
    expect(w.status()).toBe("up");
    w.at(609);
    expect(w.status()).toBe("up");
    w.at(611);
    expect(w.status()).toBe("late");
    expect(w.told()).toEqual([]);
    w.at(612);
    expect(w.status()).toBe("down");
    expect(w.told()).toEqual(["13:12:00 trigger: Heartbeat backup is missing"]);
    w.at(620);
    w.beat();
    expect(w.status()).toBe("up");
    expect(w.told()).toEqual(["13:20:00 resolve: Heartbeat backup is back"]);
    w.at(631.9);
    expect(w.told()).toEqual([]);
  });

  test("a beat in the grace is in time, and the next is counted from it", () => {
    const w = watch();
    w.beat();
    w.at(11.5);
    w.beat();
    w.at(23.4);
    expect([w.status(), w.told()]).toEqual(["late", []]);
    w.at(23.5);
    expect(w.told()).toEqual(["03:23:30 trigger: Heartbeat backup is missing"]);
  });

  test("the first beat is waited for from the beginning where it is expected", () => {
    const w = watch({ expectFirst: true });
    w.at(11);
    expect(w.status()).toBe("late");
    w.at(12);
    expect(w.told()).toEqual(["03:12:00 trigger: Heartbeat backup is missing"]);
    expect(w.state().down?.reason).toContain("since it was set up at 2026-11-24T03:00:00Z");
  });

  test("by cron in a zone: due on the wall clock, whenever the last beat came", () => {
    const w = watch({ schedule: { kind: "cron", cron: "0 3 * * *", timeZone: "Europe/Madrid" }, graceMs: 30 * minute });
    w.beat(); // 03:00 UTC is 04:00 in Madrid
    expect(new Date(expectedAt(w.state()) ?? 0).toISOString()).toBe("2026-11-25T02:00:00.000Z");
    w.at(23 * 60 + 29);
    expect([w.status(), w.told()]).toEqual(["late", []]);
    w.at(23 * 60 + 30);
    expect(w.told()).toEqual(["02:30:00 trigger: Heartbeat backup is missing"]);
  });
});

describe("a job that says how it went", () => {
  test.each<[Signal["kind"] | number, string]>([
    ["fail", "It said so itself"],
    [3, "It ended with exit code 3"],
  ])("%s opens an incident at once, and says what it sent", (signal, words) => {
    const w = watch();
    w.beat();
    w.at(1);
    w.do({
      type: "beat",
      beat: {
        signal: typeof signal === "number" ? { kind: "exit", code: signal } : { kind: "fail" },
        run: null,
        body: "disk full",
      },
    });
    expect(w.told()).toEqual(["03:01:00 trigger: Heartbeat backup has failed"]);
    expect(w.state().down?.reason).toContain(words.toLowerCase().slice(3));
    expect(w.state().last?.body).toBe("disk full");
    w.at(2);
    w.beat(0);
    expect(w.told()).toEqual(["03:02:00 resolve: Heartbeat backup is back"]);
  });

  test("each failure is told: one that comes after a person resolved the incident opens it again", () => {
    const w = watch();
    w.beat("fail");
    w.at(1);
    w.beat("fail");
    expect(w.told()).toEqual(["03:00:00 trigger: Heartbeat backup has failed", "03:01:00 trigger: Heartbeat backup has failed"]);
    expect(w.state().down?.since).toBe(start);
  });

  test("a start without an end is missing after the grace, also of a job that never ended before", () => {
    const w = watch();
    w.beat("start");
    expect(w.status()).toBe("new");
    w.at(2);
    expect(w.told()).toEqual(["03:02:00 trigger: Heartbeat backup is missing"]);
    expect(w.state().down?.reason).toContain("it began at 2026-11-24T03:00:00Z and did not end within 2m");
  });

  test("the time of a run is from its start to its end; another run's end does not count", () => {
    const w = watch();
    w.beat("start", "r1");
    w.at(1);
    w.beat("success", "r1");
    expect(w.state()).toMatchObject({ tookMs: minute, running: null });
    w.at(5);
    w.beat("start", "r2");
    w.at(5.5);
    w.beat("success", "r9");
    expect(w.state().tookMs).toBeNull();
    expect(w.told()).toEqual([]);
  });

  test("a start does not put off the time by which a run must have ended", () => {
    const w = watch();
    w.beat();
    w.at(11.5);
    w.beat("start");
    w.at(12);
    expect(w.told()).toEqual(["03:12:00 trigger: Heartbeat backup is missing"]);
  });
});

describe("a job that stays silent", () => {
  test("repeats its alert at each further missed time, at most once an hour", () => {
    const w = watch();
    w.beat();
    w.at(200);
    expect(w.told()).toEqual([
      "03:12:00 trigger: Heartbeat backup is missing",
      "04:12:00 trigger: Heartbeat backup is still missing",
      "05:12:00 trigger: Heartbeat backup is still missing",
      "06:12:00 trigger: Heartbeat backup is still missing",
    ]);
  });

  test("a weekly one repeats a week later", () => {
    const w = watch({ schedule: every(7 * 24 * 60 * minute) });
    w.beat();
    w.at(15 * 24 * 60);
    expect(w.told()).toEqual([
      "03:02:00 trigger: Heartbeat backup is missing",
      "03:04:00 trigger: Heartbeat backup is still missing",
    ]);
  });
});

describe("the hub itself was down", () => {
  test("a beat it may have refused is waited for once more, a period and the grace from its return", () => {
    const w = watch({}, [{ from: start + 5 * minute, to: start + 11.5 * minute }]);
    w.beat();
    w.at(23);
    expect([w.status(), w.told()]).toEqual(["late", []]);
    w.beat();
    w.at(30);
    expect([w.status(), w.told()]).toEqual(["up", []]);
  });

  test("and then it is missing all the same, with the outage in the reason", () => {
    const w = watch({}, [{ from: start + 5 * minute, to: start + 11.5 * minute }]);
    w.beat();
    w.at(24);
    expect(w.told()).toEqual(["03:23:30 trigger: Heartbeat backup is missing"]);
    expect(w.state().down?.reason).toContain("The hub itself was down from 2026-11-24T03:05:00Z to 2026-11-24T03:11:30Z");
  });

  test("an outage that was over before the beat was due excuses nothing", () => {
    const w = watch({}, [{ from: start + minute, to: start + 7 * minute }]);
    w.beat();
    w.at(12);
    expect(w.told()).toEqual(["03:12:00 trigger: Heartbeat backup is missing"]);
  });

  test("a daily one waits an hour and its grace, not another day", () => {
    const day = 24 * 60;
    const w = watch({ schedule: every(day * minute), graceMs: 30 * minute }, [
      { from: start + (day - 1) * minute, to: start + (day + 10) * minute },
    ]);
    w.beat();
    w.at(day + 99);
    expect(w.told()).toEqual([]);
    w.at(day + 100);
    expect(w.told()).toEqual(["04:40:00 trigger: Heartbeat backup is missing"]);
  });

  test("one that goes on being down is not waited for without end", () => {
    const forever = [{ from: start, to: start + 1_000 * minute }];
    const w = watch({}, forever);
    w.beat();
    w.at(1_013);
    expect(w.told().length).toBe(1);
  });

  test("a failure is a failure: no outage excuses it", () => {
    const w = watch({}, [{ from: start, to: start + 20 * minute }]);
    w.beat("fail");
    expect(w.told().length).toBe(1);
  });
});

describe("pause, change, removal", () => {
  test("a pause is silent, closes what was open, keeps counting beats, and ends by hand or in time", () => {
    const w = watch();
    w.beat();
    w.at(13);
    w.told();
    w.do({ type: "pause", until: null, by: "ana" });
    expect([w.status(), w.told()]).toEqual(["paused", ["03:13:00 resolve: Heartbeat backup is paused"]]);
    w.at(500);
    w.beat();
    w.beat("fail");
    w.beat("start");
    expect([w.status(), w.told()]).toEqual(["paused", []]);
    w.do({ type: "resume", by: "ana" });
    expect(w.status()).toBe("up");
    w.at(511);
    expect(w.told()).toEqual([]);
    w.at(512);
    expect(w.told()).toEqual(["11:32:00 trigger: Heartbeat backup is missing"]);
    w.do({ type: "pause", until: start + 600 * minute, by: "ana" });
    w.at(611.9);
    expect(w.told().length).toBe(1);
    w.at(612);
    expect(w.told()).toEqual(["13:12:00 trigger: Heartbeat backup is missing"]);
  });

  test("a changed schedule begins anew: nobody is paged for what was not asked of the job before", () => {
    const w = watch({ schedule: every(24 * 60 * minute) });
    w.beat();
    w.at(100);
    w.do({ type: "configure", spec: spec({ schedule: every(5 * minute) }), version: 2 });
    w.at(106.9);
    expect(w.told()).toEqual([]);
    w.at(107);
    expect(w.told()).toEqual(["04:47:00 trigger: Heartbeat backup is missing"]);
  });

  test("an older configuration that comes late is not taken, and one without a change moves nothing", () => {
    const w = watch();
    w.beat();
    w.at(9);
    w.do({ type: "configure", spec: spec({ name: "nightly" }), version: 3 });
    w.do({ type: "configure", spec: spec({ schedule: every(minute) }), version: 2 });
    w.at(12);
    expect(w.told()).toEqual(["03:12:00 trigger: Heartbeat nightly is missing"]);
  });

  test("one taken out of the configuration closes its incident; brought back it is new", () => {
    const w = watch();
    w.beat("fail");
    w.told();
    w.do({ type: "remove", version: 2 });
    expect(w.told()).toEqual(["03:00:00 resolve: Heartbeat backup is no longer watched"]);
    w.at(1_000);
    expect([w.told(), heartbeatWake(w.state())]).toEqual([[], null]);
    w.do({ type: "configure", spec: spec(), version: 3 });
    expect(w.status()).toBe("new");
  });
});

test("what the incident could not be told is told later, in order, the newest never dropped", () => {
  let state = newHeartbeat(identity, spec(), 1, start);
  for (let i = 0; i < 40; i++)
    state = heartbeatStep(
      state,
      { type: "beat", beat: { signal: { kind: i % 2 === 0 ? "fail" : "success" }, run: null, body: "" } },
      start + i * 1_000,
    );
  expect(state.reports.length).toBe(10);
  expect(state.reports[0]).toMatchObject({ n: 1, action: "trigger" });
  expect(state.reports.at(-1)).toMatchObject({ n: 40, action: "resolve" });
  const failed = heartbeatStep(state, { type: "reported", n: 1, told: false, incident: null }, start + 60_000);
  expect(dueReport(failed, start + 60_000)).toBeNull();
  expect(heartbeatWake(failed)).toBe(start + 61_000);
  const late = heartbeatStep(failed, { type: "reported", n: 7, told: true, incident: null }, start + 61_000);
  expect(late).toBe(failed);
});
