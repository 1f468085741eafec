// Owns turning heartbeats, as written and checked, into what their objects run on. Pure.

import { parseDuration } from "../core/duration.ts";
import { limits } from "../core/limits.ts";
import type { Heartbeat } from "../core/snapshot.ts";
import type { DefinitionOf, Settings } from "./definitions.ts";

export function heartbeatOf(heartbeat: DefinitionOf<"heartbeats">, settings: Settings): Heartbeat {
  const { id, name, every, cron, timeZone, grace, service, severity, expectFirst, keyHash } = heartbeat;
  return {
    id,
    name: name ?? id,
    keyHash,
    schedule:
      cron === undefined
        ? { kind: "every", everyMs: parseDuration(every ?? "1d") ?? limits.heartbeat.everyMsMax }
        : { kind: "cron", cron, timeZone: timeZone ?? settings.timeZone ?? "UTC" },
    graceMs: parseDuration(grace) ?? limits.heartbeat.graceMsDefault,
    service: service ?? null,
    severity: severity ?? null,
    expectFirst,
  };
}
