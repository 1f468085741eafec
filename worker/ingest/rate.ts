// Owns how much of an integration is let in. One without a rate of its own is counted in this isolate only, against a bound that
// no real sender meets; one with a rate takes parts of it from its gate. A gate that does not answer lets everything in.

import type { Alert } from "../core/alert.ts";
import { limits } from "../core/limits.ts";
import { take, type Rate, type Window } from "../core/rate.ts";
import type { Integration } from "../core/snapshot.ts";
import { withLimit } from "../objects/limit.ts";
import { gateStub } from "../objects/places.ts";
import type { KeyEntry } from "../objects/rpc.ts";

const bound = limits.rate;
const dedupKey = "tocsin:over-rate";

interface Known {
  /** Requests that may still pass without asking. */
  left: number;
  /** Nothing is left until then. */
  closedUntil: number;
  /** Refused since the gate was last told. */
  refused: number;
  window: Window | null;
  noticedAt: number;
}

const known = new Map<string, Known>();

export type Admission =
  | { readonly ok: true; readonly calm: boolean }
  | {
      readonly ok: false;
      readonly retryAfterS: number;
      /** This isolate has not said so lately: the incident about it is due. */
      readonly notice: boolean;
      readonly rate: Rate;
      readonly refused: number;
    };

/** Whether one request more of this integration passes. */
export async function admitRequest(env: Env, entry: KeyEntry, integration: Integration, now: number): Promise<Admission> {
  const own = integration.rateLimit ?? null;
  const rate: Rate = own ?? { count: bound.count, withinMs: bound.withinMs };
  const state = stateOf(`${entry.jurisdiction ?? "-"}:${entry.tenant}:${integration.id}:${rate.count}/${rate.withinMs}`);
  if (now < state.closedUntil) return refuse(state, rate, now);
  if (own === null) {
    const taken = take(rate, state.window, 1, now);
    state.window = taken.window;
    if (taken.granted > 0) return { ok: true, calm: false };
    state.closedUntil = taken.until;
    return refuse(state, rate, now);
  }
  if (state.left > 0) {
    state.left--;
    return { ok: true, calm: false };
  }
  const want = Math.max(1, Math.floor(rate.count / bound.leases));
  const told = state.refused;
  try {
    const gate = gateStub(env, entry.tenant, entry.jurisdiction, `rate:${integration.id}`);
    const answer = await withLimit(gate.takeRate(rate, want, told), limits.gate.askMs);
    state.refused -= told;
    if (answer.granted === 0) {
      state.closedUntil = answer.until;
      return refuse(state, rate, now, answer.refused);
    }
    state.left += answer.granted - 1;
    return { ok: true, calm: answer.calm };
  } catch {
    return { ok: true, calm: false };
  }
}

function refuse(state: Known, rate: Rate, now: number, total: number | null = null): Admission {
  // The gate has counted the one that it refused itself.
  if (total === null) state.refused++;
  const notice = now - state.noticedAt >= bound.noticeMs;
  if (notice) state.noticedAt = now;
  const retryAfterS = Math.max(1, Math.ceil((state.closedUntil - now) / 1_000));
  return { ok: false, retryAfterS, notice, rate, refused: total ?? state.refused };
}

function stateOf(name: string): Known {
  const found = known.get(name);
  if (found) return found;
  if (known.size >= bound.keptMax) known.clear();
  const made: Known = { left: 0, closedUntil: 0, refused: 0, window: null, noticedAt: 0 };
  known.set(name, made);
  return made;
}

/** The incident that says so; one an integration, closed when it has kept to its rate for a while. */
export function overRateAlert(integration: Integration, rate: Rate | null): Alert {
  const words = rate === null ? "" : ` more than ${rate.count} requests within ${rate.withinMs / 1_000} s`;
  return {
    dedupKey,
    action: rate === null ? "resolve" : "trigger",
    severity: "warning",
    title: rate === null ? `${integration.name} keeps to its rate again` : `${integration.name} is over its rate`,
    body: `Integration ${integration.id} sends${words}. What is over the rate is answered 429 with Retry-After: a sender that does not send it again loses it. Raise rateLimit, or find out why it sends so much.`,
    labels: { integration: integration.id, source: integration.source },
    links: [],
    source: integration.source,
    sourceAt: null,
    test: false,
  };
}

/** The incident has been closed: the gate need not say so again. */
export async function calmed(env: Env, entry: KeyEntry, integration: Integration): Promise<void> {
  await withLimit(gateStub(env, entry.tenant, entry.jurisdiction, `rate:${integration.id}`).calmed(), limits.gate.askMs);
}
