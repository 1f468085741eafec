// Owns Healthchecks.io: the README's bodies for down and up, and the shape PagerDuty once had.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  linksOf,
  tagsOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const states: Readonly<Record<string, AlertAction>> = { down: "trigger", trigger: "trigger", up: "resolve", resolve: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const id = firstOf(at(payload, "id"), at(payload, "incident_key"), at(payload, "code"));
    if (!isRecord(payload) || id === null) throw new UnreadableError('no id: the body must hold "id": "$CODE" (see the README)');
    const { action, notes } = actionBy(firstOf(payload["status"], payload["event_type"]), states, "status");
    const tags = (firstOf(payload["tags"]) ?? "").split(/\s+/).slice(0, 64);
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: "error",
        title: firstOf(payload["name"], payload["title"], payload["description"]) ?? `Check ${id}`,
        body: firstOf(payload["description"], payload["body"]) ?? "",
        labels: tagsOf(tags),
        links: linksOf([["Check", firstOf(payload["url"], payload["client_url"])]]),
        source: "healthchecks",
        sourceAt: timeOf(payload["at"]),
        notes,
      }),
    ];
  },
};
