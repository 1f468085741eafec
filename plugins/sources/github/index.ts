// Owns GitHub's webhooks, told apart by X-GitHub-Event. A failing workflow of a branch ends with its next success.

import * as z from "zod";
import {
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
  verifySigned,
  wordOf,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { changesIn } from "./changes.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const conclusions: Readonly<Record<string, AlertAction>> = {
  failure: "trigger",
  timed_out: "trigger",
  startup_failure: "trigger",
  success: "resolve",
};
const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "error",
  error: "error",
  medium: "warning",
  moderate: "warning",
  warning: "warning",
  low: "info",
  note: "info",
  none: "info",
};
const opening = new Set([
  "created",
  "reintroduced",
  "reopened",
  "auto_reopened",
  "reopened_by_user",
  "appeared_in_branch",
  "create",
  "opened",
]);
const closing = new Set([
  "fixed",
  "dismissed",
  "auto_dismissed",
  "closed_by_user",
  "resolved",
  "revoked",
  "dismiss",
  "resolve",
  "closed",
  "deleted",
]);

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "x-hub-signature-256", encoding: "hex", prefix: "sha256=" }),
  normalize({ payload, headers }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a GitHub webhook");
    const event = headers["x-github-event"];
    if (event === undefined) throw new UnreadableError("no X-GitHub-Event header: GitHub always sends it");
    return [one(event, payload)];
  },
  changes: changesIn,
};

function one(event: string, payload: Fields): Alert {
  const repository = firstOf(at(payload, "repository", "full_name")) ?? "";
  const action = wordOf(payload["action"]);
  switch (event) {
    case "ping":
      return alertOf({
        dedupKey: "ping",
        action: "trigger",
        title: `GitHub ping: ${firstOf(payload["zen"]) ?? ""}`,
        source: "github",
        test: true,
      });
    case "workflow_run": {
      const run = recordOf(payload["workflow_run"]);
      const from = firstOf(at(run, "head_repository", "full_name"));
      const name = firstOf(at(payload, "workflow", "name"), run["name"]) ?? "Workflow";
      // A fork's branch of the same name is another branch.
      const key = [
        repository,
        firstOf(run["workflow_id"], at(payload, "workflow", "id")),
        from === repository ? null : from,
        firstOf(run["head_branch"]),
      ];
      return concluded(payload, run, { key, name, repository });
    }
    case "workflow_job": {
      const job = recordOf(payload["workflow_job"]);
      const name = joined([firstOf(job["workflow_name"]), firstOf(job["name"])], " / ");
      return concluded(payload, job, { key: [repository, "job", name, firstOf(job["head_branch"])], name, repository });
    }
    case "check_run": {
      const run = recordOf(payload["check_run"]);
      const name = firstOf(run["name"]) ?? "Check";
      const branch = firstOf(at(run, "check_suite", "head_branch"), run["head_sha"]);
      return concluded(
        payload,
        { ...run, head_branch: at(run, "check_suite", "head_branch") },
        { key: [repository, "check", name, branch], name, repository },
      );
    }
    case "check_suite": {
      const suite = recordOf(payload["check_suite"]);
      const name = firstOf(at(suite, "app", "name")) ?? "Checks";
      return concluded(payload, suite, {
        key: [repository, "suite", name, firstOf(suite["head_branch"], suite["head_sha"])],
        name,
        repository,
      });
    }
    case "status":
      return commitStatus(payload, repository);
    case "deployment_status":
      return deployment(payload, repository);
    case "dependabot_alert":
    case "code_scanning_alert":
    case "secret_scanning_alert":
    case "repository_vulnerability_alert":
      return securityAlert(event, action, recordOf(payload["alert"]), repository);
    case "issues":
      return issue(action, recordOf(payload["issue"]), repository);
    default:
      return ignored("github", null, `GitHub ${cut(event, 64)}`, `${cut(event, 64)} changes nothing here`);
  }
}

interface Named {
  readonly key: readonly (string | null)[];
  readonly name: string;
  readonly repository: string;
}

function concluded(payload: Fields, run: Fields, { key, name, repository }: Named): Alert {
  if (repository === "") throw new UnreadableError("a GitHub run without repository.full_name");
  const branch = firstOf(run["head_branch"]);
  const conclusion = wordOf(run["conclusion"]);
  if (conclusion === null) return ignored("github", joined(key, "/"), name, "not finished yet");
  const known = wordOf(payload["action"]) === "completed" && Object.hasOwn(conclusions, conclusion);
  return finishedRun({
    source: "github",
    key,
    action: (known ? conclusions[conclusion] : undefined) ?? "ignore",
    word: `concluded ${conclusion}`,
    what: name,
    where: `on ${branch ?? "a commit"} of ${repository}`,
    body: firstOf(run["display_title"], at(run, "output", "title"), at(run, "head_commit", "message")) ?? "",
    labels: { repository, branch, event: run["event"], conclusion, actor: at(payload, "sender", "login") },
    links: linksOf([["Run", run["html_url"]]]),
    sourceAt: timeOf(run["updated_at"]) ?? timeOf(run["completed_at"]),
  });
}

/** What other systems report of a commit: one context on the branch that it heads, the default one before others. */
function commitStatus(payload: Fields, repository: string): Alert {
  const [context, sha] = [firstOf(payload["context"]), firstOf(payload["sha"])];
  const heads = listOf(payload["branches"]).flatMap((each) =>
    sha !== null && firstOf(at(each, "commit", "sha")) === sha ? (firstOf(at(each, "name")) ?? []) : [],
  );
  const main = firstOf(at(payload, "repository", "default_branch"));
  const branch = heads.find((name) => name === main) ?? heads[0] ?? null;
  const on = branch ?? sha;
  if (repository === "" || context === null || on === null)
    throw new UnreadableError("a GitHub status without repository.full_name, context or sha");
  const key = [repository, "status", context, on].join("/");
  const state = wordOf(payload["state"]);
  const action = state === "failure" || state === "error" ? "trigger" : state === "success" ? "resolve" : "ignore";
  if (action === "ignore")
    return ignored("github", key, context, `${cut(state ?? "no state", 40)}: neither a failure nor a success`);
  return alertOf({
    dedupKey: key,
    action,
    severity: "error",
    title: `${context} ${action === "resolve" ? "succeeded" : "failed"} on ${branch ?? on.slice(0, 12)} of ${repository}`,
    body: firstOf(payload["description"], at(payload, "commit", "commit", "message")) ?? "",
    labels: labelsOf({ repository, branch, context, conclusion: state, actor: at(payload, "sender", "login") }),
    links: linksOf([["Status", payload["target_url"]]]),
    source: "github",
    sourceAt: timeOf(payload["updated_at"]) ?? timeOf(payload["created_at"]),
  });
}

function deployment(payload: Fields, repository: string): Alert {
  const status = recordOf(payload["deployment_status"]);
  const environment = firstOf(at(payload, "deployment", "environment"), status["environment"]) ?? "an environment";
  const state = wordOf(status["state"]);
  const key = `${repository}/deployment/${environment}`;
  const title = `Deployment of ${repository} to ${environment}: ${state ?? "unknown"}`;
  const action = state === "failure" || state === "error" ? "trigger" : state === "success" ? "resolve" : "ignore";
  if (action === "ignore") return ignored("github", key, title, `${state ?? "no state"}: neither a failure nor a success`);
  return alertOf({
    dedupKey: key,
    action,
    severity: "error",
    title,
    body: firstOf(status["description"]) ?? "",
    labels: labelsOf({ repository, environment, actor: at(payload, "sender", "login") }),
    links: linksOf([["Log", firstOf(status["log_url"], status["target_url"])]]),
    source: "github",
    sourceAt: timeOf(status["updated_at"]),
  });
}

function securityAlert(event: string, action: string | null, alert: Fields, repository: string): Alert {
  const number = firstOf(alert["number"], alert["id"]);
  if (number === null) throw new UnreadableError(`a GitHub ${event} without alert.number`);
  const key = `${repository}/${event}/${number}`;
  const about = firstOf(
    at(alert, "security_advisory", "summary"),
    at(alert, "rule", "description"),
    alert["secret_type_display_name"],
    alert["secret_type"],
    alert["affected_package_name"],
  );
  const title = `${about ?? event} (${repository})`;
  const over = action !== null && closing.has(action);
  if (!over && (action === null || !opening.has(action)))
    return ignored("github", key, title, `${cut(action ?? "no action", 64)} changes nothing here`);
  const word = firstOf(
    at(alert, "security_advisory", "severity"),
    at(alert, "rule", "security_severity_level"),
    at(alert, "rule", "severity"),
    alert["severity"],
  );
  const severity =
    event === "secret_scanning_alert" ? { severity: "critical" as const, notes: [] } : severityOf(word, severities);
  return alertOf({
    dedupKey: key,
    action: over ? "resolve" : "trigger",
    severity: severity.severity,
    title,
    body: firstOf(at(alert, "security_advisory", "description"), at(alert, "rule", "full_description")) ?? "",
    labels: labelsOf({
      repository,
      kind: event,
      package: firstOf(at(alert, "dependency", "package", "name"), alert["affected_package_name"]),
      rule: at(alert, "rule", "id"),
    }),
    links: linksOf([["Alert", firstOf(alert["html_url"], alert["external_reference"])]]),
    source: "github",
    sourceAt: timeOf(
      over
        ? firstOf(alert["fixed_at"], alert["dismissed_at"], alert["resolved_at"], alert["updated_at"])
        : firstOf(alert["updated_at"], alert["created_at"]),
    ),
    notes: severity.notes,
  });
}

function issue(action: string | null, about: Fields, repository: string): Alert {
  const id = firstOf(about["id"]);
  if (id === null) throw new UnreadableError("a GitHub issue without issue.id");
  const title = firstOf(about["title"]) ?? `Issue of ${repository}`;
  // One that moves to another repository has another id there.
  const over = action === "closed" || action === "deleted" || action === "transferred";
  if (!over && action !== "opened" && action !== "reopened")
    return ignored("github", `issue/${id}`, title, `${cut(action ?? "no action", 64)} changes nothing here`);
  return alertOf({
    dedupKey: `issue/${id}`,
    action: over ? "resolve" : "trigger",
    title,
    body: firstOf(about["body"]) ?? "",
    labels: labelsOf({
      repository,
      number: about["number"],
      labels: listOf(about["labels"])
        .flatMap((each) => firstOf(at(each, "name")) ?? [])
        .join(","),
      author: at(about, "user", "login"),
    }),
    links: linksOf([["Issue", about["html_url"]]]),
    source: "github",
    sourceAt: timeOf(about["updated_at"]),
  });
}
