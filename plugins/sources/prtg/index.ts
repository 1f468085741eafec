// Owns PRTG's HTTP action: the README's fields, of one sensor.

import * as z from "zod";
import {
  alertOf,
  cut,
  firstOf,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "token" }),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the README's fields, as a form or JSON");
    // "Send test notification" fills in no placeholder.
    if (payload["status"] === "%status")
      return [alertOf({ dedupKey: "test", action: "trigger", title: "PRTG test notification", source: "prtg", test: true })];
    const id = firstOf(payload["sensorid"]);
    if (id === null)
      throw new UnreadableError("no sensorid: the HTTP action's payload must hold sensorid=%sensorid (see the README)");
    const { action, severity, notes } = meaning(firstOf(payload["status"]), firstOf(payload["priority"]));
    const [device, sensor] = [firstOf(payload["device"]), firstOf(payload["sensor"], payload["name"])];
    return [
      alertOf({
        dedupKey: id,
        action,
        severity,
        title: joined([device, sensor], " ") || `PRTG sensor ${id}`,
        body: joined([firstOf(payload["message"]), firstOf(payload["down"])], "\n"),
        labels: labelsOf({
          device,
          sensor,
          group: payload["group"],
          probe: payload["probe"],
          status: payload["status"],
          priority: payload["priority"],
        }),
        links: linksOf([["Sensor", firstOf(payload["linksensor"], payload["url"])]]),
        source: "prtg",
        notes,
      }),
    ];
  },
};

/** "Down ended (now: Up)" is judged by what the sensor is now: a warning that ended because the sensor went down is no end. */
function meaning(
  status: string | null,
  priority: string | null,
): { readonly action: AlertAction; readonly severity: Severity; readonly notes: readonly string[] } {
  const word = status?.toLowerCase().slice(0, 200) ?? "";
  const now = /\(now: ([^()]{1,60})/.exec(word)?.[1] ?? word;
  const most: Severity | null = priority === "*****" ? "critical" : null;
  if (now.startsWith("paused")) return { action: "resolve", severity: "unknown", notes: ["the sensor is paused"] };
  if (now.startsWith("up")) return { action: "resolve", severity: "unknown", notes: [] };
  if (now === word && word.includes(" ended")) return { action: "resolve", severity: "unknown", notes: [] };
  if (now.startsWith("down (acknowledged")) return { action: "acknowledge", severity: "critical", notes: [] };
  if (now.startsWith("down")) return { action: "trigger", severity: "critical", notes: [] };
  if (now.startsWith("warning")) return { action: "trigger", severity: most ?? "warning", notes: [] };
  if (now.startsWith("unusual")) return { action: "trigger", severity: most ?? "info", notes: [] };
  const what = status === null ? "is missing" : `"${cut(status, 64)}" is unknown`;
  return { action: "trigger", severity: most ?? "unknown", notes: [`status ${what}: taken as down`] };
}
