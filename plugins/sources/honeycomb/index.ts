// Owns Honeycomb's webhook recipient: a trigger that fires and is OK again.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  UnreadableError,
  verifyField,
  verifyShared,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const states: Readonly<Record<string, AlertAction>> = { triggered: "trigger", ok: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  // The oldest form has the secret in the body.
  verify(request, { secret }) {
    const shared = verifyShared(request, secret, { header: "x-honeycomb-webhook-token" });
    return shared.ok ? shared : verifyField(request, secret, "shared_secret");
  },
  normalize({ payload }) {
    const id = firstOf(at(payload, "id"), at(payload, "name"));
    if (!isRecord(payload) || id === null)
      throw new UnreadableError("expected Honeycomb's webhook: an object with id (or name) and status");
    const { action, notes } = actionBy(payload["status"], states, "status");
    const groups = listOf(payload["result_groups_triggered"]).slice(0, 20);
    return [
      alertOf({
        dedupKey: id,
        action,
        title: firstOf(payload["name"]) ?? `Honeycomb trigger ${id}`,
        body: [
          firstOf(payload["summary"]),
          firstOf(payload["description"]),
          firstOf(payload["trigger_description"]),
          ...(groups.length > 1 ? groups.map((group) => groupLine(group)) : []),
        ]
          .filter((line) => line !== null)
          .join("\n\n"),
        labels: {
          // Where several groups fired, a label of one of them would lead astray.
          ...(groups.length === 1 ? labelsOf(at(groups[0], "Group")) : {}),
          ...labelsOf({
            operator: payload["operator"],
            threshold: payload["threshold"],
            dataset: payload["dataset_name"],
            environment: firstOf(payload["environment"], payload["environment_name"]),
            groups: groups.length > 1 ? groups.length : null,
          }),
        },
        links: linksOf([
          ["Trigger", payload["trigger_url"]],
          ["Result", payload["result_url"]],
          ["SLO", payload["slo_url"]],
        ]),
        source: "honeycomb",
        // The trigger's Test button.
        test: payload["is_test"] === true || payload["is_test"] === "true",
        notes,
      }),
    ];
  },
};

/** "service=api: 2400" */
function groupLine(group: unknown): string {
  const names = Object.entries(labelsOf(at(group, "Group"))).map(([name, value]) => `${name}=${value}`);
  return `${names.join(", ")}: ${firstOf(at(group, "Result")) ?? "no result"}`;
}
