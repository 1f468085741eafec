// Owns trying the routes of the page, saved or not, on one alert: asked of the simulator, which runs the real ones.

import { useEffect, useState } from "preact/hooks";
import { call, Problem, tenant } from "../../lib/api.ts";
import type { Simulated } from "../../lib/setup-shapes.ts";
import type { RouteWords } from "../../lib/shapes-routes.ts";

/** What is tried. `key`: which alert of a body with several; null: the first. */
export interface Sample {
  readonly integration: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly alert?: { readonly title: string; readonly severity: string; readonly labels: Readonly<Record<string, string>> };
  /** What stands in for a body that cannot be read again. */
  readonly instead?: NonNullable<Sample["alert"]>;
  readonly dedupKey: string | null;
  /** When it comes; null: now. */
  readonly at: string | null;
}

export interface Verdict {
  readonly kind: "matched" | "passed" | "failed" | "after";
  readonly why: string;
}

export interface Trial {
  readonly result: Simulated;
  readonly alerts: number;
  readonly instead: boolean;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

export interface Trying {
  readonly trial: Trial | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
}

const waitMs = 400;

/** `draft` null: what is in force. Asked anew a moment after anything changed. */
export function useTrial(sample: Sample | null, draft: readonly RouteWords[] | null, version: number): Trying {
  const [state, setState] = useState<Trying>({ trial: null, problem: null, busy: false });
  const asked = sample === null ? null : JSON.stringify([sample, draft, version]);
  useEffect(() => {
    if (sample === null) return setState({ trial: null, problem: null, busy: false });
    const asking = new AbortController();
    setState((before) => ({ ...before, busy: true }));
    const timer = setTimeout(() => {
      attempt(sample, draft, asking.signal).then(
        (trial) => setState({ trial, problem: null, busy: false }),
        (error: unknown) => {
          if (asking.signal.aborted) return;
          setState({ trial: null, problem: error instanceof Problem ? error : new Problem(0, String(error)), busy: false });
        },
      );
    }, waitMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [asked]);
  return state;
}

async function attempt(sample: Sample, draft: readonly RouteWords[] | null, signal: AbortSignal): Promise<Trial> {
  const first = await simulated(sample, draft, signal);
  if (first?.action !== "unreadable" || sample.instead === undefined) return trialOf(first, false);
  const { body: _body, instead, ...rest } = sample;
  return trialOf(await simulated({ ...rest, alert: instead, dedupKey: null }, draft, signal), true);
}

type Found = (Simulated & { readonly of: number }) | null;

async function simulated(sample: Sample, draft: readonly RouteWords[] | null, signal: AbortSignal): Promise<Found> {
  const { integration, body, headers = {}, alert, dedupKey, at } = sample;
  const { alerts } = await call("simulate", {
    signal,
    body: {
      integration,
      ...(body === undefined ? { alert: alert as { readonly severity: "critical" } } : { body, headers }),
      ...(at === null ? {} : { at }),
      ...(draft === null ? {} : { document: { tenant: tenant.value ?? "", routes: draft } }),
    },
  });
  const found = alerts.find((each) => each.alert.dedupKey === dedupKey) ?? alerts[0];
  return found === undefined ? null : { ...found, of: alerts.length };
}

function trialOf(found: Found, instead: boolean): Trial {
  if (found === null) throw new Problem(422, "this body holds no alert");
  const verdicts = new Map(
    found.routes.map(({ id, matched, why, failed }): [string, Verdict] => [
      id,
      { kind: matched ? "matched" : failed ? "failed" : "passed", why },
    ]),
  );
  return { result: found, alerts: found.of, instead, verdicts };
}
