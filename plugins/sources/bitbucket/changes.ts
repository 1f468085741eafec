// Owns what Bitbucket tells of changes: tags that were pushed, and pull requests that were merged. Of deployments it sends no webhook.

import {
  at,
  changeOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  recordOf,
  timeOf,
  wordOf,
  type Change,
  type NormalizeInput,
} from "../../sdk/index.ts";

type Fields = Readonly<Record<string, unknown>>;
const source = "bitbucket";
const tagsMax = 20;

export function changesIn({ payload, headers }: NormalizeInput): readonly Change[] {
  if (!isRecord(payload)) return [];
  const repository = recordOf(payload["repository"]);
  const place = firstOf(repository["uuid"], repository["full_name"]);
  if (place === null) return [];
  const name = firstOf(repository["full_name"]) ?? place;
  const actor = firstOf(at(payload, "actor", "display_name"));
  switch (firstOf(headers["x-event-key"], payload["eventKey"])) {
    case "repo:push":
      return listOf(at(payload, "push", "changes"))
        .slice(0, tagsMax)
        .flatMap((each) => tagged(recordOf(at(each, "new")), { place, name, actor }));
    case "pullrequest:fulfilled":
      return merge(recordOf(payload["pullrequest"]), { place, name, actor });
    default:
      return [];
  }
}

interface Where {
  /** What the repository stays, whatever it is called. */
  readonly place: string;
  readonly name: string;
  readonly actor: string | null;
}

/** A branch that moved is no change out there; a tag is how releases are made. */
function tagged(about: Fields, { place, name, actor }: Where): readonly Change[] {
  const tag = firstOf(about["name"]);
  if (wordOf(about["type"]) !== "tag" || tag === null) return [];
  const commit = firstOf(at(about, "target", "hash"));
  return [
    changeOf({
      dedupKey: [place, "tag", tag, commit].filter((part) => part !== null).join("/"),
      summary: `Tagged ${name} ${tag}`,
      body: firstOf(about["message"], at(about, "target", "message")) ?? "",
      labels: labelsOf({ repository: name, tag, commit, actor }),
      links: linksOf([["Tag", at(about, "links", "html", "href")]]),
      source,
      sourceAt: timeOf(about["date"]),
    }),
  ];
}

/** Which branch is the repository's main one the body does not say: `branch` is there for the routes. */
function merge(about: Fields, { place, name, actor }: Where): readonly Change[] {
  const [id, branch] = [firstOf(about["id"]), firstOf(at(about, "destination", "branch", "name"))];
  const into = branch === null ? name : `${branch} of ${name}`;
  return [
    changeOf({
      dedupKey: id === null ? null : `${place}/pull/${id}`,
      summary: `Merged into ${into}: ${firstOf(about["title"]) ?? "a pull request"}${id === null ? "" : ` (#${id})`}`,
      labels: labelsOf({
        repository: name,
        branch,
        commit: at(about, "merge_commit", "hash"),
        actor: firstOf(at(about, "closed_by", "display_name"), actor),
      }),
      links: linksOf([["Pull request", at(about, "links", "html", "href")]]),
      source,
      sourceAt: timeOf(about["updated_on"]),
    }),
  ];
}
