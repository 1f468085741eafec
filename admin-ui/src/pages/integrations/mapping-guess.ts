// Owns a first proposal for a mapping: names that many senders use, looked for in one body. Only a start: a person looks at it.

import type { Config } from "./mapping-config.ts";

type Item = Readonly<Record<string, unknown>>;

const lists = ["alerts", "events", "incidents", "items", "problems", "data", "records"];
const names = {
  dedupKey: [
    "dedupkey",
    "dedup_key",
    "fingerprint",
    "alert_id",
    "alertid",
    "incident_id",
    "problem_id",
    "event_id",
    "key",
    "id",
    "ref",
    "uid",
  ],
  title: ["title", "summary", "subject", "name", "alertname", "check", "message", "description", "text"],
  body: ["description", "details", "detail", "message", "body", "text", "output"],
  severity: ["severity", "priority", "level", "grade", "urgency", "importance"],
  state: ["status", "state", "action", "event_action", "event_type", "event"],
  sourceAt: ["timestamp", "time", "at", "date", "started_at", "startsat", "created_at", "occurred_at"],
  link: ["url", "link", "href", "html_url"],
  labels: ["labels", "tags"],
} as const;
const over = ["resolved", "ok", "closed", "recovered", "up", "cleared", "normal"];

/** Null: it is no JSON that says anything. */
export function proposal(raw: string): Config | null {
  let body: unknown;
  try {
    body = JSON.parse(raw);
  } catch {
    return null;
  }
  const found = listIn(body);
  const item = found === null ? body : found.list[0];
  if (!isItem(item)) return null;
  const places = flat(item);
  const at = (field: keyof typeof names): string | undefined => {
    for (const name of names[field]) {
      const place = places.find((each) => each.name === name);
      if (place !== undefined) return place.path;
    }
    return undefined;
  };
  const [key, title, text, state, link] = [at("dedupKey"), at("title"), at("body"), at("state"), at("link")];
  const labels = names.labels.find((name) => typeof item[name] === "object" && item[name] !== null);
  const config: Record<string, unknown> = {
    ...(found === null ? {} : { items: found.path }),
    dedupKey: key ?? title,
    title,
    body: text === title ? undefined : text,
    severity: at("severity"),
    resolve: state === undefined ? undefined : `text(${state}).lowerAscii() in ${JSON.stringify(over)}`,
    sourceAt: at("sourceAt"),
    labels: labels === undefined ? undefined : { "*": `item.${labels}` },
    links: link === undefined ? undefined : [{ href: link }],
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
}

function listIn(body: unknown): { readonly path: string; readonly list: readonly unknown[] } | null {
  if (Array.isArray(body)) return { path: "body", list: body };
  if (!isItem(body)) return null;
  for (const name of lists) {
    const list = body[name];
    if (Array.isArray(list) && isItem(list[0])) return { path: `body.${name}`, list };
  }
  return null;
}

/** Scalars of the item, at its top first and then one and two levels below. */
function flat(item: Item, path = "item", depth = 0): readonly { readonly name: string; readonly path: string }[] {
  const entries = Object.entries(item).map(([name, value]) => ({ name, value, path: `${path}${step(name)}` }));
  const here = entries
    .filter(({ value }) => typeof value !== "object")
    .map((each) => ({ name: each.name.toLowerCase(), path: each.path }));
  const below = depth >= 2 ? [] : entries.flatMap((each) => (isItem(each.value) ? flat(each.value, each.path, depth + 1) : []));
  return [...here, ...below];
}

function step(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
