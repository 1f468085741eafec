// Owns telling the store that a device is gone, beside the way of a page: the delivery has failed already and the next contact is
// due, whatever becomes of this note. The next page to the device would say it again.

import { hashOf } from "../core/ids.ts";
import { limits } from "../core/limits.ts";
import type { Outcome } from "../core/page.ts";
import { dbFor } from "../store/db.ts";
import { noteGone } from "../store/gone-devices.ts";
import type { Job } from "./deliver.ts";
import { withLimit } from "./limit.ts";

/** Names one registration of a device, and tells nothing of it. */
export function registrationOf(sealed: string): string {
  return hashOf(["registration", sealed], 26);
}

const noted = new Set<string>();

/** Never throws. In a storm a device is noted once by each isolate. */
export async function noteIfGone(env: Env, { identity, delivery, roster }: Job, outcome: Outcome, now: number): Promise<void> {
  if (outcome.status !== "failed" || outcome.gone !== true) return;
  const { tenant } = identity;
  const device = roster?.people[delivery.user]?.contacts.find((each) => each.id === delivery.contact)?.device;
  if (device === undefined) return;
  const registration = registrationOf(device.sealed);
  if (noted.has(registration)) return;
  if (noted.size >= limits.device.notedKept) noted.clear();
  noted.add(registration);
  const gone = { tenant, device: device.place.slice(`${tenant}/devices/`.length), registration, at: now, reason: outcome.reason };
  try {
    await withLimit(noteGone(dbFor(env, tenant), gone), limits.device.noteMs);
  } catch {
    noted.delete(registration);
  }
}
