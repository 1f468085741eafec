// One person's phone in a storm, as truth tables: who goes at once, who waits, who carries, and what any doubt leads to.

import { describe, expect, test } from "vitest";
import { ask, forgotten, nobody, reported, type Answer, type Ask, type PersonState } from "../../worker/core/bundle.ts";
import { limits } from "../../worker/core/limits.ts";

const minute = 60_000;
const rule = { after: 3, withinMs: minute, everyMs: 2 * minute };

/** A person asked about page after page; `n` is the incident's number. */
function phone() {
  let state: PersonState = nobody;
  let now = 0;
  return {
    at: (ms: number) => void (now = ms),
    ask(n: number, more: Partial<Ask> = {}): Answer {
      const result = ask(
        state,
        {
          delivery: `d${n}`,
          incident: `i${n}`,
          title: `Incident ${n}`,
          severity: "P2",
          service: null,
          lane: "sms|twilio",
          rule,
          urgent: false,
          again: false,
          deadline: null,
          ...more,
        },
        now,
      );
      // What crosses to storage and back is plain data.
      state = JSON.parse(JSON.stringify(result.state)) as PersonState;
      return result.answer;
    },
    report: (n: number, accepted: boolean) => void (state = reported(state, "sms|twilio", `d${n}`, accepted, now)),
    forget: (...ns: number[]) =>
      void (state = forgotten(
        state,
        ns.map((n) => `d${n}`),
      )),
  };
}

const others = (answer: Answer): string[] => (answer.kind === "carry" ? answer.others.map((each) => each.delivery) : []);

describe("a storm", () => {
  test("the first three go at once; the next wait for one summary; the first to ask then carries the others", () => {
    const p = phone();
    expect([1, 2, 3].map((n) => p.ask(n).kind)).toEqual(["send", "send", "send"]);
    p.at(1_000);
    expect([4, 5, 6].map((n) => p.ask(n))).toEqual([4, 5, 6].map(() => ({ kind: "wait", until: 1_000 + 2 * minute })));
    p.at(1_000 + 2 * minute);
    expect(others(p.ask(5))).toEqual(["d4", "d6"]);
    expect(p.ask(4)).toMatchObject({ kind: "wait" });
    p.report(5, true);
    expect(p.ask(4)).toEqual({ kind: "carried", by: "d5" });
    expect(p.ask(6)).toEqual({ kind: "carried", by: "d5" });
    // And again, should the answer have been lost.
    expect(p.ask(6)).toEqual({ kind: "carried", by: "d5" });
  });

  test("one summary an interval, as long as it lasts", () => {
    const p = phone();
    let sent = 0;
    let carried = 0;
    const waiting = new Map<number, number>();
    for (let second = 0; second < 600; second++) {
      p.at(second * 1_000);
      for (const n of [second, ...[...waiting].filter(([, until]) => until <= second * 1_000).map(([each]) => each)]) {
        const answer = p.ask(n);
        waiting.delete(n);
        if (answer.kind === "send") sent++;
        if (answer.kind === "wait") waiting.set(n, answer.until);
        if (answer.kind === "carry") {
          sent++;
          p.report(n, true);
        }
        if (answer.kind === "carried") carried++;
      }
    }
    expect(sent).toBeLessThanOrEqual(3 + 5);
    expect(sent + carried + waiting.size).toBe(600);
  });

  test("slower than the rate every page goes by itself", () => {
    const p = phone();
    for (let n = 0; n < 50; n++) {
      p.at(n * 25_000);
      expect(p.ask(n).kind).toBe("send");
    }
  });

  test("the worst severity never waits, and counts", () => {
    const p = phone();
    for (let n = 0; n < 20; n++) expect(p.ask(n, { urgent: true }).kind).toBe("send");
    expect(p.ask(99).kind).toBe("wait");
  });

  test("an incident that went at once goes at once by every contact, one that waits waits by every contact", () => {
    const p = phone();
    for (const n of [1, 2, 3, 4]) p.ask(n);
    expect(p.ask(1, { delivery: "d1b", lane: "push|web" }).kind).toBe("send");
    expect(p.ask(4, { delivery: "d4b", lane: "push|web" }).kind).toBe("wait");
  });

  test("whoever would be too late for its incident does not wait", () => {
    const p = phone();
    for (const n of [1, 2, 3]) p.ask(n);
    expect(p.ask(4, { deadline: minute }).kind).toBe("send");
    expect(p.ask(5, { deadline: 10 * minute }).kind).toBe("wait");
  });

  test("a second try of what has left does not wait again", () => {
    const p = phone();
    for (const n of [1, 2, 3, 4]) p.ask(n);
    expect(p.ask(9, { again: true }).kind).toBe("send");
  });
});

describe("a carrier", () => {
  const storm = () => {
    const p = phone();
    for (const n of [1, 2, 3, 4, 5, 6]) p.ask(n);
    p.at(2 * minute);
    expect(others(p.ask(4))).toEqual(["d5", "d6"]);
    return p;
  };

  test("that fails gives way to the next", () => {
    const p = storm();
    p.report(4, false);
    expect(others(p.ask(5))).toEqual(["d6"]);
    p.report(5, true);
    expect(p.ask(6)).toEqual({ kind: "carried", by: "d5" });
  });

  test("that is never heard of again is taken as lost", () => {
    const p = storm();
    expect(p.ask(5).kind).toBe("wait");
    p.at(2 * minute + limits.bundle.carrierMs);
    // The lost one may have arrived: it is told of once more rather than not at all.
    expect(others(p.ask(5))).toEqual(["d4", "d6"]);
  });

  test("tried again carries the same", () => {
    expect(others(storm().ask(4, { again: true }))).toEqual(["d5", "d6"]);
  });

  test("does not tell of what somebody has acknowledged meanwhile", () => {
    const p = phone();
    for (const n of [1, 2, 3, 4, 5, 6]) p.ask(n);
    p.forget(5);
    p.at(2 * minute);
    expect(others(p.ask(4))).toEqual(["d6"]);
  });

  test("with nobody else left to tell of is a page like any other", () => {
    const p = phone();
    for (const n of [1, 2, 3, 4, 5]) p.ask(n);
    p.forget(5);
    p.at(2 * minute);
    expect(p.ask(4)).toEqual({ kind: "send" });
  });
});

test("what is kept is bounded, and whoever does not fit goes by itself", () => {
  const p = phone();
  for (const n of [1, 2, 3]) p.ask(n);
  for (let n = 10; n < 10 + limits.bundle.kept.waitingMax; n++) expect(p.ask(n).kind).toBe("wait");
  expect(p.ask(9_999).kind).toBe("send");
});
