// Owns Salesforce's outbound messages: up to a hundred records in one SOAP envelope, answered with the Ack that Salesforce waits for.

import * as z from "zod";
import {
  alertOf,
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
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };
import { envelopeOf, type Envelope, type Notified } from "./envelope.ts";

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
    const sent = /<(?:[\w-]{1,64}:)?OrganizationId>\s{0,64}([A-Za-z0-9]{15,18})\s{0,64}</.exec(
      new TextDecoder().decode(request.body),
    );
    // The last three characters only say how the first fifteen are written.
    return sameText((sent?.[1] ?? "").slice(0, 15), organization.slice(0, 15))
      ? shared
      : { ok: false, reason: "the message is of another organization" };
  },
  normalize({ payload, config: { resolveStatuses } }) {
    const envelope = typeof payload === "string" ? envelopeOf(payload) : null;
    if (envelope === null) throw new UnreadableError("expected the SOAP envelope of a Salesforce outbound message");
    if (envelope.notifications.length === 0)
      return [ignored("salesforce", null, "Salesforce outbound message", "a message without notifications")];
    return envelope.notifications.map((each) => one(each, envelope, resolveStatuses));
  },
  reply: () => ({ status: 200, contentType: "text/xml; charset=utf-8", body: ack }),
};

function one({ type, fields }: Notified, envelope: Envelope, resolveStatuses: readonly string[]): Alert {
  const id = firstOf(fields["Id"]);
  if (id === null) throw new UnreadableError("a notification whose sObject has no Id: Salesforce always sends it");
  const { action, notes } = meaningOf(fields, resolveStatuses);
  const severity =
    wordOf(fields["IsEscalated"]) === "true"
      ? { severity: "critical" as const, notes: ["the case is escalated"] }
      : severityOf(fields["Priority"], severities);
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
    links: linksOf([["Record", recordLink(envelope.url, id)]]),
    source: "salesforce",
    sourceAt: timeOf(fields["LastModifiedDate"]) ?? timeOf(fields["SystemModstamp"]) ?? timeOf(fields["CreatedDate"]),
    notes: [...notes, ...severity.notes],
  });
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
