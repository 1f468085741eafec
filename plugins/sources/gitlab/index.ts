// Owns GitLab's webhooks, told apart by object_kind. A failing pipeline of a ref ends with the next success of the same ref and source.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  cut,
  finishedRun,
  firstOf,
  ignored,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  listOf,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  verifyStandardWebhook,
  wordOf,
  type Alert,
  type AlertAction,
  type FinishedRun,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { changesIn } from "./changes.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

/** Of pipelines, jobs and deployments alike. What is not over says nothing yet; a cancelled one says nothing at all. */
const statuses: Readonly<Record<string, AlertAction>> = {
  failed: "trigger",
  success: "resolve",
  canceled: "ignore",
  canceling: "ignore",
  skipped: "ignore",
  created: "ignore",
  waiting_for_resource: "ignore",
  waiting_for_callback: "ignore",
  preparing: "ignore",
  pending: "ignore",
  running: "ignore",
  manual: "ignore",
  scheduled: "ignore",
  blocked: "ignore",
};
const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  medium: "warning",
  low: "info",
  info: "info",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  // A signing token begins with whsec_, and its signature counts wherever there is one; the older secret token is sent as it is.
  verify: (request, credentials) =>
    credentials.secret?.startsWith("whsec_") === true && request.headers["webhook-signature"] !== undefined
      ? verifyStandardWebhook(request, credentials)
      : verifyShared(request, credentials.secret, { header: "x-gitlab-token" }),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a GitLab webhook");
    const kind = firstOf(payload["object_kind"], payload["event_name"]);
    if (kind === null) throw new UnreadableError("neither object_kind nor event_name: GitLab always sends one");
    return [one(kind, payload)];
  },
  changes: changesIn,
};

function one(kind: string, payload: Fields): Alert {
  switch (kind) {
    case "pipeline":
      return pipeline(payload);
    case "build":
      return job(payload);
    case "deployment":
      return deployment(payload);
    case "issue":
      return issue(payload);
    // Incidents are work items: GitLab calls only plain issues "issue".
    case "work_item":
      return workItem(payload);
    case "vulnerability":
      return vulnerability(payload);
    default:
      return ignored("gitlab", null, `GitLab ${cut(kind, 64)}`, `${cut(kind, 64)} changes nothing here`);
  }
}

type Finished = Omit<FinishedRun, "source" | "action" | "word" | "links" | "sourceAt" | "notes"> & {
  readonly status: unknown;
  readonly link: unknown;
  readonly time: readonly unknown[];
};

function finished({ status, link, time, ...run }: Finished): Alert {
  return finishedRun({
    ...run,
    ...actionBy(status, statuses, "status"),
    source: "gitlab",
    word: wordOf(status) ?? "no status",
    links: linksOf([["GitLab", link]]),
    sourceAt: time.map(timeOf).find((each) => each !== null) ?? null,
  });
}

function pipeline(payload: Fields): Alert {
  const [about, project] = [recordOf(payload["object_attributes"]), recordOf(payload["project"])];
  const [place, ref] = [firstOf(project["id"], project["path_with_namespace"]), firstOf(about["ref"])];
  if (place === null || ref === null) throw new UnreadableError("a GitLab pipeline without project.id or object_attributes.ref");
  const [name, id, web] = [
    firstOf(project["path_with_namespace"], project["name"]) ?? place,
    firstOf(about["id"]),
    firstOf(project["web_url"]),
  ];
  const failures = listOf(payload["builds"])
    .slice(0, 500)
    .filter((build) => wordOf(at(build, "status")) === "failed" && at(build, "allow_failure") !== true)
    .map((build) =>
      joined([firstOf(at(build, "stage")), firstOf(at(build, "name")), firstOf(at(build, "failure_reason"))], " / "),
    );
  return finished({
    key: [place, "pipeline", ref, firstOf(about["source"]), ...whichOf(about)],
    status: about["status"],
    what: `Pipeline #${firstOf(about["iid"], id) ?? "?"}`,
    where: `on ${ref} of ${name}`,
    // A job that was tried again is listed once for each try.
    body: joined([firstOf(at(payload, "commit", "title")), ...new Set(failures)], "\n"),
    labels: {
      project: name,
      ref,
      source: about["source"],
      sha: about["sha"],
      user: firstOf(at(payload, "user", "username"), at(payload, "user", "name")),
    },
    link: firstOf(about["url"]) ?? (web === null || id === null ? null : `${web}/-/pipelines/${id}`),
    time: [about["finished_at"], about["created_at"]],
  });
}

/**
 * Several schedules, and several children, run for the same ref: what they run tells them apart, since no id of theirs is sent. A name may
 * hold dates and commits, which are others in each run.
 */
function whichOf(about: Fields): readonly string[] {
  const source = wordOf(about["source"]);
  if (source !== "schedule" && source !== "parent_pipeline") return [];
  const stages = listOf(about["stages"]).flatMap((each) => firstOf(each) ?? []);
  return [firstOf(about["name"])?.replaceAll(/[0-9a-f]{7,}|\d+/gi, "#") ?? stages.join(",")].filter((part) => part !== "");
}

function job(payload: Fields): Alert {
  const place = firstOf(payload["project_id"], at(payload, "project", "id"), payload["project_name"]);
  const [name, ref] = [firstOf(payload["build_name"]), firstOf(payload["ref"])];
  if (place === null || name === null) throw new UnreadableError("a GitLab job without project_id or build_name");
  const what = `Job ${name}`;
  const key = [place, "job", firstOf(payload["build_stage"]), name, ref];
  if (wordOf(payload["build_status"]) === "failed" && payload["build_allow_failure"] === true)
    return ignored("gitlab", joined(key, "/"), what, "the job is allowed to fail");
  const project = firstOf(payload["project_name"]) ?? place;
  const [web, id] = [firstOf(at(payload, "repository", "homepage")), firstOf(payload["build_id"])];
  return finished({
    key,
    status: payload["build_status"],
    what,
    where: `on ${ref ?? "a ref"} of ${project}`,
    body: joined([firstOf(at(payload, "commit", "message")), firstOf(payload["build_failure_reason"])], "\n"),
    labels: {
      project,
      ref,
      stage: payload["build_stage"],
      environment: at(payload, "environment", "name"),
      user: at(payload, "user", "username"),
    },
    link: web === null || id === null ? null : `${web}/-/jobs/${id}`,
    time: [payload["build_finished_at"], payload["build_started_at"], payload["build_created_at"]],
  });
}

function deployment(payload: Fields): Alert {
  const project = recordOf(payload["project"]);
  const [place, environment] = [firstOf(project["id"], project["path_with_namespace"]), firstOf(payload["environment"])];
  if (place === null || environment === null) throw new UnreadableError("a GitLab deployment without project.id or environment");
  const name = firstOf(project["path_with_namespace"], project["name"]) ?? place;
  return finished({
    key: [place, "deployment", environment],
    status: payload["status"],
    what: `Deployment of ${name}`,
    where: `to ${environment}`,
    body: firstOf(payload["commit_title"]) ?? "",
    labels: { project: name, environment, ref: payload["ref"], user: at(payload, "user", "username") },
    link: firstOf(payload["deployable_url"], payload["commit_url"]),
    time: [payload["status_changed_at"]],
  });
}

function issue(payload: Fields): Alert {
  const about = recordOf(payload["object_attributes"]);
  const id = firstOf(about["id"]);
  if (id === null) throw new UnreadableError("a GitLab issue without object_attributes.id");
  const [key, title] = [`issue/${id}`, firstOf(about["title"]) ?? "GitLab issue"];
  const { action, reason } = meaningOf(about, recordOf(payload["changes"]));
  if (action === "ignore") return ignored("gitlab", key, title, reason);
  const severity =
    wordOf(about["severity"]) === "unknown" ? severityOf(null, severities) : severityOf(about["severity"], severities);
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title,
    body: firstOf(about["description"]) ?? "",
    labels: labelsOf({
      project: firstOf(at(payload, "project", "path_with_namespace"), at(payload, "project", "name")),
      number: about["iid"],
      type: firstOf(about["issue_type"], about["type"]),
      labels: listOf(payload["labels"])
        .flatMap((each) => firstOf(at(each, "title")) ?? [])
        .join(","),
      user: at(payload, "user", "username"),
    }),
    links: linksOf([["Issue", about["url"]]]),
    source: "gitlab",
    sourceAt: timeOf(about["updated_at"]) ?? timeOf(about["created_at"]),
    notes: severity.notes,
  });
}

/** What is planned work by its kind pages nobody; a kind that is not known might be an incident by another name. */
const planned = /^(task|epic|test[ _]case|requirement|objective|key[ _]result|ticket)$/i;

function workItem(payload: Fields): Alert {
  const about = recordOf(payload["object_attributes"]);
  const kind = firstOf(about["type"]) ?? "";
  if (!planned.test(kind)) return issue(payload);
  const id = firstOf(about["id"]);
  return ignored(
    "gitlab",
    id === null ? null : `issue/${id}`,
    firstOf(about["title"]) ?? `GitLab ${kind}`,
    `a ${kind} pages nobody`,
  );
}

/** GitLab gives no id of it but its address. */
function vulnerability(payload: Fields): Alert {
  const about = recordOf(payload["object_attributes"]);
  const [url, title] = [firstOf(about["url"]), firstOf(about["title"])];
  if (url === null && title === null) throw new UnreadableError("a GitLab vulnerability without url and title");
  const state = wordOf(about["state"]);
  const severity = severityOf(about["severity"], severities);
  return alertOf({
    dedupKey: url ?? `vulnerability/${firstOf(about["project_id"]) ?? ""}/${title}`,
    action: state === "resolved" || state === "dismissed" ? "resolve" : "trigger",
    severity: severity.severity,
    title: title ?? "GitLab vulnerability",
    body: firstOf(at(about, "location", "file")) ?? "",
    labels: labelsOf({
      project: firstOf(at(payload, "project", "path_with_namespace"), about["project_id"]),
      state,
      report: about["report_type"],
      package: at(about, "location", "dependency", "package", "name"),
    }),
    links: linksOf([["Vulnerability", url]]),
    source: "gitlab",
    sourceAt: timeOf(about["updated_at"]) ?? timeOf(about["created_at"]),
    notes: severity.notes,
  });
}

/** Opening and closing decide; in between, a person's change of the escalation status. */
function meaningOf(about: Fields, changes: Fields): { readonly action: AlertAction; readonly reason: string } {
  const is = (action: AlertAction, reason = ""): { readonly action: AlertAction; readonly reason: string } => ({
    action,
    reason,
  });
  const [said, state] = [wordOf(about["action"]), wordOf(about["state"])];
  if (said === "close" || (said === null && state === "closed")) return is("resolve");
  if (said === "open" || said === "reopen" || (said === null && state === "opened")) return is("trigger");
  if (said !== "update") return is("ignore", `${cut(said ?? "no action", 64)} changes nothing here`);
  const now = firstOf(at(changes, "escalation_status", "current"));
  if (now === "acknowledged") return is("acknowledge");
  if (now === "resolved") return is("resolve");
  if (now === "triggered") return is("trigger");
  return is("ignore", "an update that changes no escalation status");
}
