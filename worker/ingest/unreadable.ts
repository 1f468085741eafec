// Owns bodies that nobody can read: they become one incident per integration, which closes by itself after a readable one.
// Broken sender templates are common, and nobody reads a sender's logs at night.

import type { Alert } from "../core/alert.ts";
import { alertIdentity } from "../core/ids.ts";
import type { Integration } from "../core/snapshot.ts";
import { callObject } from "../objects/call.ts";
import { indexStub } from "../objects/places.ts";
import type { KeyEntry } from "../objects/rpc.ts";

const dedupKey = "tocsin:unreadable";
const askMs = 3_000;
/** An isolate asks the index at most this often whether an unreadable incident is open for an integration. */
const askEveryMs = 60_000;

const askedAt = new Map<string, number>();

export function unreadableAlert(integration: Integration, reason: string): Alert {
  return {
    dedupKey,
    action: "trigger",
    severity: "error",
    title: `Unreadable alert from ${integration.name}`,
    body: `A body came in with the right key and could not be read: ${reason}. It is kept with this incident. Mend the sender's template, or your own code where that reads it; the incident closes after the next readable body.`,
    labels: { integration: integration.id, source: integration.source },
    links: [],
    source: integration.source,
    sourceAt: null,
    test: false,
  };
}

/** After a readable body: resolves the open unreadable incident, if there is one. Failing to look is no error of the sender's. */
export async function clearUnreadable(
  env: Env,
  entry: KeyEntry,
  integration: Integration,
  hand: (alert: Alert) => Promise<unknown>,
): Promise<void> {
  const own = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, dedupKey);
  const last = askedAt.get(own.hash) ?? 0;
  if (Date.now() - last < askEveryMs) return;
  askedAt.set(own.hash, Date.now());
  if (askedAt.size > 10_000) askedAt.clear();
  try {
    const open = await callObject(() => indexStub(env, own.hash).openGroup(`unreadable:${own.hash}`), askMs);
    if (open === null) return;
    await hand({
      ...unreadableAlert(integration, ""),
      action: "resolve",
      title: `${integration.name} sends readable bodies again`,
    });
    await callObject(() => indexStub(env, own.hash).setGroup(`unreadable:${own.hash}`, null), askMs);
  } catch (error) {
    askedAt.delete(own.hash);
    console.warn("could not look for an open unreadable incident", String(error));
  }
}

/** Notes that an unreadable incident is open, so that a readable body can close it. */
export async function noteUnreadable(env: Env, entry: KeyEntry, integration: Integration): Promise<void> {
  const own = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, dedupKey);
  askedAt.delete(own.hash);
  await callObject(() => indexStub(env, own.hash).setGroup(`unreadable:${own.hash}`, own.hash), askMs);
}
