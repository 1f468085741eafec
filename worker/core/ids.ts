// Owns how things are named. Ids carry their way home: every id holds the hash of the object it lives in, so API,
// callbacks and links find the object without a database. All are lower-case Crockford base32 and sort by time.

import { sha256 } from "@noble/hashes/sha2.js";
import type { Identity } from "./incident.ts";
import type { Id } from "./snapshot.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const timeChars = 10;
const hashChars = 26;
const tailChars = 16;

/** First `chars` base32 characters (5 bits each) of SHA-256 over the parts, joined so that no two lists collide. */
export function hashOf(parts: readonly (string | number)[], chars: number): string {
  const digest = sha256(new TextEncoder().encode(JSON.stringify(parts)));
  let text = "";
  let bits = 0;
  let buffer = 0;
  for (const byte of digest) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < chars) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 31];
      buffer &= (1 << bits) - 1;
    }
  }
  return text;
}

/** Epoch ms as 10 base32 characters (50 bits: good until the year 37648). */
export function timeText(ms: number): string {
  let text = "";
  let rest = Math.floor(ms);
  for (let i = 0; i < timeChars; i++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** An ungrouped alert's object: by (integration, dedup key), before any routing. */
export function alertIdentity(tenant: Id, jurisdiction: string | null, integration: Id, dedupKey: string): Identity {
  return { tenant, jurisdiction, hash: hashOf(["alert", tenant, integration, dedupKey], hashChars) };
}

/** A grouped alert's object: by (route, group key). */
export function groupIdentity(tenant: Id, jurisdiction: string | null, route: Id, groupKey: string): Identity {
  return { tenant, jurisdiction, hash: hashOf(["group", tenant, route, groupKey], hashChars) };
}

/** A heartbeat's own object; never an incident's, whose hash begins with another word. */
export function heartbeatIdentity(tenant: Id, jurisdiction: string | null, heartbeat: Id): Identity {
  return { tenant, jurisdiction, hash: hashOf(["heartbeat", tenant, heartbeat], hashChars) };
}

/** What a test page belongs to: no alert, no incident, and no object is ever made by this name. */
export function testIdentity(tenant: Id, jurisdiction: string | null, user: Id): Identity {
  return { tenant, jurisdiction, hash: hashOf(["test", tenant, user], hashChars) };
}

/** The key of the group's next object, after its window closed: `key~2`, then `key~3`. */
export function nextGroupKey(groupKey: string): string {
  const found = /~(\d+)$/.exec(groupKey);
  return found === null ? `${groupKey}~2` : `${groupKey.slice(0, found.index)}~${Number(found[1]) + 1}`;
}

/** The further along of two keys of one group's chain. */
export function laterGroupKey(a: string | null, b: string): string {
  return a === null || numberOf(b) > numberOf(a) ? b : a;
}

/** Whether two keys are of one group, whatever window of it. */
export function sameGroup(a: string, b: string): boolean {
  return a.replace(/~\d+$/, "") === b.replace(/~\d+$/, "");
}

function numberOf(groupKey: string): number {
  return Number(/~(\d+)$/.exec(groupKey)?.[1] ?? 1);
}

/** The Durable Object name; holds the tenant, so that a foreign id can never reach another tenant's object. */
export function objectName(identity: Identity): string {
  return `v1:${identity.jurisdiction ?? "-"}:${identity.tenant}:${identity.hash}`;
}

export function incidentId(openedAt: number, identity: Identity): string {
  return `inc_${timeText(openedAt)}${identity.hash}`;
}

const incidentShape = new RegExp(`^inc_[${alphabet}]{${timeChars}}([${alphabet}]{${hashChars}})$`);
const deliveryShape = new RegExp(`^dlv_[${alphabet}]{${timeChars}}([${alphabet}]{${hashChars}})[${alphabet}]{${tailChars}}$`);

/** The object an incident or delivery id lives in; null when the text is no such id. */
export function identityOfId(tenant: Id, jurisdiction: string | null, id: string): Identity | null {
  const hash = (incidentShape.exec(id) ?? deliveryShape.exec(id))?.[1];
  return hash === undefined ? null : { tenant, jurisdiction, hash };
}

/** One delivery: deterministic in (incident, epoch, run, rule, contact, via), so that the same intent is the same id. */
export function deliveryId(identity: Identity, at: number, parts: readonly (string | number)[]): string {
  return `dlv_${timeText(at)}${identity.hash}${hashOf(parts, tailChars)}`;
}

/** The key of an alert row inside its object. */
export function alertKey(integration: Id | null, dedupKey: string): string {
  return `alr_${hashOf([integration ?? "-", dedupKey], hashChars)}`;
}
