// Owns Salesforce: outbound messages (up to a hundred records in one SOAP envelope, answered with the Ack that Salesforce waits for),
// and platform events and Change Data Capture as JSON.

import * as z from "zod";
import {
  alertOf,
  cut,
  digestOf,
  firstOf,
  ignored,
  labelsOf,
  linksOf,
  sameText,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
  readEach,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };
import { envelopeOf, type Notified } from "./envelope.ts";
import { jsonOf, organizationOf, toldOf, type Told } from "./event.ts";

type Fields = Readonly<Record<string, string>>;

const config = z.strictObject({
  organization: z
    .string()
    .regex(/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/, "an id of 15 or 18 letters and digits")
    .optional()
    .describe("Your organization's id (Setup → Company Information): messages of any other are refused"),
  resolveStatuses: z
    .array(z.string().toLowerCase())
    .max(32)
    .default(["closed", "resolved"])
    .describe("Words of Status that end a case, beside IsClosed"),
  eventKey: z
    .array(z.string().min(1).max(128))
    .max(8)
    .default([])
    .describe(
      "Fields of a platform event that tell one problem from another, for example [Case_Id__c]; without them each event is a problem of its own, and none ends one",
    ),
});

const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
};

const ack = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">
 <soapenv:Body>
  <notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound">
   <Ack>true</Ack>
  </notificationsResponse>
 </soapenv:Body>
</soapenv:Envelope>
`;

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify(request, { secret, config: { organization } }) {
    const shared = verifyShared(request, secret, { query: "token" });
    if (!shared.ok || organization === undefined) return shared;
    const text = new TextDecoder().decode(request.body);
    const message = jsonOf(text);
    const sent =
      message === null
        ? /<(?:[\w-]{1,64}:)?OrganizationId>\s{0,64}([A-Za-z0-9]{15,18})\s{0,64}</.exec(text)?.[1]
        : organizationOf(message);
    // The last three characters only say how the first fifteen are written.
    return sameText((sent ?? "").slice(0, 15), organization.slice(0, 15))
      ? shared
      : { ok: false, reason: "the message is of another organization" };
  },
  normalize({ payload, config: { resolveStatuses, eventKey } }) {
    const message = typeof payload === "string" ? jsonOf(payload) : null;
    if (message !== null) {
      const told = toldOf(message);
      if (told === null)
        throw new UnreadableError(
          "expected a Salesforce event message: schema, payload and event of CometD, or EventBridge's event of a salesforce.com partner source",
        );
      return told.kind === "change" ? changes(told, resolveStatuses) : [event(told, eventKey, resolveStatuses)];
    }
    const envelope = typeof payload === "string" ? envelopeOf(payload) : null;
    if (envelope === null) throw new UnreadableError("expected the SOAP envelope of a Salesforce outbound message");
    if (envelope.notifications.length === 0)
      return [ignored("salesforce", null, "Salesforce outbound message", "a message without notifications")];
    return readEach(envelope.notifications, (each) => one(each, envelope.url, resolveStatuses));
  },
  reply: () => ({ status: 200, contentType: "text/xml; charset=utf-8", body: ack }),
};

function one({ type, fields }: Notified, url: string | null, resolveStatuses: readonly string[]): Alert {
  const id = firstOf(fields["Id"]);
  if (id === null) throw new UnreadableError("a notification whose sObject has no Id: Salesforce always sends it");
  const { action, notes } = meaningOf(fields, resolveStatuses);
  const severity = gravityOf(fields);
  const number = firstOf(fields["CaseNumber"]);
  const title = firstOf(fields["Subject"], fields["Name"]) ?? `${type ?? "Record"} ${number ?? id}`;
  return alertOf({
    // Ids of 15 characters are ids of 18 without their checksum.
    dedupKey: id.slice(0, 15),
    action,
    severity: severity.severity,
    title,
    body: firstOf(fields["Description"]) ?? "",
    labels: labelsOf({
      ...Object.fromEntries(Object.entries(fields).filter(([name]) => name !== "Description" && name !== "Subject")),
      type,
    }),
    links: linksOf([["Record", recordLink(url, id)]]),
    source: "salesforce",
    sourceAt: timeOf(fields["LastModifiedDate"]) ?? timeOf(fields["SystemModstamp"]) ?? timeOf(fields["CreatedDate"]),
    notes: [...notes, ...severity.notes],
  });
}

/** What an update must name for it to say anything of the problem: it holds the changed fields only, and the record may be long closed. */
const telling = ["Status", "IsClosed", "Priority", "IsEscalated"];

/** Change Data Capture: one message may tell the same change of several records. */
function changes(told: Extract<Told, { kind: "change" }>, resolveStatuses: readonly string[]): readonly Alert[] {
  const { entity, change, records, fields } = told;
  if (records.length === 0) throw new UnreadableError("a change event without recordIds: Salesforce always sends them");
  return records.map((id) => {
    const key = id.slice(0, 15);
    const title = `${entity ?? "Record"} ${id}`;
    if (change === "delete" || change === "gap_delete")
      return ignored("salesforce", key, title, "the record was deleted, which does not say that its problem is over");
    if (change === "update" && !telling.some((name) => Object.hasOwn(fields, name)))
      return ignored("salesforce", key, title, `the update changes none of ${telling.join(", ")}`);
    const alert = one({ type: entity, fields: { ...fields, Id: id } }, null, resolveStatuses);
    const dated = { ...alert, sourceAt: told.at ?? alert.sourceAt };
    if (change === "create" || change === "undelete" || change === "update") return dated;
    const word = change === null ? "no changeType" : `changeType ${cut(change.toUpperCase(), 64)}`;
    return { ...dated, action: "trigger", notes: [...(alert.notes ?? []), `${word}: what changed is not in the message`] };
  });
}

/** A platform event has the fields that the organization gave it: those of an outbound message are known with or without `__c`. */
function event(told: Extract<Told, { kind: "event" }>, eventKey: readonly string[], resolveStatuses: readonly string[]): Alert {
  const fields: Fields = {
    ...Object.fromEntries(Object.entries(told.fields).map(([name, value]) => [name.replace(/__c$/, ""), value])),
    ...told.fields,
  };
  const parts = eventKey.map((name) => (Object.hasOwn(told.fields, name) ? (told.fields[name] ?? null) : null));
  const missing = eventKey.filter((_, i) => parts[i] === null);
  const keyed = eventKey.length > 0 && missing.length === 0;
  const meant = meaningOf(fields, resolveStatuses);
  const severity = gravityOf(fields);
  const unended = !keyed && meant.action === "resolve";
  return alertOf({
    dedupKey: keyed ? keyOf(parts) : (told.id ?? `event-${digestOf(told.name ?? "", JSON.stringify(told.fields))}`),
    action: unended ? "trigger" : meant.action,
    severity: severity.severity,
    title: firstOf(fields["Subject"], fields["Name"], told.name) ?? "Salesforce platform event",
    body: firstOf(fields["Description"]) ?? "",
    labels: labelsOf({
      ...Object.fromEntries(Object.entries(told.fields).filter(([name]) => !/^(Description|Subject)(__c)?$/.test(name))),
      type: told.name,
    }),
    source: "salesforce",
    sourceAt: told.at,
    notes: [
      ...meant.notes,
      ...severity.notes,
      ...(missing.length > 0 ? [`the event has no ${missing.join(", ")}: taken as a problem of its own`] : []),
      ...(unended ? ["it says that something is over, and eventKey does not say what: taken as firing"] : []),
    ],
  });
}

function keyOf(parts: readonly (string | null)[]): string {
  const texts = parts.map((part) => part ?? "");
  return texts.length > 1 && texts.some((part) => part.includes("/")) ? digestOf(...texts) : texts.join("/");
}

function gravityOf(fields: Fields): { readonly severity: Severity; readonly notes: readonly string[] } {
  return wordOf(fields["IsEscalated"]) === "true"
    ? { severity: "critical", notes: ["the case is escalated"] }
    : severityOf(fields["Priority"], severities);
}

/** The rule that sends the message is the condition; only an end is told by the record. */
function meaningOf(
  fields: Readonly<Record<string, string>>,
  resolveStatuses: readonly string[],
): { readonly action: AlertAction; readonly notes: readonly string[] } {
  const status = wordOf(fields["Status"]);
  const over = wordOf(fields["IsClosed"]) === "true" || (status !== null && resolveStatuses.includes(status));
  if (over) return { action: "resolve", notes: [] };
  return { action: "trigger", notes: status === null ? ["no Status in the message: taken as open"] : [] };
}

function recordLink(url: string | null, id: string): string | null {
  return url !== null && URL.canParse(url) ? `${new URL(url).origin}/${encodeURIComponent(id)}` : null;
}
