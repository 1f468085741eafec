// Owns a rate: so many in a window of time that begins with its first. Counts and times only.

export interface Rate {
  readonly count: number;
  readonly withinMs: number;
}

export interface Window {
  readonly from: number;
  readonly used: number;
}

export interface Taken {
  readonly window: Window;
  /** How many of those wanted are allowed. */
  readonly granted: number;
  /** When the next window begins, epoch ms. */
  readonly until: number;
}

/** Takes up to `want` out of the present window, or out of a new one where that is over. */
export function take(rate: Rate, window: Window | null, want: number, now: number): Taken {
  const open = window !== null && now >= window.from && now < window.from + rate.withinMs;
  const present = open ? window : { from: now, used: 0 };
  const granted = Math.max(0, Math.min(want, rate.count - present.used));
  return { window: { ...present, used: present.used + granted }, granted, until: present.from + rate.withinMs };
}
