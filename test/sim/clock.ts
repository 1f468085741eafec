// Owns virtual time: a queue of things to happen by true time, and a wall clock that may be stepped away from it.

export interface Clock {
  /** True milliseconds since the run began; never steps. */
  truth(): number;
  /** What the program under test reads. */
  now(): number;
  /** Moves the wall clock by this much against the truth. */
  stepWall(byMs: number): void;
  after(ms: number, run: () => void): void;
  /** Runs everything up to this true time. */
  runUntil(truth: number): void;
}

const began = Date.UTC(2026, 0, 5, 8, 0, 0);

export function virtualClock(): Clock {
  const queue: { at: number; order: number; run: () => void }[] = [];
  let truth = 0;
  let offset = 0;
  let order = 0;
  const before = (a: { at: number; order: number }, b: { at: number; order: number }): boolean =>
    a.at < b.at || (a.at === b.at && a.order < b.order);
  const push = (item: { at: number; order: number; run: () => void }): void => {
    let i = queue.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const [mine, above] = [queue[i], queue[parent]];
      if (!mine || !above || !before(mine, above)) break;
      queue[i] = above;
      queue[parent] = mine;
      i = parent;
    }
  };
  const pop = (): { at: number; run: () => void } | undefined => {
    const top = queue[0];
    const last = queue.pop();
    if (top === undefined || last === undefined || queue.length === 0) return top;
    queue[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        const [c, l] = [queue[child], queue[least]];
        if (c && l && before(c, l)) least = child;
      }
      const [mine, other] = [queue[i], queue[least]];
      if (least === i || !mine || !other) break;
      queue[i] = other;
      queue[least] = mine;
      i = least;
    }
    return top;
  };
  return {
    truth: () => truth,
    now: () => began + truth + offset,
    stepWall: (byMs) => void (offset += byMs),
    after: (ms, run) => push({ at: truth + Math.max(0, Math.round(ms)), order: order++, run }),
    runUntil: (until) => {
      while (queue[0] !== undefined && queue[0].at <= until) {
        const item = pop();
        if (!item) break;
        truth = item.at;
        item.run();
      }
      truth = until;
    },
  };
}
