// Owns Dynatrace's problem notifications (the custom integration's JSON) and events that a workflow forwards.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  digestOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  plainText,
  present,
  recordOf,
  severityOf,
  tagsOf,
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

const grade = z.enum(["critical", "error", "warning", "info"]);
const config = z.strictObject({
  severities: z
    .strictObject({
      AVAILABILITY: grade,
      ERROR: grade,
      PERFORMANCE: grade,
      RESOURCE_CONTENTION: grade,
      CUSTOM_ALERT: grade,
      MONITORING_UNAVAILABLE: grade,
    })
    .partial()
    .default({})
    .describe("Other severities for Dynatrace's kinds of problem, for example { PERFORMANCE: error }"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, Severity>> = {
  availability: "critical",
  error: "error",
  performance: "warning",
  // The word of Davis' events for performance.
  slowdown: "warning",
  resource_contention: "warning",
  custom_alert: "info",
  info: "info",
  monitoring_unavailable: "error",
};
const states: Readonly<Record<string, AlertAction>> = {
  open: "trigger",
  active: "trigger",
  resolved: "resolve",
  closed: "resolve",
  // Its own problem is another one now.
  merged: "resolve",
};

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: settings }) {
    if (!isRecord(payload)) throw new UnreadableError("expected a JSON object: the custom payload of the README");
    const own = Object.entries(settings.severities).flatMap(([kind, severity]) =>
      severity === undefined
        ? []
        : [kind.toLowerCase(), ...(kind === "PERFORMANCE" ? ["slowdown"] : [])].map((name) => [name, severity] as const),
    );
    const table = { ...kinds, ...Object.fromEntries(own) };
    // A workflow posts its event whole, or below a name of its template's.
    const event = [payload["eventData"], payload["event"], payload].find((each) => isRecord(each) && isEvent(each));
    if (isRecord(event)) return [fromEvent(event, table)];
    const below = recordOf(payload["data"]);
    return [fromProblem("State" in below && !("State" in payload) ? below : payload, table)];
  },
};

function isEvent(record: Fields): boolean {
  return firstOf(record["event.id"], record["event.name"], record["event.status"]) !== null;
}

function fromProblem(problem: Fields, table: Readonly<Record<string, Severity>>): Alert {
  const details = [problem["ProblemDetailsJSON"], problem["ProblemDetailsJSONv2"], problem["ProblemDetails"]].find(isRecord);
  const key = firstOf(problem["PID"], problem["ProblemID"], at(details, "problemId"), at(details, "id"), at(details, "ID"));
  if (key === null) throw new UnreadableError("neither PID nor ProblemID: use the README's custom payload");
  const { action, notes } = actionBy(problem["State"], states, "State");
  const kind = firstOf(problem["ProblemSeverity"], at(details, "severityLevel"));
  const severity = severityOf(kind, table);
  const body =
    firstOf(
      problem["ProblemDetailsText"],
      problem["ProblemDetailsMarkdown"],
      problem["ProblemDetailsHTML"],
      problem["ProblemDetails"],
    ) ?? "";
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title: firstOf(problem["ProblemTitle"]) ?? `Dynatrace problem ${key}`,
    body: plainText(body),
    labels: {
      ...tagsOf(problem["Tags"] ?? problem["ProblemTags"]),
      ...labelsOf({
        problem: problem["ProblemID"],
        impact: problem["ProblemImpact"],
        kind,
        entities:
          listOf(problem["ImpactedEntities"])
            .slice(0, 50)
            .flatMap((each) => firstOf(at(each, "name"), at(each, "entity")) ?? [])
            .join(",") || problem["ImpactedEntity"],
      }),
    },
    links: linksOf([["Problem", firstOf(problem["ProblemURL"], problem["Problem URL"])]]),
    source: "dynatrace",
    sourceAt: action === "resolve" ? timeOf(at(details, "endTime")) : timeOf(at(details, "startTime")),
    test: present(problem["PID"]) === "99999" && present(problem["ProblemID"]) === "999",
    notes: [...notes, ...(wordOf(problem["State"]) === "merged" ? ["merged into another problem"] : []), ...severity.notes],
  });
}

function fromEvent(event: Fields, table: Readonly<Record<string, Severity>>): Alert {
  const name = firstOf(event["event.name"]);
  const entities = listOf(event["affected_entity_ids"])
    .slice(0, 50)
    .flatMap((each) => present(each) ?? []);
  // The same id as a problem notification's PID: told by both ways it is one incident.
  const key = firstOf(event["event.id"], event["display_id"]);
  if (key === null && name === null) throw new UnreadableError("eventData without event.id or event.name");
  const names = listOf(event["affected_entity_names"])
    .slice(0, 50)
    .flatMap((each) => present(each) ?? []);
  const { action, notes } = actionBy(event["event.status"], states, "event.status");
  const severity = severityOf(event["event.category"], table);
  return alertOf({
    dedupKey: key ?? `event-${digestOf(name ?? "", ...entities)}`,
    action,
    severity: severity.severity,
    title: name ?? "Dynatrace event",
    body: plainText(firstOf(event["event.description"]) ?? ""),
    labels: {
      ...tagsOf(event["entity_tags"]),
      ...labelsOf({
        problem: event["display_id"],
        kind: event["event.category"],
        entities: names.length > 0 ? names.join(",") : entities.join(","),
        root_cause: event["root_cause_entity_name"],
        // Dynatrace tells of what is muted or in maintenance all the same: a route may suppress by these.
        mute: event["dt.davis.mute.status"],
        maintenance: event["maintenance.is_under_maintenance"],
      }),
    },
    source: "dynatrace",
    sourceAt: action === "resolve" ? timeOf(event["event.end"]) : timeOf(event["event.start"]),
    notes: [...notes, ...severity.notes],
  });
}
