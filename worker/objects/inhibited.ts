// Owns asking gates about inhibition, in every case within limits.gate.askMs and without a throw: no answer means "not muted".

import type { Inhibition } from "../core/inhibition.ts";
import type { Identity, IncidentState } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { Id } from "../core/snapshot.ts";
import { withLimit } from "./limit.ts";
import { gateStub } from "./places.ts";

function gateOf(env: Env, { tenant, jurisdiction }: Identity, rule: Id) {
  return gateStub(env, tenant, jurisdiction, `inhibit:${rule}`);
}

/** Says that an alert fires which mutes others. */
export async function announce(env: Env, by: Identity, inhibition: Inhibition): Promise<void> {
  await withLimit(gateOf(env, by, inhibition.rule).opened(by, inhibition), limits.gate.askMs).catch(() => undefined);
}

/** Says that it does so no longer. Lost, those it muted find out within a minute. */
export async function withdraw(env: Env, by: Identity, inhibition: Inhibition): Promise<void> {
  await withLimit(gateOf(env, by, inhibition.rule).closed(by, inhibition), limits.gate.askMs).catch(() => undefined);
}

export async function inhibitorOf(env: Env, asker: Identity, inhibition: Inhibition): Promise<string | null> {
  return withLimit(gateOf(env, asker, inhibition.rule).inhibitor(asker, inhibition), limits.gate.askMs).catch(() => null);
}

/** For every inhibition of the incident that is due to be asked about (`all`: for every one): whether it goes on. */
export async function stillInhibited(env: Env, state: IncidentState, all: boolean): Promise<Readonly<Record<Id, boolean>>> {
  const mutes = state.episode?.status === "suppressed" ? (state.episode.mutes ?? []) : [];
  const due = mutes.flatMap((mute) => (mute.kind === "inhibition" && (all || mute.until <= Date.now()) ? [mute] : []));
  const answers = await Promise.all(
    due.map(async ({ id, key, both }) => {
      const by = await inhibitorOf(env, state.identity, { rule: id, key, both: both ?? false });
      return [id, by !== null] as const;
    }),
  );
  return Object.fromEntries(answers);
}
