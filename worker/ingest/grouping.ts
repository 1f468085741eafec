// Owns where an open grouped alert lives: the index row (alert → object) that freezes its group at the first firing.
// Only tenants with grouping routes ever come here.

import type { Identity } from "../core/incident.ts";
import { limits } from "../core/limits.ts";
import { callObject } from "../objects/call.ts";
import { indexStub } from "../objects/places.ts";

const { askMs } = limits.grouping;

/** The object this alert joined when it first fired; null: none, it is decided anew. */
export async function frozenGroup(env: Env, own: Identity): Promise<Identity | null> {
  const row = await callObject(() => indexStub(env, own.hash).openGroup(own.hash), askMs);
  return row === null ? null : { ...own, hash: row.hash };
}

export async function rememberGroup(env: Env, own: Identity, group: Identity | null): Promise<void> {
  await callObject(() => indexStub(env, own.hash).setGroup(own.hash, group?.hash ?? null), askMs);
}
