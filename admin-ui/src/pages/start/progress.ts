// Owns how far a tenant is set up, read off what exists and never off a flag: what was made elsewhere counts as well.

import { call, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { keep, kept } from "../../lib/kept.ts";
import { useIncidentChanges } from "../../lib/live.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { session } from "../../lib/session.ts";
import type { Stored, UserWords } from "../../lib/shapes-oncall.ts";

export const steps = ["you", "people", "policy", "sender", "proof"] as const;
export type Step = (typeof steps)[number];

export type Person = UserWords & Stored;

export interface Progress {
  /** Everything it rests on has been read. */
  readonly known: boolean;
  readonly done: Readonly<Record<Step, boolean>>;
  readonly count: number;
  /** The first that is not done; the last when all are. */
  readonly next: Step;
  /** Whose phone the proof rings. Null: nobody chosen, and nobody signed in as a person of this tenant. */
  readonly me: Person | null;
  readonly people: readonly Person[];
  readonly names: Directory;
}

/** Lists are behind by up to three seconds: what was told is asked once more then. */
const listedMs = 4_000;

export function useProgress(): Progress {
  const names = useDirectory();
  const users = useRead("users?start", () => call("listUsers", { query: { limit: 200 } }));
  const answered = useRead("incidents?start", () =>
    call("listIncidents", { query: { status: "acknowledged,resolved", limit: 50 } }),
  );
  useIncidentChanges(() => {
    if (!proven) setTimeout(() => refresh("incidents?start"), listedMs);
  });
  const people = (users.data?.items ?? []).filter((each) => each.active);
  const me = meAmong(people);
  const devices = useRead(`users/${me?.id ?? ""}/devices/start`, async () =>
    me === null || isReached(me) ? 0 : liveDevices(me.id),
  );
  const hasDevice = (devices.data ?? 0) > 0;
  const proven = answered.data?.items.some((each) => each.acknowledgedBy !== null) ?? false;
  const done = {
    // The hub's owner is nobody's colleague: whoever set the tenant up in another way is reached already.
    you: (session.value?.tenant === null ? people.some(isReached) : me !== null && isReached(me)) || hasDevice,
    people: names.schedules.length > 0,
    policy: names.policies.length > 0,
    sender: names.integrations.length > 0,
    proof: proven,
  };
  return {
    known: names.version > 0 && users.data !== null && answered.data !== null,
    done,
    count: steps.filter((step) => done[step]).length,
    next: steps.find((step) => !done[step]) ?? "proof",
    me,
    people,
    names,
  };
}

async function liveDevices(id: string): Promise<number> {
  const answer: unknown = await call("listDevices", { id });
  return (answer as { readonly live?: number }).live ?? 0;
}

/** Push alone reaches whoever has allowed it on a device, and that is theirs to know. */
export function isReached({ contacts }: Person): boolean {
  return contacts.some(({ via }) => via !== "web-push");
}

function meAmong(people: readonly Person[]): Person | null {
  const { tenant: home = null, user = "" } = session.value ?? {};
  if (home !== null) return people.find((each) => each.id === user) ?? null;
  const chosen = kept(`me.${tenant.value}`);
  return people.find((each) => each.id === chosen) ?? people.find((each) => each.role === "owner") ?? null;
}

/** Who the hub's owner is in this tenant, as this browser remembers it. */
export function chooseMe(id: string): void {
  keep(`me.${tenant.value}`, id);
  refresh("users");
}

/** Whatever a step made is read anew. */
export function refreshSetUp(): void {
  refresh("directory", "users", "schedules", "oncall", "policies", "services", "integrations");
}
