// Owns ServiceNow's task records: the business rule's body (operation, record, previous, comment), or a record as the Table API
// writes it. What a change means needs the values before it; a bare record says only whether it is open.

import * as z from "zod";
import {
  alertOf,
  at,
  bearsMark,
  cut,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  present,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };
import { fresh, standing, startedStates, text } from "./states.ts";

const config = z.strictObject({
  instance: z
    .string()
    .regex(/^[a-z0-9.-]{1,200}$/i, "a host name such as acme.service-now.com")
    .optional()
    .describe("The instance's host name, for the link to the record"),
  integrationUser: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The user name by which this hub writes to ServiceNow: its own changes are ignored"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

/** Priority 1 to 5; severity, urgency and impact use 1 to 3 of it. */
const byNumber: Readonly<Record<string, Severity>> = { "1": "critical", "2": "error", "3": "warning", "4": "info", "5": "info" };
const byWord: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  moderate: "warning",
  medium: "warning",
  low: "info",
  planning: "info",
};
const ranks: readonly Severity[] = ["unknown", "info", "warning", "error", "critical"];
export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, { secret }) => verifyShared(request, secret, { header: "x-webhook-secret" }),
  normalize({ payload, config: settings }) {
    const result = at(payload, "result");
    const bodies = Array.isArray(payload) ? payload : Array.isArray(result) ? result : [isRecord(result) ? result : payload];
    return bodies.flatMap((body: unknown) => {
      if (!isRecord(body)) throw new UnreadableError("expected a ServiceNow record, or the business rule's body of the README");
      return ofBody(body, settings);
    });
  },
};

function ofBody(body: Fields, settings: Config): readonly Alert[] {
  const record = isRecord(body["record"]) ? body["record"] : body;
  const key = firstOf(text(record["sys_id"]), text(record["number"]));
  if (key === null) throw new UnreadableError("neither sys_id nor number in the record: post the body of the README");
  const title = firstOf(text(record["short_description"]), text(record["number"])) ?? `ServiceNow ${key}`;
  const own = ownWriting(record, body, settings);
  if (own !== null) return [ignored("servicenow", key, title, own)];
  const { actions, notes, reason } = meaning(record, body);
  if (actions.length === 0) return [ignored("servicenow", key, title, reason)];
  const { severity, note } = severityOf(record);
  const whole = alertOf({
    dedupKey: key,
    action: "trigger",
    severity,
    title,
    body: firstOf(text(record["description"]), text(record["comments_and_work_notes"]), text(record["work_notes"])) ?? "",
    labels: labelsOf(
      Object.fromEntries(
        labelled
          .map((name) => [name === "sys_class_name" ? "table" : name, text(record[name])] as const)
          .filter(([, value]) => value !== null),
      ),
    ),
    links: linkOf(key, record, body, settings),
    source: "servicenow",
    sourceAt:
      timeOf(text(record["sys_updated_on"])) ?? timeOf(text(record["opened_at"])) ?? timeOf(text(record["sys_created_on"])),
    test: body["test"] === true,
    notes: note === null ? notes : [...notes, note],
  });
  return actions.map((action) => ({ ...whole, action }));
}

const labelled = [
  "sys_id",
  "number",
  "state",
  "priority",
  "urgency",
  "impact",
  "category",
  "subcategory",
  "assignment_group",
  "assigned_to",
  "cmdb_ci",
  "business_service",
  "company",
  "location",
  "contact_type",
  "sys_class_name",
] as const;

/** A change that this hub made itself must not come back as news. */
function ownWriting(record: Fields, body: Fields, { integrationUser }: Config): string | null {
  if (integrationUser !== undefined && text(record["sys_updated_by"]) === integrationUser)
    return `written by ${integrationUser}, which is this hub`;
  // Its work note comes with the change that it was written with.
  if (bearsMark(firstOf(body["work_note"]))) return "this hub's own change of the record (its work note says so)";
  const ours = /^inc_[0-9a-z]{20,}$/.test(text(record["correlation_id"]) ?? "");
  return ours && wordOf(body["operation"]) === "insert" ? "a record that this hub opened itself (correlation_id)" : null;
}

interface Meaning {
  readonly actions: readonly AlertAction[];
  readonly notes: readonly string[];
  /** Why nothing is done, when nothing is. */
  readonly reason: string;
}

function meaning(record: Fields, body: Fields): Meaning {
  const state = wordOf(text(record["state"]) ?? text(record["incident_state"]));
  const operation = wordOf(body["operation"]);
  const said: AlertAction[] = answered(body) ? ["responded"] : [];
  const as = (...actions: AlertAction[]): Meaning => ({ actions: [...said, ...actions], notes: [], reason: "" });
  if (operation === "delete") return { ...as("resolve"), notes: ["the record was deleted"] };
  const stands = standing(record, state);
  if (stands === "done") return as("resolve");
  const unknown = stands === "unknown";
  const notes = unknown ? [`state ${state === null ? "is missing" : `"${cut(state, 64)}" is unknown`}: taken as open`] : [];
  const previous = body["previous"];
  if (operation === "insert" || !isRecord(previous)) return { ...as("trigger"), notes };
  const before = wordOf(text(previous["state"]) ?? text(previous["incident_state"]));
  const table = { sys_class_name: record["sys_class_name"] };
  if (before !== null && standing(table, before) === "done") return { ...as("trigger"), notes: ["the record was re-opened"] };
  const raised = rankOf(record) > rankOf({ ...record, ...previous }) && text(previous["priority"]) !== null;
  const taken =
    (fresh.has(before ?? "") && startedStates(record).has(state ?? "")) ||
    ("assigned_to" in previous && text(previous["assigned_to"]) === null && text(record["assigned_to"]) !== null);
  const actions: AlertAction[] = [...(raised ? ["trigger" as const] : []), ...(taken ? ["acknowledge" as const] : [])];
  return {
    actions: [...said, ...actions],
    notes: raised ? [...notes, `the priority rose from ${text(previous["priority"])}`] : notes,
    reason: "an update that changes neither state, priority nor assignment",
  };
}

/** A comment that the caller can read, by somebody other than the caller. */
function answered(body: Fields): boolean {
  const comment = body["comment"];
  return isRecord(comment) && isTrue(comment["public"]) && !isTrue(comment["by_caller"]);
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function rankOf(record: Fields): number {
  return ranks.indexOf(severityOf(record).severity);
}

/** By priority, else severity, urgency or impact: a number, "1 - Critical", or the word. */
function severityOf(record: Fields): { readonly severity: Severity; readonly note: string | null } {
  const value = firstOf(text(record["priority"]), text(record["severity"]), text(record["urgency"]), text(record["impact"]));
  if (value === null) return { severity: "unknown", note: null };
  const word = value.toLowerCase();
  const number = /^(\d)\b/.exec(word)?.[1];
  const known = (number === undefined ? undefined : byNumber[number]) ?? (Object.hasOwn(byWord, word) ? byWord[word] : undefined);
  return known
    ? { severity: known, note: null }
    : { severity: "unknown", note: `priority "${cut(value, 64)}" is not known: severity unknown` };
}

function linkOf(key: string, record: Fields, body: Fields, { instance }: Config) {
  const host = instance ?? hostOf(body["instance"]) ?? hostOf(at(record, "opened_by", "link"));
  if (host === null || text(record["sys_id"]) === null) return [];
  const named = text(record["sys_class_name"]) ?? "";
  const table = /^[a-z0-9_]{1,80}$/.test(named) ? named : "incident";
  return linksOf([["Record", `https://${host}/nav_to.do?uri=${encodeURIComponent(`${table}.do?sys_id=${key}`)}`]]);
}

function hostOf(value: unknown): string | null {
  const given = present(value);
  if (given === null) return null;
  const url = given.includes("://") ? given : `https://${given}`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}
