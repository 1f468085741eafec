// Owns what an alert of Opsgenie's Alert API means here: alias, priority, details and tags as labels, who it was meant for.

import {
  alertOf,
  digestOf,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  present,
  recordOf,
  severityOf,
  UnreadableError,
  type Alert,
  type Severity,
} from "../../sdk/index.ts";

const source = "opsgenie-create";
export const priorities: Readonly<Record<string, Severity>> = {
  p1: "critical",
  p2: "error",
  p3: "warning",
  p4: "info",
  p5: "info",
};
const usualPriority = "P3";
/** A tag is a label of its own, so that one can be added or taken away. */
const tagPrefix = "tag.";
/** Labels that are not the sender's details. */
const ownLabels = new Set(["entity", "source", "priority", "responders", "visibleTo", "actions", "user"]);

/** Throws UnreadableError for what neither says nor names anything. */
export function alertFrom(payload: unknown): Alert {
  if (!isRecord(payload)) throw new UnreadableError("expected an alert of Opsgenie's Alert API: a JSON object");
  const [message, alias] = [present(payload["message"]), aliasOf(payload)];
  if (message === null && alias === null) throw new UnreadableError("expected a message, or at least an alias");
  const priority = present(payload["priority"]) ?? usualPriority;
  const level = severityOf(priority, priorities);
  const details = labelsOf(payload["details"]);
  const meant = respondersOf(payload);
  const seen = namesOf(payload["visibleTo"]);
  const notes = [...level.notes];
  if (meant.others.length > 0) notes.push(`meant for ${meant.others.join(", ")}: a label here, for routes to go by`);
  if (seen.length > 0) notes.push(`to be seen by ${seen.join(", ")} only: everybody of the tenant sees it here`);
  return alertOf({
    dedupKey: alias ?? `message-${digestOf(message ?? "")}`,
    action: "trigger",
    severity: level.severity,
    title: message ?? alias ?? "",
    body: present(payload["description"]) ?? "",
    labels: {
      ...details,
      ...tagLabels(payload["tags"], "true"),
      ...labelsOf({
        entity: payload["entity"],
        source: payload["source"],
        priority: priority.toUpperCase(),
        responders: [...meant.users.map((user) => `user:${user}`), ...meant.others].join(", "),
        visibleTo: seen.join(", "),
        actions: listOf(payload["actions"])
          .flatMap((each) => present(each) ?? [])
          .join(", "),
        user: payload["user"],
      }),
    },
    links: linksOf(
      Object.entries({ ...details, source: present(payload["source"]) }).map(([name, value]) => [
        name,
        /^https?:\/\//.test(value ?? "") ? value : null,
      ]),
    ),
    source,
    notes,
  });
}

/** To the letter; null: none, or a blank one. */
export function aliasOf(payload: Readonly<Record<string, unknown>>): string | null {
  const alias = payload["alias"];
  return typeof alias === "string" && alias.trim() !== "" ? alias : null;
}

/** People can be called in; what else an alert was meant for is told in words. */
export function respondersOf(payload: Readonly<Record<string, unknown>>): {
  readonly users: readonly string[];
  readonly others: readonly string[];
} {
  const users: string[] = [];
  const others: string[] = [];
  for (const each of listOf(payload["responders"])) {
    const name = nameOf(each);
    const type = present(recordOf(each)["type"])?.toLowerCase() ?? "team";
    if (name === null) continue;
    if (type === "user") users.push(name);
    else others.push(`${type}:${name}`);
  }
  return {
    users,
    others: [
      ...others,
      ...listOf(payload["teams"])
        .flatMap((team) => nameOf(team) ?? [])
        .map((name) => `team:${name}`),
    ],
  };
}

/** `{id}`, `{name}` or `{username}`: the readable one first. */
export function nameOf(value: unknown): string | null {
  const { name, username, id } = recordOf(value);
  return present(name) ?? present(username) ?? present(id) ?? (typeof value === "string" ? present(value) : null);
}

function namesOf(value: unknown): string[] {
  return listOf(value).flatMap((each) => nameOf(each) ?? []);
}

/** As labels; `null` takes them away. */
export function tagLabels<Value extends "true" | null>(tags: unknown, value: Value): Record<string, Value> {
  const names = listOf(tags)
    .slice(0, 100)
    .flatMap((tag) => present(tag) ?? []);
  return Object.fromEntries(names.map((name) => [`${tagPrefix}${name.slice(0, 100)}`, value]));
}

/** What of an incident's labels are its tags, and what its details. */
export function partedLabels(labels: Readonly<Record<string, string>>): {
  readonly tags: readonly string[];
  readonly details: Readonly<Record<string, string>>;
} {
  const names = Object.keys(labels);
  return {
    tags: names.filter((name) => name.startsWith(tagPrefix)).map((name) => name.slice(tagPrefix.length)),
    details: Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith(tagPrefix) && !ownLabels.has(name))),
  };
}
