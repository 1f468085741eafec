// Owns what acme-monitor sends: one JSON object for each change of a check.

import * as z from "zod";
import {
  alertOf,
  commonSeverities,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

// What a tenant may set in `integrations[].config`; the admin UI makes a form of it.
const config = z.strictObject({});

// Every word the sender uses for what happened. A word that is not here fires, and says so in the notes.
const actions: Readonly<Record<string, AlertAction>> = { alert: "trigger", ack: "acknowledge", ok: "resolve", paused: "ignore" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  // The sender presents the integration's secret. For one that signs, see verifySigned and verifyStandardWebhook in the SDK.
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object with id, state and summary");
    const id = firstOf(payload["id"]);
    if (id === null) throw new UnreadableError("the field id is missing: it is what a trigger and its resolve have in common");
    const title = firstOf(payload["summary"]) ?? `Check ${id}`;
    const state = wordOf(payload["state"]);
    const known = state !== null && Object.hasOwn(actions, state) ? actions[state] : undefined;
    if (known === "ignore") return [ignored("acme-monitor", id, title, "the check was paused")];
    const { severity, notes } = severityOf(payload["level"], commonSeverities);
    if (known === undefined)
      notes.push(`state ${state === null ? "is missing" : `"${cut(state, 64)}" is unknown`}: taken as firing`);
    return [
      alertOf({
        dedupKey: id,
        action: known ?? "trigger",
        severity,
        title,
        body: firstOf(payload["text"]) ?? "",
        labels: labelsOf(payload["tags"]),
        links: linksOf([["Check", payload["url"]]]),
        source: "acme-monitor",
        sourceAt: timeOf(payload["at"]),
        test: payload["test"] === true,
        notes,
      }),
    ];
  },
};
