// Owns Cronitor's webhook alerts: one monitor is one problem at a time.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const types: Readonly<Record<string, AlertAction>> = { alert: "trigger", recovery: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "token" }),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a Cronitor webhook");
    const id = firstOf(payload["id"]);
    if (id === null) throw new UnreadableError("a Cronitor alert without id");
    // A monitor fails and recovers in each of its environments by itself.
    const environment = firstOf(payload["environment"]);
    const key = environment === null ? id : `${id}/${environment}`;
    const { action, notes } = actionBy(payload["type"], types, "type");
    const name = firstOf(payload["monitor"]) ?? id;
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: "error",
        title: action === "resolve" ? `${name} recovered` : `${name} failed`,
        body: firstOf(payload["description"]) ?? "",
        labels: labelsOf({ monitor: name, rule: payload["rule"], environment, group: payload["group"] }),
        links: linksOf([
          ["Issue", payload["issue_url"]],
          ["Monitor", firstOf(payload["monitor_url"], payload["url"])],
        ]),
        source: "cronitor",
        sourceAt: timeOf(payload["timestamp"]),
        notes,
      }),
    ];
  },
};
