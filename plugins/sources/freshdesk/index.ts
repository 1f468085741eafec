// Owns tickets of Freshdesk and Freshservice: both post the same object from their automation rules.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  plainText,
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

const config = z.strictObject({
  acknowledgeOnPending: z
    .boolean()
    .default(true)
    .describe("A ticket that somebody sets to Pending is acknowledged. Turn it off where rules set Pending by themselves"),
});

const statuses: Readonly<Record<string, AlertAction>> = {
  "2": "trigger",
  open: "trigger",
  "3": "acknowledge",
  pending: "acknowledge",
  "4": "resolve",
  resolved: "resolve",
  "5": "resolve",
  closed: "resolve",
  // They wait for somebody else: nothing new happened for us.
  "6": "ignore",
  "waiting on customer": "ignore",
  "7": "ignore",
  "waiting on third party": "ignore",
};
const priorities: Readonly<Record<string, Severity>> = {
  "1": "info",
  low: "info",
  "2": "warning",
  medium: "warning",
  "3": "error",
  high: "error",
  "4": "critical",
  urgent: "critical",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: { acknowledgeOnPending } }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object with freshdesk_webhook");
    const ticket = isRecord(payload["freshdesk_webhook"]) ? payload["freshdesk_webhook"] : payload;
    const key = firstOf(ticket["ticket_id"], ticket["ticket_id_numeric"]);
    if (key === null) throw new UnreadableError("no ticket_id: tick it in the webhook's content");
    const said = actionBy(ticket["ticket_status"], statuses, "ticket_status");
    // A ticket that comes in as Pending is new all the same: a person has not had it yet.
    const created = /ticket_action["']?\s*:\s*["']?created/i.test(present(ticket["triggered_event"]) ?? "");
    const waits = said.action === "ignore" || (said.action === "acknowledge" && !acknowledgeOnPending);
    const action = created && said.action !== "resolve" ? "trigger" : waits ? "ignore" : said.action;
    const priority = severityOf(ticket["ticket_priority"], priorities);
    const title = firstOf(ticket["ticket_subject"]) ?? `Ticket ${key}`;
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: priority.severity,
        title,
        body: plainText(firstOf(ticket["ticket_description"]) ?? ""),
        labels: labelsOf({
          ticket: key,
          status: wordOf(ticket["ticket_status"]),
          type: ticket["ticket_type"],
          tags: ticket["ticket_tags"],
          source: ticket["ticket_source"],
          group: ticket["ticket_group_name"],
          agent: ticket["ticket_agent_name"],
          requester: firstOf(ticket["ticket_requester_name"], ticket["requester_name"]),
          company: ticket["ticket_company_name"],
        }),
        links: linksOf([
          ["Ticket", ticket["ticket_url"]],
          ["Portal", ticket["ticket_public_url"]],
        ]),
        source: "freshdesk",
        sourceAt: timeOf(ticket["ticket_updated_at"]),
        notes: [
          ...(action === "ignore"
            ? [`ticket_status ${wordOf(ticket["ticket_status"])}: it waits for somebody else`]
            : said.notes),
          ...priority.notes,
        ],
      }),
    ];
  },
};
