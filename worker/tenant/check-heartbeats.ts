// Owns what must hold of heartbeats: one schedule that can be read, names that lead somewhere, a key of their own.

import { parseCron } from "../core/cron.ts";
import { parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import { fail, refer, warn, type Context } from "./check.ts";
import { nearestOf } from "../lib/nearest.ts";
import type { DefinitionOf } from "./definitions.ts";

export function checkHeartbeats(context: Context): void {
  const { heartbeats, integrations } = context.all;
  heartbeats.forEach((heartbeat, i) => checkHeartbeat(context, heartbeat, i));
  const owners = new Map(integrations.map((each) => [each.keyHash, `integration ${each.id}`]));
  heartbeats.forEach(({ id, keyHash }, i) => {
    const owner = owners.get(keyHash);
    if (owner !== undefined) fail(context, ["heartbeats", i, "key"], `${owner} has this key already: one key leads to one place`);
    owners.set(keyHash, `heartbeat ${id}`);
  });
}

function checkHeartbeat(context: Context, heartbeat: DefinitionOf<"heartbeats">, i: number): void {
  const at = (key: string) => ["heartbeats", i, key] as const;
  const { every, cron, timeZone, grace, service, severity } = heartbeat;
  if ((every === undefined) === (cron === undefined))
    fail(context, at(cron === undefined ? "every" : "cron"), "give either every (a duration) or cron (five fields)");
  if (cron !== undefined) {
    const read = parseCron(cron);
    if (!read.ok) fail(context, at("cron"), read.message);
  } else if (timeZone !== undefined) fail(context, at("timeZone"), "only cron has a time zone: `every` counts from beat to beat");
  refer(context, "services", service, at("service"));
  if (service === undefined)
    warn(
      context,
      ["heartbeats", i],
      `heartbeat ${heartbeat.id} has no service: unless a route gives it one, it pages the tenant's fallback`,
      { code: "heartbeat-no-service", id: heartbeat.id },
    );
  const { severities } = context.all.settings;
  if (severity !== undefined && severities && !severities.includes(severity))
    fail(context, at("severity"), `${severity} is not one of ${severities.join(", ")}`, nearestOf(severity, severities));
  if ((parseDuration(grace) ?? 0) < limits.heartbeat.graceMsWarn)
    warn(context, at("grace"), "under a minute: a beat that is a little late, or a restart of the hub, pages somebody", {
      code: "grace-short",
    });
}
