// Owns the fake providers: one that drops repeats of a delivery id, two that do not. Each can be dark, slow, refuse for
// good, or accept and lose the answer. It remembers what it was asked and what a person would have seen.

import type { Outcome } from "../../worker/core/page.ts";
import type { Chance } from "./prng.ts";

export type Weather = {
  readonly dark: boolean;
  readonly error: number;
  readonly hang: number;
  readonly dropAnswer: number;
  readonly refuse: number;
};

export interface Provider {
  readonly id: string;
  readonly idempotent: boolean;
  readonly copyCap: number;
  weather: Weather;
  /** Copies a person would have seen, by delivery. */
  readonly seen: Map<string, number>;
  /** Every copy that arrived, repeats that were dropped among them, in order. */
  readonly arrivals: string[];
  /** True times of each call, by delivery. */
  readonly calls: Map<string, number[]>;
  call(delivery: string, truth: number, chance: Chance): { readonly outcome: Outcome | null; readonly afterMs: number };
}

export const fair: Weather = { dark: false, error: 0, hang: 0, dropAnswer: 0, refuse: 0 };

export function fakeProvider(id: string, idempotent: boolean, copyCap: number): Provider {
  const seen = new Map<string, number>();
  const calls = new Map<string, number[]>();
  const arrivals: string[] = [];
  const arrive = (delivery: string): void => {
    arrivals.push(delivery);
    if (idempotent && seen.has(delivery)) return;
    seen.set(delivery, (seen.get(delivery) ?? 0) + 1);
  };
  const provider: Provider = {
    id,
    idempotent,
    copyCap,
    weather: fair,
    seen,
    arrivals,
    calls,
    call(delivery, truth, chance) {
      calls.set(delivery, [...(calls.get(delivery) ?? []), truth]);
      const { weather } = provider;
      const afterMs = chance.int(5, 400);
      if (weather.dark)
        return chance.hit(0.5)
          ? { outcome: { status: "retry", reason: "503", afterMs: null }, afterMs }
          : { outcome: null, afterMs };
      if (chance.hit(weather.error))
        return { outcome: { status: "retry", reason: "500", afterMs: chance.hit(0.2) ? 7_000 : null }, afterMs };
      if (chance.hit(weather.refuse)) return { outcome: { status: "failed", reason: "400" }, afterMs };
      if (chance.hit(weather.hang)) return { outcome: null, afterMs };
      arrive(delivery);
      // null: the request arrived, the answer is lost.
      if (chance.hit(weather.dropAnswer)) return { outcome: null, afterMs };
      return { outcome: { status: "accepted", ref: `${id}-${delivery.slice(-4)}` }, afterMs };
    },
  };
  return provider;
}
