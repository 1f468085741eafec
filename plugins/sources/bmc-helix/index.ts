// Owns incidents of BMC Helix ITSM: records of HPD:Help Desk as its REST API writes them, one or several.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  link: z
    .string()
    .startsWith("https://")
    .max(500)
    .optional()
    .describe("The address of an incident with {number} in it, for the link in the page"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

const statuses: Readonly<Record<string, AlertAction>> = {
  new: "trigger",
  assigned: "trigger",
  "in progress": "trigger",
  pending: "trigger",
  resolved: "resolve",
  closed: "resolve",
  cancelled: "resolve",
};
/** Priority's words, then those of urgency and impact, which carry a number. */
const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
  "1-critical": "critical",
  "2-high": "error",
  "3-medium": "warning",
  "4-low": "info",
  "1-extensive/widespread": "critical",
  "2-significant/large": "error",
  "3-moderate/limited": "warning",
  "4-minor/localized": "info",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: settings }) {
    const entries = at(payload, "entries");
    const list = Array.isArray(entries) ? entries : [payload];
    if (list.length === 0) throw new UnreadableError("entries is empty: expected at least one record of HPD:Help Desk");
    return list.map((each) => one(recordIn(each), settings));
  },
};

function recordIn(entry: unknown): Fields {
  const values = at(entry, "values");
  if (isRecord(values)) return values;
  if (isRecord(entry)) return entry;
  throw new UnreadableError("expected a record of HPD:Help Desk: an object, its fields in values");
}

function one(record: Fields, { link }: Config): Alert {
  const key = firstOf(record["Incident Number"], record["Request ID"]);
  if (key === null) throw new UnreadableError("a record without Incident Number and Request ID");
  const { action, notes } = actionBy(record["Status"], statuses, "Status");
  const severity = severityOf(firstOf(record["Priority"], record["Urgency"], record["Impact"]), severities);
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title: firstOf(record["Description"]) ?? `Incident ${key}`,
    // The product's own spelling, and the one that people write.
    body: firstOf(record["Detailed Decription"], record["Detailed Description"]) ?? "",
    labels: labelsOf({
      number: record["Incident Number"],
      status: record["Status"],
      group: record["Assigned Group"],
      company: record["Company"],
      service: record["Service"],
      ci: record["HPD_CI"],
      category: record["Categorization Tier 1"],
    }),
    links: linksOf([["Incident", link?.replaceAll("{number}", encodeURIComponent(key))]]),
    source: "bmc-helix",
    sourceAt: timeOf(record["Last Modified Date"]) ?? timeOf(record["Submit Date"]),
    notes: [...notes, ...severity.notes],
  });
}
