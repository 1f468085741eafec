// Owns Pingdom's webhook: one check goes down and up.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  present,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const states: Readonly<Record<string, AlertAction>> = {
  down: "trigger",
  failing: "trigger",
  up: "resolve",
  success: "resolve",
  unknown: "ignore",
};
const levels: Readonly<Record<string, Severity>> = { high: "critical", low: "warning" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "token" }),
  normalize({ payload }) {
    const id = firstOf(at(payload, "check_id"));
    if (!isRecord(payload) || id === null)
      throw new UnreadableError("expected Pingdom's webhook: an object with check_id and current_state");
    const title = firstOf(payload["check_name"]) ?? `Pingdom check ${id}`;
    const { action, notes } = actionBy(payload["current_state"], states, "current_state");
    if (action === "ignore") return [ignored("pingdom", id, title, "Pingdom does not know the check's state")];
    const severity = severityOf(payload["importance_level"], levels);
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: severity.severity,
        title,
        body: firstOf(payload["long_description"], payload["description"]) ?? "",
        labels: labelsOf({
          type: payload["check_type"],
          hostname: at(payload, "check_params", "hostname"),
          probe: at(payload, "first_probe", "location"),
          tags: listOf(payload["tags"])
            .flatMap((tag) => present(tag) ?? [])
            .join(","),
        }),
        links: linksOf([["Checked address", at(payload, "check_params", "full_url")]]),
        source: "pingdom",
        sourceAt: timeOf(payload["state_changed_timestamp"]),
        notes: [...notes, ...severity.notes],
      }),
    ];
  },
};
