// Owns which part of a long list is drawn: the rows near what is in view. The rest is two empty stretches of their height, so
// that ten thousand rows cost as much as two hundred. Heights are measured as rows come by; until then they are guessed.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows come and go in groups of so many. */
const group = 25;
/** Drawn beyond the view, in both directions. */
const beyondPx = 1_200;

export interface Window {
  /** The rows drawn: from, to (exclusive). */
  readonly from: number;
  readonly to: number;
  /** Heights of what is not. */
  readonly above: number;
  readonly below: number;
}

/** `list` holds the rows as its children that have `data-row`, in order. `guessPx`: the height of a row not seen yet. */
export function useWindow(list: { readonly current: HTMLElement | null }, count: number, guessPx: number): Window {
  const known = useRef<number[]>([]);
  const groups = Math.ceil(count / group);
  const heightOf = (n: number): number => known.current[n] ?? Math.min(group, count - n * group) * guessPx;
  const [shown, setShown] = useState<readonly [number, number]>([0, 2]);
  const [first, last] = [Math.min(shown[0], Math.max(0, groups - 1)), Math.min(shown[1], groups)];

  useLayoutEffect(() => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    for (let n = first; n < last; n++) {
      const mine = rows.slice((n - first) * group, (n - first + 1) * group);
      const [top, end] = [mine[0], mine.at(-1)];
      if (mine.length === Math.min(group, count - n * group) && top !== undefined && end !== undefined)
        known.current[n] = end.offsetTop + end.offsetHeight - top.offsetTop;
    }
    known.current.length = Math.min(known.current.length, groups);
  });

  useLayoutEffect(() => {
    let asked = 0;
    function look(): void {
      asked = 0;
      if (list.current === null) return;
      const top = -list.current.getBoundingClientRect().top;
      const [begin, end] = [top - beyondPx, top + innerHeight + beyondPx];
      let [from, to, at] = [groups, 0, 0];
      for (let n = 0; n < groups; n++) {
        const next = at + heightOf(n);
        if (next > begin && at < end) [from, to] = [Math.min(from, n), n + 1];
        at = next;
      }
      if (to === 0) [from, to] = [Math.max(0, groups - 1), groups];
      setShown((was) => (was[0] === from && was[1] === to ? was : [from, to]));
    }
    const soon = (): void => void (asked ||= requestAnimationFrame(look));
    look();
    addEventListener("scroll", soon, { passive: true });
    // Another width is another height of every row.
    const resized = (): void => {
      known.current = [];
      soon();
    };
    addEventListener("resize", resized);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener("scroll", soon);
      removeEventListener("resize", resized);
    };
  }, [groups, count]);

  const stretch = (from: number, to: number): number => {
    let sum = 0;
    for (let n = from; n < to; n++) sum += heightOf(n);
    return sum;
  };
  return {
    from: first * group,
    to: Math.min(last * group, count),
    above: stretch(0, first),
    below: stretch(last, groups),
  };
}
