// Owns a route in plain words. Only for reading: a condition it cannot put into words whole is shown as it is written.

import type { Directory } from "../../lib/directory.ts";
import { durationText } from "../../design/duration.tsx";
import type { RouteWords, Value } from "../../lib/shapes-routes.ts";
import type { words } from "./route-words.ts";

type Words = typeof words.en;

const label = String.raw`alert\.labels(?:\.(\w+)|\["([^"]+)"\])`;
const text = String.raw`"([^"\\]*)"`;
const comparison = new RegExp(
  `^(?:${label}|(alert\\.(?:severity|title|body|source)|service|integration\\.id))\\s*(==|!=)\\s*${text}$`,
);
const method = new RegExp(`^(?:${label}|(alert\\.(?:title|body|source)))\\.(contains|startsWith|endsWith|matches)\\(${text}\\)$`);
const list = new RegExp(`^(?:${label}|(alert\\.severity|service|integration\\.id))\\s+in\\s+\\[((?:\\s*"[^"\\\\]*"\\s*,?)+)\\]$`);
const hours = /^(!?)within\("([^"]+)",\s*now\)$/;

/** Null: it says more than these words can. */
export function conditionWords(when: string, w: Words, names: Directory): string | null {
  if (when.trim() === "true") return w.conditions.any;
  const parts = conjuncts(when);
  const spoken = parts?.map((part) => partWords(part.trim(), w, names)) ?? [null];
  return spoken.every((each) => each !== null) ? spoken.join(w.conditions.and) : null;
}

function partWords(part: string, w: Words, names: Directory): string | null {
  const c = w.conditions;
  const open = hours.exec(part);
  if (open !== null) {
    const id = open[2] ?? "";
    const name = names.businessHours.find((each) => each.id === id)?.name ?? id;
    return open[1] === "!" ? c.outOfHours(name) : c.inHours(name);
  }
  const compared = comparison.exec(part);
  if (compared !== null) {
    const [, plain, quoted, field, sign, value = ""] = compared;
    const name = plain ?? quoted;
    if (name !== undefined && value === "") return sign === "==" ? c.absent(name) : c.present(name);
    return `${subject(name, field, w)} ${sign === "==" ? c.eq : c.ne} ${valueWords(field, value, names)}`;
  }
  const asked = method.exec(part);
  if (asked !== null) {
    const [, plain, quoted, field, what = "contains", value = ""] = asked;
    return `${subject(plain ?? quoted, field, w)} ${c[what as "contains"]} “${value}”`;
  }
  const listed = list.exec(part);
  if (listed === null) return null;
  const [, plain, quoted, field, values = ""] = listed;
  const each = [...values.matchAll(/"([^"]*)"/g)].map((found) => valueWords(field, found[1] ?? "", names));
  return `${subject(plain ?? quoted, field, w)} ${c.oneOf(each.join(", "))}`;
}

function subject(labelName: string | undefined, field: string | undefined, w: Words): string {
  const c = w.conditions;
  if (labelName !== undefined) return c.label(labelName);
  if (field === "integration.id") return c.integration;
  const key = (field ?? "").replace("alert.", "");
  return c[key as "severity" | "title" | "body" | "source" | "service"];
}

function valueWords(field: string | undefined, value: string, names: Directory): string {
  if (field === "service") return names.service(value);
  if (field === "integration.id") return names.integrations.find((each) => each.id === value)?.name ?? value;
  return value;
}

/** The parts of `a && b`; null where the text holds more than that. */
function conjuncts(when: string): string[] | null {
  const bare = when.replaceAll(/"[^"\\]*"/g, (quoted) => "q".repeat(quoted.length));
  if (/\|\||\?|"|'/.test(bare)) return null;
  const parts: string[] = [];
  let from = 0;
  for (const found of bare.matchAll(/&&/g)) {
    parts.push(when.slice(from, found.index));
    from = found.index + 2;
  }
  return [...parts, when.slice(from)];
}

function shown(value: Value, name: (id: string) => string): string {
  return typeof value === "string" ? name(value) : value.expr;
}

export interface Effect {
  readonly key: string;
  readonly text: string;
  readonly tone: "" | "go" | "look" | "info";
}

/** What a route does to an alert, part by part. */
export function effectsOf(route: RouteWords, w: Words, names: Directory): readonly Effect[] {
  const { does } = w;
  const set = route.set ?? {};
  const same = (id: string): string => id;
  const effects: Effect[] = [];
  const add = (key: string, words: string, tone: Effect["tone"] = ""): void => void effects.push({ key, text: words, tone });
  if (route.suppress) add("suppress", does.suppress, "look");
  if (set.severity !== undefined) add("severity", does.severity(shown(set.severity, same)));
  if (set.service !== undefined) add("service", does.service(shown(set.service, names.service)));
  for (const [i, policy] of (set.policies ?? (set.policy === undefined ? [] : [set.policy])).entries())
    add(`policy${i}`, does.policy(shown(policy, names.policy)));
  if (set.urgency !== undefined) add("urgency", w.urgencies[set.urgency]);
  for (const [name, value] of Object.entries(set.labels ?? {})) add(`label ${name}`, does.label(name, shown(value, same)));
  if (route.group !== undefined)
    add("group", does.group(route.group.by.map(bareLabel).join(", "), durationText(route.group.window)), "info");
  if (route.hold !== undefined) add("hold", does.hold(durationText(route.hold)), "look");
  if (route.threshold !== undefined)
    add("threshold", does.threshold(route.threshold.count, durationText(route.threshold.within)), "look");
  if (route.inhibitedBy !== undefined) add("inhibit", does.inhibit, "look");
  if (effects.length === 0) add("nothing", does.nothing);
  return effects;
}

/** `cluster` for `alert.labels.cluster`. */
function bareLabel(expression: string): string {
  return (
    new RegExp(`^${label}$`)
      .exec(expression)
      ?.slice(1)
      .find((each) => each !== undefined) ?? expression
  );
}
