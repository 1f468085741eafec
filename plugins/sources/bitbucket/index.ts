// Owns Bitbucket Cloud's webhooks, told apart by X-Event-Key. A failing build of a branch ends with its next success.

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
  labelsOf,
  linksOf,
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

const builds: Readonly<Record<string, AlertAction>> = {
  failed: "trigger",
  successful: "resolve",
  inprogress: "ignore",
  stopped: "ignore",
};
const issues: Readonly<Record<string, AlertAction>> = {
  new: "trigger",
  open: "trigger",
  "on hold": "trigger",
  submitted: "trigger",
  resolved: "resolve",
  closed: "resolve",
  invalid: "resolve",
  duplicate: "resolve",
  wontfix: "resolve",
};
const priorities: Readonly<Record<string, Severity>> = {
  blocker: "critical",
  critical: "critical",
  major: "error",
  minor: "warning",
  trivial: "info",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, credentials) =>
    verifySigned(request, credentials, { header: "x-hub-signature", encoding: "hex", prefix: "sha256=" }),
  normalize({ payload, headers }) {
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of a Bitbucket webhook");
    const event = firstOf(headers["x-event-key"], payload["eventKey"]);
    if (event === null) throw new UnreadableError("no X-Event-Key header: Bitbucket always sends it");
    return [one(event, payload)];
  },
  changes: changesIn,
};

function one(event: string, payload: Fields): Alert {
  switch (event) {
    case "repo:commit_status_created":
    case "repo:commit_status_updated":
      return build(payload);
    case "issue:created":
    case "issue:updated":
      return issue(event, payload);
    case "diagnostics:ping":
      return alertOf({
        dedupKey: "ping",
        action: "trigger",
        title: "Bitbucket test connection",
        source: "bitbucket",
        test: true,
      });
    default:
      return ignored("bitbucket", null, `Bitbucket ${cut(event, 64)}`, `${cut(event, 64)} changes nothing here`);
  }
}

function build(payload: Fields): Alert {
  const [about, repository] = [recordOf(payload["commit_status"]), recordOf(payload["repository"])];
  const [place, name] = [firstOf(repository["uuid"], repository["full_name"]), firstOf(about["key"])];
  const sha =
    firstOf(at(about, "links", "commit", "href"))
      ?.split("/")
      .at(-1) ?? null;
  const branch = firstOf(about["refname"]);
  const on = branch ?? sha;
  if (place === null || name === null || on === null)
    throw new UnreadableError("a Bitbucket build status without repository, commit_status.key, or a branch or commit");
  return finishedRun({
    source: "bitbucket",
    key: [place, "build", name, on],
    ...actionBy(about["state"], builds, "state"),
    word: wordOf(about["state"]) ?? "no state",
    what: firstOf(about["name"]) ?? name,
    where: `on ${branch ?? on.slice(0, 12)} of ${firstOf(repository["full_name"]) ?? place}`,
    body: firstOf(about["description"]) ?? "",
    labels: { repository: repository["full_name"], branch, commit: sha, actor: at(payload, "actor", "display_name") },
    links: linksOf([["Build", about["url"]]]),
    sourceAt: timeOf(about["updated_on"]) ?? timeOf(about["created_on"]),
  });
}

/** An update that changes no state is the same issue still open, or still closed: told again, nothing happens twice. */
function issue(event: string, payload: Fields): Alert {
  const [about, repository] = [recordOf(payload["issue"]), recordOf(payload["repository"])];
  const [id, place] = [firstOf(about["id"]), firstOf(repository["uuid"], repository["full_name"])];
  if (id === null || place === null) throw new UnreadableError("a Bitbucket issue without issue.id or repository");
  const [dedupKey, title] = [`${place}/issue/${id}`, firstOf(about["title"]) ?? "Bitbucket issue"];
  const changes = recordOf(payload["changes"]);
  if (event === "issue:updated" && !("state" in changes) && !("status" in changes))
    return ignored("bitbucket", dedupKey, title, "an update that changes no state");
  const state = actionBy(about["state"], issues, "state");
  const severity = severityOf(about["priority"], priorities);
  return alertOf({
    dedupKey,
    action: state.action,
    severity: severity.severity,
    title,
    body: firstOf(at(about, "content", "raw")) ?? "",
    labels: labelsOf({
      repository: repository["full_name"],
      number: id,
      type: about["type"],
      component: firstOf(at(about, "component", "name"), about["component"]),
      actor: at(payload, "actor", "display_name"),
    }),
    links: linksOf([["Issue", at(about, "links", "html", "href")]]),
    source: "bitbucket",
    sourceAt: timeOf(about["updated_on"]) ?? timeOf(about["created_on"]),
    notes: [...state.notes, ...severity.notes],
  });
}
