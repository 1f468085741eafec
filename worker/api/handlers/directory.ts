// Owns the names behind ids: what every page needs to say who and what, and nothing that only some may see.

import { sources } from "../../../plugins/registry.gen.ts";
import { outOfReach } from "../../core/people.ts";
import type { Handler } from "../mount.ts";
import { snapshotOf } from "./tenant.ts";

export const getDirectory: Handler = async (call) => {
  const s = await snapshotOf(call);
  // The shape is part of the tag: a browser must not keep an answer that lacks what a newer hub says.
  const etag = `"${s.version}.2"`;
  if (call.c.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers: { etag } });
  return call.c.json(
    {
      id: s.tenant,
      name: s.name,
      version: s.version,
      timeZone: s.timeZone,
      severities: s.severities,
      users: Object.values(s.users).map((user) => {
        const { id, name, timeZone, role, active } = user;
        return { id, name, timeZone, role, active, outOfReach: outOfReach(user, s) };
      }),
      teams: Object.values(s.teams).map(({ id, name, members, managers }) => ({ id, name, members, managers })),
      services: Object.values(s.services).map(({ id, name, team, policy }) => ({ id, name, team, policy })),
      policies: Object.values(s.policies).map(({ id, name }) => ({ id, name })),
      schedules: Object.values(s.schedules ?? {}).map(({ id, name, team, timeZone }) => ({
        id,
        name,
        team: team ?? null,
        timeZone,
      })),
      notifiers: Object.values(s.notifiers).map(({ id, plugin }) => ({ id, plugin })),
      businessHours: Object.values(s.businessHours ?? {}).map(({ id, name }) => ({ id, name })),
      integrations: Object.values(s.integrations).map(({ id, name, source }) => ({
        id,
        name,
        source,
        sourceName: sources[source]?.manifest.name ?? source,
      })),
    },
    200,
    { etag },
  );
};
