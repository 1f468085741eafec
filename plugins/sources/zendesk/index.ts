// Owns Zendesk tickets: event webhooks (zen:event-type:ticket.*) and the JSON that a trigger or automation posts.
// A ticket in the customer's hands is the sender's business; we page when one opens, re-opens or becomes more urgent.

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
  timeOf,
  UnreadableError,
  verifySigned,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  subdomain: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/, "the part before .zendesk.com")
    .optional()
    .describe("Yours in https://SUBDOMAIN.zendesk.com, for the link to the ticket"),
  acknowledgeOnAssignment: z
    .boolean()
    .default(false)
    .describe("An agent's assignment acknowledges. Leave it off where triggers assign by themselves"),
  integrationUser: z
    .string()
    .regex(/^\d{1,20}$/, "the user's number, as in the address of their profile")
    .optional()
    .describe("Number of the agent by whom this hub writes to Zendesk: their changes are ignored"),
});
type Config = z.infer<typeof config>;

/** A priority nobody set is a normal one. */
const priorities: Readonly<Record<string, Severity>> = { urgent: "critical", high: "error", normal: "warning", low: "info" };
const ranks: readonly Severity[] = ["info", "warning", "error", "critical"];
const done = new Set(["solved", "closed", "deleted"]);
const gone: Readonly<Record<string, string>> = {
  soft_deleted: "the ticket was deleted",
  permanently_deleted: "the ticket was deleted for good",
  marked_as_spam: "the ticket was marked as spam",
  merged: "the ticket was merged into another",
};
const told: Readonly<Record<string, AlertAction>> = {
  create: "trigger",
  created: "trigger",
  trigger: "trigger",
  reopen: "trigger",
  acknowledge: "acknowledge",
  acknowledged: "acknowledge",
  responded: "responded",
  resolve: "resolve",
  resolved: "resolve",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, {
      header: "x-zendesk-webhook-signature",
      encoding: "base64",
      timestamp: { header: "x-zendesk-webhook-signature-timestamp", between: "", toleranceMs: 300_000 },
      orShared: true,
    }),
  normalize({ payload, config: settings }) {
    if (!isRecord(payload))
      throw new UnreadableError("expected a JSON object: a Zendesk event, or the trigger's JSON of the README");
    const type = wordOf(payload["type"]);
    if (type?.startsWith("zen:event-type:")) return [event(payload, type.slice("zen:event-type:".length), settings)];
    if (isRecord(payload["notification"]) && Array.isArray(payload["devices"]))
      return [ignored("zendesk", null, "Zendesk push notification", "a push notification for mobile devices, no ticket event")];
    return [fromTrigger(payload, settings)];
  },
};

function event(payload: Readonly<Record<string, unknown>>, type: string, settings: Config): Alert {
  const detail = at(payload, "detail");
  const id = firstOf(at(detail, "id"), present(payload["subject"])?.replace(/^zen:ticket:/, ""));
  const title = firstOf(at(detail, "subject")) ?? `Zendesk ticket ${id ?? ""}`;
  if (!type.startsWith("ticket.")) return ignored("zendesk", id, title, `${cut(type, 64)} is no ticket event`);
  if (id === null) throw new UnreadableError("a Zendesk ticket event without detail.id");
  if (ownWriting(at(detail, "actor_id"), settings)) return ignored("zendesk", id, title, ownReason);
  const name = type.slice("ticket.".length);
  const { action, reason, notes } = meaning(name, payload, settings);
  if (action === "ignore") return ignored("zendesk", id, title, reason);
  const priority = severityOf(at(detail, "priority"));
  return alertOf({
    dedupKey: id,
    action,
    severity: priority.severity,
    title,
    body: firstOf(at(payload, "event", "comment", "body"), at(detail, "description")) ?? "",
    labels: labelsOf({
      ticket: id,
      status: at(detail, "status"),
      priority: at(detail, "priority"),
      type: at(detail, "type"),
      channel: at(detail, "via", "channel"),
      group_id: at(detail, "group_id"),
      organization_id: at(detail, "organization_id"),
      requester_id: firstOf(at(detail, "requester_id"), at(detail, "requester", "id")),
      assignee_id: at(detail, "assignee_id"),
      brand_id: at(detail, "brand_id"),
      tags: listOf(at(detail, "tags"))
        .flatMap((tag) => present(tag) ?? [])
        .join(" "),
    }),
    links: ticketLink(id, settings),
    source: "zendesk",
    sourceAt: timeOf(payload["time"]) ?? timeOf(at(detail, "updated_at")) ?? timeOf(at(detail, "created_at")),
    notes: [...notes, ...priority.notes],
  });
}

const ownReason = "written by config.integrationUser, which is this hub";

/** A change that this hub made itself must not come back as news. */
function ownWriting(actor: unknown, { integrationUser }: Config): boolean {
  return integrationUser !== undefined && present(actor) === integrationUser;
}

interface Meaning {
  readonly action: AlertAction;
  readonly reason: string;
  readonly notes: readonly string[];
}

function meaning(name: string, payload: Readonly<Record<string, unknown>>, settings: Config): Meaning {
  const is = (action: AlertAction, reason: string, notes: readonly string[] = []): Meaning => ({ action, reason, notes });
  const status = wordOf(at(payload, "detail", "status"));
  const [before, now] = [wordOf(at(payload, "event", "previous")), wordOf(at(payload, "event", "current"))];
  const over = Object.hasOwn(gone, name) ? gone[name] : undefined;
  if (over !== undefined) return is("resolve", over, [over]);
  switch (name) {
    case "created":
      return done.has(status ?? "") ? is("resolve", "created as solved") : is("trigger", "created");
    case "undeleted":
      return done.has(status ?? "") ? is("ignore", "undeleted, and solved") : is("trigger", "undeleted");
    case "status_changed":
      if (done.has(now ?? status ?? "")) return is("resolve", "solved");
      if (done.has(before ?? "")) return is("trigger", "re-opened", ["the ticket was re-opened"]);
      return is("ignore", `the status went from ${before ?? "?"} to ${now ?? status ?? "?"}: still open`);
    case "priority_changed":
      if (done.has(status ?? "")) return is("ignore", "the priority of a solved ticket changed");
      return rankOf(now) > rankOf(before)
        ? is("trigger", "more urgent", [`the priority rose from ${before ?? "none"} to ${now ?? "none"}`])
        : is("ignore", "the priority was lowered");
    case "agent_assignment_changed":
      if (!settings.acknowledgeOnAssignment) return is("ignore", "assigned (config.acknowledgeOnAssignment would acknowledge)");
      return now === null ? is("ignore", "nobody is assigned any more") : is("acknowledge", "assigned to an agent");
    case "comment_added":
      return at(payload, "event", "comment", "author", "is_staff") === true &&
        at(payload, "event", "comment", "is_public") === true
        ? is("responded", "an agent answered")
        : is("ignore", "a comment that is no public answer of an agent");
    default:
      return is("ignore", `ticket.${cut(name, 64)} changes nothing here`);
  }
}

/** The JSON of a trigger: event_type, id, title, description, urgency or priority, status. */
function fromTrigger(payload: Readonly<Record<string, unknown>>, settings: Config): Alert {
  const id = firstOf(payload["id"], payload["ticket_id"]);
  if (id === null) throw new UnreadableError('no id: the trigger\'s JSON must hold "id": "{{ticket.id}}" (see the README)');
  if (ownWriting(payload["actor"], settings))
    return ignored("zendesk", id, firstOf(payload["title"], payload["subject"]) ?? `Zendesk ticket ${id}`, ownReason);
  const event = wordOf(payload["event_type"] ?? payload["action"]);
  const status = wordOf(payload["status"]);
  const said = event !== null && Object.hasOwn(told, event) ? told[event] : undefined;
  const notes: string[] = [];
  if (said === undefined && event !== null) notes.push(`event_type "${cut(event, 64)}" is unknown: the ticket's status decides`);
  const action = said ?? (done.has(status ?? "") ? "resolve" : "trigger");
  const priority = severityOf(payload["priority"] ?? payload["urgency"]);
  return alertOf({
    dedupKey: id,
    action,
    severity: priority.severity,
    title: firstOf(payload["title"], payload["subject"]) ?? `Zendesk ticket ${id}`,
    body: firstOf(payload["description"], payload["comment"]) ?? "",
    labels: labelsOf({
      ticket: id,
      status: payload["status"],
      priority: payload["priority"] ?? payload["urgency"],
      type: payload["type"],
      channel: payload["channel"] ?? payload["via"],
      group: payload["group"],
      organization: payload["organization"],
      requester: payload["requester"],
      tags: payload["tags"],
    }),
    links:
      firstOf(payload["link"], payload["url"]) === null ? ticketLink(id, settings) : linksOf([["Ticket", withScheme(payload)]]),
    source: "zendesk",
    sourceAt: timeOf(payload["updated_at"]),
    test: payload["test"] === true,
    notes: [...notes, ...priority.notes],
  });
}

function severityOf(value: unknown): { readonly severity: Severity; readonly notes: readonly string[] } {
  const word = wordOf(value);
  if (word === null) return { severity: "warning", notes: [] };
  const known = Object.hasOwn(priorities, word) ? priorities[word] : undefined;
  return known
    ? { severity: known, notes: [] }
    : { severity: "unknown", notes: [`priority "${cut(word, 64)}" is not one of Zendesk's: severity unknown`] };
}

function rankOf(word: string | null): number {
  return ranks.indexOf(severityOf(word).severity);
}

function ticketLink(id: string, { subdomain }: Config) {
  return subdomain === undefined
    ? []
    : linksOf([["Ticket", `https://${subdomain}.zendesk.com/agent/tickets/${encodeURIComponent(id)}`]]);
}

/** Some of Zendesk's placeholders give the address without https://. */
function withScheme(payload: Readonly<Record<string, unknown>>): string {
  const link = firstOf(payload["link"], payload["url"]) ?? "";
  return /^[a-z]+:/i.test(link) ? link : `https://${link}`;
}
