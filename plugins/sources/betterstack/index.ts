// Owns Better Stack's outgoing webhooks: incidents start, are acknowledged, resolved and reopened.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  recordOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const events: Readonly<Record<string, AlertAction>> = {
  started: "trigger",
  created: "trigger",
  reopened: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
  comment: "ignore",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const data = at(payload, "data");
    const id = firstOf(at(data, "id"));
    if (!isRecord(payload) || id === null)
      throw new UnreadableError("expected Better Stack's webhook: an object with event and data.id");
    const attributes = recordOf(at(data, "attributes"));
    const title = firstOf(attributes["name"]) ?? `Better Stack incident ${id}`;
    const type = wordOf(at(data, "type"));
    const incident = type === "incident" || (type === null && firstOf(attributes["started_at"], attributes["cause"]) !== null);
    if (!incident)
      return [
        ignored(
          "betterstack",
          id,
          title,
          `${type === null ? "data without a type" : `a change of ${cut(type, 64)}`} is no incident`,
        ),
      ];
    const word = wordOf(payload["event"])?.replace(/^incident_/, "") ?? derived(attributes);
    const { action, notes } = actionBy(word, events, "event");
    if (action === "ignore") return [ignored("betterstack", id, title, "a comment changes nothing here")];
    const when =
      action === "resolve"
        ? attributes["resolved_at"]
        : action === "acknowledge"
          ? attributes["acknowledged_at"]
          : attributes["started_at"];
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: "error",
        title,
        body: firstOf(attributes["cause"]) ?? "",
        labels: labelsOf({
          monitor: firstOf(
            at(data, "relationships", "monitor", "data", "id"),
            at(payload, "relationships", "monitor", "data", "id"),
          ),
          team: attributes["team_name"],
          method: attributes["http_method"],
        }),
        links: linksOf([
          ["Checked address", attributes["url"]],
          ["Screenshot", attributes["screenshot_url"]],
        ]),
        source: "betterstack",
        sourceAt: timeOf(when) ?? timeOf(attributes["started_at"]),
        notes,
      }),
    ];
  },
};

/** Without an event the incident's own times say what it is. */
function derived(attributes: Readonly<Record<string, unknown>>): string | null {
  if (firstOf(attributes["resolved_at"]) !== null) return "resolved";
  return firstOf(attributes["acknowledged_at"]) === null ? null : "acknowledged";
}
