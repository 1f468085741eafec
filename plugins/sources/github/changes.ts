// Owns what GitHub tells of changes: deployments as they go, releases, and merges into the default branch.

import {
  at,
  changeOf,
  cut,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  recordOf,
  timeOf,
  wordOf,
  type Change,
  type NormalizeInput,
} from "../../sdk/index.ts";

type Fields = Readonly<Record<string, unknown>>;
const source = "github";

/** The states that say something happened out there: one that waits has changed nothing yet, an inactive one was replaced by another. */
const deployed: Readonly<Record<string, (what: string) => string>> = {
  in_progress: (what) => `Deploying ${what}`,
  success: (what) => `Deployed ${what}`,
  failure: (what) => `Deployment failed: ${what}`,
  error: (what) => `Deployment failed: ${what}`,
};

export function changesIn({ payload, headers }: NormalizeInput): readonly Change[] {
  if (!isRecord(payload)) return [];
  const repository = firstOf(at(payload, "repository", "full_name"));
  if (repository === null) return [];
  switch (headers["x-github-event"]) {
    case "deployment_status":
      return deployment(payload, repository);
    case "release":
      return release(payload, repository);
    case "pull_request":
      return merge(payload, repository);
    default:
      return [];
  }
}

function deployment(payload: Fields, repository: string): readonly Change[] {
  const [status, about] = [recordOf(payload["deployment_status"]), recordOf(payload["deployment"])];
  const state = wordOf(status["state"]) ?? "";
  const said = Object.hasOwn(deployed, state) ? deployed[state] : undefined;
  if (said === undefined) return [];
  const environment = firstOf(about["environment"], status["environment"]);
  const [id, ref, sha] = [firstOf(about["id"]), firstOf(about["ref"]), firstOf(about["sha"])];
  const web = firstOf(at(payload, "repository", "html_url"));
  const what = `${repository}${ref === null || ref === sha ? "" : ` ${cut(ref, 100)}`}`;
  return [
    changeOf({
      dedupKey: id === null ? null : `${repository}/deployment/${id}`,
      summary: said(environment === null ? what : `${what} to ${environment}`),
      body: firstOf(status["description"], about["description"]) ?? "",
      labels: labelsOf({
        repository,
        environment,
        ref,
        commit: sha,
        state,
        actor: firstOf(at(about, "creator", "login"), at(payload, "sender", "login")),
      }),
      links: linksOf([
        ["Log", firstOf(status["log_url"], status["target_url"])],
        ["Commit", web === null || sha === null ? null : `${web}/commit/${sha}`],
      ]),
      source,
      sourceAt: timeOf(status["created_at"]) ?? timeOf(status["updated_at"]),
    }),
  ];
}

function release(payload: Fields, repository: string): readonly Change[] {
  const about = recordOf(payload["release"]);
  if (wordOf(payload["action"]) !== "published") return [];
  const [id, tag, name] = [firstOf(about["id"]), firstOf(about["tag_name"]), firstOf(about["name"])];
  return [
    changeOf({
      dedupKey: id === null ? null : `${repository}/release/${id}`,
      summary: `Released ${repository} ${name ?? tag ?? ""}`,
      body: firstOf(about["body"]) ?? "",
      labels: labelsOf({
        repository,
        tag,
        branch: about["target_commitish"],
        prerelease: about["prerelease"] === true ? "true" : null,
        actor: firstOf(at(about, "author", "login"), at(payload, "sender", "login")),
      }),
      links: linksOf([["Release", about["html_url"]]]),
      source,
      sourceAt: timeOf(about["published_at"]),
    }),
  ];
}

/** Where whatever lies on the default branch is deployed by itself, this is all there is to see of it. */
function merge(payload: Fields, repository: string): readonly Change[] {
  const about = recordOf(payload["pull_request"]);
  const [branch, number] = [firstOf(at(about, "base", "ref")), firstOf(about["number"], payload["number"])];
  const main = firstOf(at(payload, "repository", "default_branch"), at(about, "base", "repo", "default_branch"));
  if (wordOf(payload["action"]) !== "closed" || about["merged"] !== true || branch === null || branch !== main) return [];
  return [
    changeOf({
      dedupKey: number === null ? null : `${repository}/pull/${number}`,
      summary: `Merged into ${branch} of ${repository}: ${firstOf(about["title"]) ?? "a pull request"}${number === null ? "" : ` (#${number})`}`,
      labels: labelsOf({
        repository,
        branch,
        commit: about["merge_commit_sha"],
        actor: firstOf(at(about, "merged_by", "login"), at(payload, "sender", "login")),
      }),
      links: linksOf([["Pull request", about["html_url"]]]),
      source,
      sourceAt: timeOf(about["merged_at"]),
    }),
  ];
}
