// Owns what GitLab tells of changes: deployments as they go, releases, and merges into the default branch.

import {
  at,
  changeOf,
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
const source = "gitlab";

/** The states that say something happened out there. One that was cancelled may have changed half of it. */
const deployed: Readonly<Record<string, (what: string) => string>> = {
  running: (what) => `Deploying ${what}`,
  success: (what) => `Deployed ${what}`,
  failed: (what) => `Deployment failed: ${what}`,
  canceled: (what) => `Deployment cancelled: ${what}`,
};

export function changesIn({ payload }: NormalizeInput): readonly Change[] {
  if (!isRecord(payload)) return [];
  const project = recordOf(payload["project"]);
  const place = firstOf(project["id"], project["path_with_namespace"]);
  if (place === null) return [];
  const where = { place, name: firstOf(project["path_with_namespace"], project["name"]) ?? place };
  switch (firstOf(payload["object_kind"], payload["event_name"])) {
    case "deployment":
      return deployment(payload, where);
    case "release":
      return release(payload, where);
    case "merge_request":
      return merge(payload, where);
    default:
      return [];
  }
}

interface Where {
  /** What the project stays, whatever it is called. */
  readonly place: string;
  readonly name: string;
}

function deployment(payload: Fields, { place, name }: Where): readonly Change[] {
  const state = wordOf(payload["status"]) ?? "";
  const said = Object.hasOwn(deployed, state) ? deployed[state] : undefined;
  if (said === undefined) return [];
  const [id, environment, ref] = [firstOf(payload["deployment_id"]), firstOf(payload["environment"]), firstOf(payload["ref"])];
  const what = ref === null ? name : `${name} ${ref}`;
  return [
    changeOf({
      dedupKey: id === null ? null : `${place}/deployment/${id}`,
      summary: said(environment === null ? what : `${what} to ${environment}`),
      body: firstOf(payload["commit_title"]) ?? "",
      labels: labelsOf({
        project: name,
        environment,
        tier: payload["environment_tier"],
        ref,
        commit: payload["short_sha"],
        state,
        actor: firstOf(at(payload, "user", "username"), at(payload, "user", "name")),
      }),
      links: linksOf([
        ["Job", payload["deployable_url"]],
        ["Commit", payload["commit_url"]],
      ]),
      source,
      sourceAt: timeOf(payload["status_changed_at"]),
    }),
  ];
}

function release(payload: Fields, { place, name }: Where): readonly Change[] {
  if (wordOf(payload["action"]) !== "create") return [];
  const [tag, title] = [firstOf(payload["tag"]), firstOf(payload["name"])];
  return [
    changeOf({
      dedupKey: tag === null ? null : `${place}/release/${tag}`,
      summary: `Released ${name} ${title ?? tag ?? ""}`,
      body: firstOf(payload["description"]) ?? "",
      labels: labelsOf({ project: name, tag, commit: at(payload, "commit", "id") }),
      links: linksOf([["Release", payload["url"]]]),
      source,
      sourceAt: timeOf(payload["released_at"]) ?? timeOf(payload["created_at"]),
    }),
  ];
}

/** Where whatever lies on the default branch is deployed by itself, this is all there is to see of it. */
function merge(payload: Fields, { place, name }: Where): readonly Change[] {
  const about = recordOf(payload["object_attributes"]);
  const [branch, main] = [firstOf(about["target_branch"]), firstOf(at(payload, "project", "default_branch"))];
  if (wordOf(about["action"]) !== "merge" || branch === null || branch !== main) return [];
  const number = firstOf(about["iid"]);
  return [
    changeOf({
      dedupKey: number === null ? null : `${place}/merge/${number}`,
      summary: `Merged into ${branch} of ${name}: ${firstOf(about["title"]) ?? "a merge request"}${number === null ? "" : ` (!${number})`}`,
      labels: labelsOf({
        project: name,
        branch,
        commit: about["merge_commit_sha"],
        actor: firstOf(at(payload, "user", "username"), at(payload, "user", "name")),
      }),
      links: linksOf([["Merge request", about["url"]]]),
      source,
      sourceAt: timeOf(about["updated_at"]),
    }),
  ];
}
