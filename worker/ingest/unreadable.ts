// Owns bodies that nobody can read: they become one incident per integration, which closes by itself after a readable body once
// somebody has acknowledged it; what is broken in another way after that is an incident of its own. Broken sender templates are
// common, and nobody reads a sender's logs at night.

import { digestOf } from "../../plugins/sdk/key.ts";
import type { Alert } from "../core/alert.ts";
import { alertIdentity, objectName } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import { unreadDue } from "../core/unread.ts";
import type { Integration } from "../core/snapshot.ts";
import { callObject } from "../objects/call.ts";
import { admit } from "../objects/descriptor-guard.ts";
import { withLimit } from "../objects/limit.ts";
import { incidentStub, indexStub } from "../objects/places.ts";
import type { KeyEntry } from "../objects/rpc.ts";
import { frozenGroup } from "./grouping.ts";

const baseKey = "tocsin:unreadable";
const { askMs, askEveryMs, askOpenEveryMs, rememberedMax } = limits.unreadable;

/** Epoch ms before which it is not asked again. */
const askAgainAt = new Map<string, number>();

/** What kind of reason it is: what differs from body to body, numbers and quoted words, makes no other kind. */
function kindOf(reason: string): string {
  return digestOf(reason.replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, "…").replaceAll(/\d+/g, "0")).slice(0, 12);
}

export function unreadableAlert(integration: Integration, reason: string): Alert {
  return {
    dedupKey: baseKey,
    action: "trigger",
    severity: "error",
    title: `Unreadable alert from ${integration.name}`,
    body: `A body came in with the right key and could not be read: ${reason}. It is kept with this incident. Mend the sender's template, or your own code where that reads it; once somebody has acknowledged the incident, the next readable body closes it. An acknowledgment holds against further such bodies for ${limits.unreadable.ackHoldsMs / 60_000} minutes: each may tell of another problem.`,
    labels: { integration: integration.id, source: integration.source },
    links: [],
    source: integration.source,
    sourceAt: null,
    test: false,
    unreadable: true,
  };
}

/**
 * The alert for a body that came in just now: it joins the open incident, unless somebody has acknowledged that one for another
 * reason and would not hear of this. When nobody can say, it is an incident of its own.
 */
export async function unreadableNow(env: Env, entry: KeyEntry, integration: Integration, reason: string): Promise<Alert> {
  const alert = unreadableAlert(integration, reason);
  const kind = kindOf(reason);
  const own = { ...alert, dedupKey: `${baseKey}:${kind}` };
  const known = async (): Promise<boolean> =>
    (await statusOf({ env, entry, integration, share: 1 }, baseKey))?.status !== "acknowledged" ||
    (await noted(env, noteOf(entry, integration))).get(baseKey)?.includes(kind) === true;
  try {
    // The sender waits for the answer, so the looks have one limit between them.
    return (await withLimit(known(), askMs)) ? alert : own;
  } catch (error) {
    console.warn("could not look for an acknowledged unreadable incident", String(error));
    return own;
  }
}

/**
 * After a readable body: resolves the unreadable incidents that somebody has acknowledged, unless bodies that came since then wait to
 * be paged. A readable body says nothing of the one that was not read, and nobody may know of that yet. Failing to look is no error of the sender's.
 * @param read why bodies could not be read that a person let come in again, and that were read now: they know
 */
export async function clearUnreadable(
  env: Env,
  entry: KeyEntry,
  integration: Integration,
  hand: (alert: Alert) => Promise<unknown>,
  read: readonly string[] = [],
): Promise<void> {
  const place = noteOf(entry, integration);
  const now = Date.now();
  if (read.length === 0 && now < (askAgainAt.get(place.note) ?? 0)) return;
  if (askAgainAt.size > 10_000) askAgainAt.clear();
  askAgainAt.set(place.note, now + askEveryMs);
  const known = new Set(read.map(kindOf));
  try {
    const open = await noted(env, place);
    if (open.size === 0) return;
    const left = new Map<string, readonly string[]>();
    for (const [dedupKey, kinds] of open) {
      const standing = await statusOf({ env, entry, integration, share: 0.5 }, dedupKey);
      if (standing === null) continue;
      const seen = standing.status === "acknowledged" && !standing.waits;
      if (seen || kinds.every((kind) => known.has(kind)))
        await hand({
          ...unreadableAlert(integration, ""),
          dedupKey,
          action: "resolve",
          title: `${integration.name} sends readable bodies again`,
        });
      else left.set(dedupKey, kinds);
    }
    await write(env, place, left);
    if (left.size > 0) askAgainAt.set(place.note, now + askOpenEveryMs);
  } catch (error) {
    askAgainAt.set(place.note, now + askOpenEveryMs);
    console.warn("could not look for an open unreadable incident", String(error));
  }
}

/** Notes that an unreadable incident is open and for what, so that a readable body can close it. */
export async function noteUnreadable(
  env: Env,
  entry: KeyEntry,
  integration: Integration,
  { dedupKey }: Alert,
  reason: string,
): Promise<void> {
  const place = noteOf(entry, integration);
  askAgainAt.delete(place.note);
  const open = new Map(await noted(env, place));
  const kinds = open.get(dedupKey) ?? [];
  const kind = kindOf(reason);
  if (kinds.includes(kind)) return;
  open.set(dedupKey, [...kinds, kind].slice(-rememberedMax));
  await write(env, place, new Map([...open].slice(-rememberedMax)));
}

interface Place {
  readonly note: string;
  readonly hash: string;
}

function noteOf(entry: KeyEntry, integration: Integration): Place {
  const { hash } = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, baseKey);
  return { note: `unreadable:${hash}`, hash };
}

/** Dedup keys of what is open, each with the kinds of reasons that it holds. */
async function noted(env: Env, { note, hash }: Place): Promise<ReadonlyMap<string, readonly string[]>> {
  const row = await callObject(() => indexStub(env, hash).openGroup(note), askMs);
  const parts = (row?.hash ?? "").split(" ").map((part) => part.split("="));
  return new Map(parts.flatMap(([key = "", kinds]) => (kinds === undefined ? [] : [[key, kinds.split(",")] as const])));
}

async function write(env: Env, { note, hash }: Place, open: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const text = [...open].map(([key, kinds]) => `${key}=${kinds.join(",")}`).join(" ");
  await callObject(() => indexStub(env, hash).setGroup(note, text === "" ? null : text), askMs);
}

/** Whose incident is looked at, and which share of the machine's descriptors may be in use for it. */
interface Look {
  readonly env: Env;
  readonly entry: KeyEntry;
  readonly integration: Integration;
  readonly share: number;
}

/** `waits`: bodies came in since somebody acknowledged it, which are to page yet. */
interface Standing {
  readonly status: string;
  readonly waits: boolean;
}

/** Of the open incident that holds it, wherever its route sent it; null: none does. */
async function statusOf({ env, entry, integration, share }: Look, dedupKey: string): Promise<Standing | null> {
  const own = alertIdentity(entry.tenant, entry.jurisdiction, integration.id, dedupKey);
  const at = (await frozenGroup(env, own)) ?? own;
  if (!admit(env, objectName(at), Date.now(), share))
    throw new Error("too many live objects for this machine's descriptor limit");
  const view = await callObject(() => incidentStub(env, at).current(), askMs);
  return view === null ? null : { status: view.episode.status, waits: unreadDue(view.episode) !== null };
}
