// Owns one try of one delivery: opens the secrets it needs, signs the link, calls the notifier plugin under its time
// limit, and turns whatever happens into an Outcome. Never decides whether to try again.

import { notifiers } from "../../plugins/registry.gen.ts";
import { ProviderError } from "../../plugins/sdk/provider-error.ts";
import type { Delivery, Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import type { OutgoingPage, Outcome } from "../core/page.ts";
import type { Roster } from "../core/roster.ts";
import type { Notifier } from "../core/snapshot.ts";
import { signLink } from "../respond/link.ts";
import { open, SealError } from "../security/seal.ts";
import { makeIo } from "./io.ts";
import { TimeLimitError, withLimit } from "./limit.ts";
import { inboxStub } from "./places.ts";

export interface Job {
  readonly identity: Identity;
  readonly delivery: Delivery;
  readonly roster: Roster | null;
  /** An earlier try was lost: ask the provider first, where it can be asked. */
  readonly lookup: boolean;
}

/** `mayStart` is asked synchronously before any byte leaves: false once the delivery was cancelled or re-claimed. */
export async function deliver(env: Env, job: Job, mayStart: () => boolean): Promise<Outcome> {
  const { delivery, roster, identity } = job;
  const notifier = roster?.notifiers[delivery.via];
  const plugin = notifier && notifiers[notifier.plugin];
  if (!notifier || !plugin) return { status: "failed", reason: `notifier ${delivery.via} is not configured any more` };
  const limitMs = notifier.limitMs || limits.send.limitMsDefault;
  let started = false;
  const start = (): boolean => {
    if (!mayStart()) return false;
    started = true;
    return true;
  };
  const io = makeIo({ env, needs: plugin.manifest.needs, limitMs, mayStart: start, inbox: inboxStub(env, identity.tenant) });
  try {
    const secrets = plugin.secrets.safeParse(await openSecrets(env, identity.tenant, notifier));
    const config = plugin.config.safeParse(notifier.config);
    if (!secrets.success || !config.success)
      return { status: "failed", reason: `the configuration of notifier ${notifier.id} does not fit its plugin: apply it again` };
    const call = { config: config.data, secrets: secrets.data, target: delivery.page.contact.to };
    if (job.lookup && plugin.lookup) {
      const known = await withLimit(plugin.lookup(delivery.id, call, io), limitMs);
      if (known !== null) return known;
    }
    const page = await outgoing(env, job);
    return await withLimit(plugin.send({ ...call, page, attempt: delivery.attempt }, io), limitMs);
  } catch (error) {
    return outcomeOf(error, started, limitMs);
  }
}

function outcomeOf(error: unknown, started: boolean, limitMs: number): Outcome {
  if (error instanceof ProviderError) {
    return error.kind === "unknown"
      ? { status: "unknown", reason: error.message }
      : { status: "retry", reason: error.message, afterMs: null };
  }
  if (error instanceof TimeLimitError) {
    const reason = `no answer within ${limitMs / 1_000} s`;
    return started ? { status: "unknown", reason } : { status: "retry", reason, afterMs: null };
  }
  if (error instanceof SealError) return { status: "failed", reason: `the notifier's secrets do not open: ${error.message}` };
  // The plugin itself broke: its next try would break the same way. The next channel or person is due.
  return { status: "failed", reason: `the notifier broke (${error instanceof Error ? error.name : "unknown error"})` };
}

async function openSecrets(env: Env, tenant: string, notifier: Notifier): Promise<Record<string, string>> {
  const opened = await Promise.all(
    Object.entries(notifier.secrets).map(
      async ([field, sealed]) => [field, await open(env, `${tenant}/notifiers/${notifier.id}/${field}`, sealed)] as const,
    ),
  );
  return Object.fromEntries(opened);
}

async function outgoing(env: Env, job: Job): Promise<OutgoingPage> {
  const { delivery, identity, roster } = job;
  const respond = await signLink(env, {
    tenant: identity.tenant,
    jurisdiction: identity.jurisdiction,
    incident: delivery.incident,
    user: delivery.user,
    linkEpoch: roster?.people[delivery.user]?.linkEpoch ?? 0,
    delivery: delivery.id,
    issuedAt: delivery.page.sentAt,
  });
  return { ...delivery.page, links: { respond } };
}
