// Owns reading the simulated phones: what arrived, whose they are, and what became of the incidents behind.

import { call } from "../../lib/api.ts";
import { useIncidentChanges } from "../../lib/live.ts";
import { refresh, useRead, type Read } from "../../lib/query.ts";
import type { InboxMessage } from "../../lib/setup-shapes.ts";
import type { IncidentRow, Page } from "../../lib/shapes.ts";
import { allowed } from "../../lib/session.ts";

const shownMax = 100;
/** A page leaves in the turn that commits its incident, and arrives a moment after what is told of that. */
const settledMs = 400;
const askMs = 3_000;
/** Lists are behind by up to three seconds: what was told is asked once more then. */
const listedMs = 4_000;

/** One person's, or with null everybody's. */
export function useInbox(user: string | null): Read<Page<InboxMessage>> {
  const query = { limit: shownMax };
  const read = useRead(
    `inbox/${user ?? "all"}`,
    () => (user === null ? call("listInbox", { query }) : call("listUserInbox", { id: user, query })),
    { everyMs: askMs },
  );
  useIncidentChanges(() => void setTimeout(() => refresh("inbox"), settledMs));
  return read;
}

/** Who has a contact by `inbox`; null: not known yet. Whoever may not ask for all knows of themselves. */
export function useInboxUsers(own: string | null): readonly string[] | null {
  const users = useRead("users?inbox", async () => (allowed("listUsers") ? call("listUsers", { query: { limit: 200 } }) : null));
  if (own !== null) return [own];
  if (users.data === null) return users.loading ? null : [];
  return users.data.items.filter((each) => each.active && each.contacts.some(({ via }) => via === "inbox")).map(({ id }) => id);
}

export function useIncidentStates(): readonly IncidentRow[] {
  const read = useRead("incidents?phones", () => call("listIncidents", { query: { limit: shownMax } }));
  useIncidentChanges(() => {
    refresh("incidents?phones");
    setTimeout(() => refresh("incidents?phones"), listedMs);
  });
  return read.data?.items ?? [];
}
