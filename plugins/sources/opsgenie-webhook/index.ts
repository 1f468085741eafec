// Owns Opsgenie's outgoing webhooks, which Jira Service Management Operations took over.

import * as z from "zod";
import {
  alertOf,
  at,
  cut,
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
  wordOf,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const actions: Readonly<Record<string, AlertAction>> = {
  create: "trigger",
  unacknowledge: "trigger",
  // The severity may have risen.
  updatepriority: "trigger",
  acknowledge: "acknowledge",
  close: "resolve",
  delete: "resolve",
};
const priorities: Readonly<Record<string, Severity>> = {
  p1: "critical",
  p2: "error",
  p3: "warning",
  p4: "info",
  p5: "info",
  "1": "critical",
  "2": "error",
  "3": "warning",
  "4": "info",
  "5": "info",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const alert = at(payload, "alert");
    const word = wordOf(at(payload, "action"));
    // The alias can be used again after a close; the id cannot.
    const id = firstOf(at(alert, "alertId"), at(alert, "alias"));
    if (!isRecord(payload) || word === null || id === null)
      throw new UnreadableError("expected Opsgenie's webhook: an object with action and alert.alertId");
    const title = firstOf(at(alert, "message")) ?? `Opsgenie alert ${id}`;
    const action = Object.hasOwn(actions, word) ? actions[word] : undefined;
    if (action === undefined) return [ignored("opsgenie-webhook", id, title, `${cut(word, 64)} changes nothing here`)];
    const severity = severityOf(at(alert, "priority"), priorities);
    const tags = listOf(at(alert, "tags")).flatMap((tag) => present(tag) ?? []);
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: severity.severity,
        title,
        body: firstOf(at(alert, "description"), at(alert, "note")) ?? "",
        labels: {
          ...labelsOf(at(alert, "details")),
          ...labelsOf({
            alias: at(alert, "alias"),
            entity: at(alert, "entity"),
            source: at(alert, "source"),
            tags: tags.join(","),
            team: at(alert, "team"),
            integration: payload["integrationName"],
          }),
        },
        links: linksOf([["Alert", `https://app.opsgenie.com/alert/detail/${encodeURIComponent(id)}/details`]]),
        source: "opsgenie-webhook",
        sourceAt: timeOf(at(alert, "updatedAt")) ?? timeOf(at(alert, "createdAt")),
        notes: severity.notes,
      }),
    ];
  },
};
