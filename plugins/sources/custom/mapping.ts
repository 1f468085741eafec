// Owns what a body becomes by a tenant's mapping. One expression that breaks never loses an alert: it becomes a note on it. What
// nothing identifies is unreadable; in a body where others are identified it pages under a key of its own.

import {
  alertOf,
  bodyExpression,
  bodyTemplate,
  commonSeverities,
  cut,
  digestOf,
  firstOf,
  ignored,
  isRecord,
  isTemplate,
  labelsOf,
  linksOf,
  newBudget,
  present,
  severityOf,
  shortened,
  tagsOf,
  timeOf,
  TooCostlyError,
  UnreadableError,
  type Alert,
  type AlertAction,
  type BodyScope,
  type Budget,
  type NormalizeInput,
} from "../../sdk/index.ts";
import type { Config } from "./config.ts";

const itemsMax = 500;
const source = "custom";

export function mapped({ payload, headers, config }: NormalizeInput<Config>): readonly Alert[] {
  const body = shortened(payload);
  const budget = newBudget();
  try {
    const items = itemsOf(config, { body, item: body, index: 0, headers }, budget);
    const drafts = items.map((item, index) => draftOf(config, { body, item, index, headers }, budget));
    if (drafts.length > 0 && drafts.every((draft) => draft.key === null && draft.action !== "ignore"))
      throw new UnreadableError(drafts[0]?.unidentified ?? "nothing identifies it");
    return drafts.map((draft, i) => finished(draft, items[i]));
  } catch (error) {
    // Half of a body would be worse than all of it in one incident that says so.
    if (error instanceof TooCostlyError) throw new UnreadableError(`the mapping: ${error.message}`);
    throw error;
  }
}

function itemsOf({ items }: Config, scope: BodyScope, budget: Budget): readonly unknown[] {
  if (items === undefined) return [scope.body];
  const read = new Reading(scope, budget);
  const found = read.value("items", items);
  if (read.notes.length > 0) throw new UnreadableError(read.notes.join("; "));
  if (found === null) throw new UnreadableError("items: there is nothing at that place of the body");
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  if (list.length > itemsMax) throw new UnreadableError(`items: more than ${itemsMax} in one body`);
  return list;
}

interface Draft {
  readonly key: string | null;
  readonly action: AlertAction;
  /** Why nothing is done, where nothing is. */
  readonly reason: string;
  readonly alert: Omit<Parameters<typeof alertOf>[0], "dedupKey" | "action" | "notes">;
  readonly notes: readonly string[];
  /** Why there is no key. */
  readonly unidentified: string;
}

function draftOf(config: Config, scope: BodyScope, budget: Budget): Draft {
  const read = new Reading(scope, budget);
  const { action, reason } = actionOf(config, read);
  const key = read.text("dedupKey", config.dedupKey);
  const trouble = read.notes.find((note) => note.startsWith("dedupKey"));
  const title = read.text("title", config.title);
  const told = severityOf(read.text("severity", config.severity), { ...commonSeverities, ...words(config.severities) });
  const at = read.value("sourceAt", config.sourceAt);
  const sourceAt = at === null ? null : timeOf(at);
  if (at !== null && sourceAt === null) read.notes.push("sourceAt: it is no time");
  return {
    key,
    action,
    reason,
    alert: {
      title: title ?? key ?? "An alert without a title",
      severity: told.severity,
      body: read.long("body", config.body),
      labels: labels(config, read),
      links: config.links.flatMap(({ href, text }, i) => linksOf([[text, read.value(`links[${i}].href`, href)]])),
      source,
      sourceAt,
      test: read.holds("test", config.test) === true,
    },
    notes: [...read.notes, ...told.notes],
    unidentified:
      trouble ??
      (config.dedupKey === undefined
        ? "no dedupKey is set: say in the integration's config what tells one problem from another"
        : "dedupKey: there is nothing at that place of the body"),
  };
}

function finished({ key, action, reason, alert, notes, unidentified }: Draft, item: unknown): Alert {
  const { title } = alert;
  if (action === "ignore") return ignored(source, key, title, reason);
  if (key !== null) return alertOf({ ...alert, dedupKey: key, action, notes });
  // Its end, or a word that somebody has it, is of no use to anybody without a key.
  if (action !== "trigger") return ignored(source, null, title, `${action}, and nothing says of what: ${unidentified}`);
  const digest = digestOf(JSON.stringify(item) ?? "");
  return alertOf({ ...alert, dedupKey: `unidentified-${digest}`, action, notes: [unidentified, ...notes] });
}

/** The first condition that holds. One that breaks does not hold; it is noted, and then nothing is ignored for want of another. */
function actionOf(config: Config, read: Reading): { readonly action: AlertAction; readonly reason: string } {
  for (const action of ["ignore", "resolve", "acknowledge", "trigger"] as const)
    if (read.holds(action, config[action]) === true)
      return { action, reason: action === "ignore" ? "the condition `ignore` holds" : "" };
  if (config.trigger === undefined) return { action: "trigger", reason: "" };
  if (config.otherwise === "ignore" && read.notes.length === 0)
    return { action: "ignore", reason: "none of the conditions holds" };
  read.notes.push("none of the conditions holds: taken as firing");
  return { action: "trigger", reason: "" };
}

function labels({ labels: wanted }: Config, read: Reading): Record<string, string> {
  const made: Record<string, string> = {};
  for (const [name, text] of Object.entries(wanted)) {
    const value = read.value(`labels.${name}`, text);
    Object.assign(made, name === "*" ? (isRecord(value) ? labelsOf(value) : tagsOf(value)) : labelsOf({ [name]: value }));
  }
  return made;
}

function words(map: Config["severities"]): Config["severities"] {
  return Object.fromEntries(Object.entries(map).map(([word, severity]) => [word.trim().toLowerCase(), severity]));
}

/** Reads one item; what cannot be worked out is noted by the name of its field. */
class Reading {
  readonly notes: string[] = [];
  readonly #scope: BodyScope;
  readonly #budget: Budget;

  constructor(scope: BodyScope, budget: Budget) {
    this.#scope = scope;
    this.#budget = budget;
  }

  /** Null: the field is not mapped, nothing is there, or it broke. */
  value(field: string, text: string | undefined): unknown {
    if (text === undefined) return null;
    try {
      if (isTemplate(text)) {
        const template = bodyTemplate(text);
        if (!template.ok) throw new Error(template.message);
        // A key made of names that lead nowhere would be the same for every problem.
        return template.run(this.#scope, this.#budget, field === "dedupKey");
      }
      const expression = bodyExpression(text);
      if (!expression.ok) throw new Error(expression.message);
      return expression.run(this.#scope, this.#budget) ?? null;
    } catch (error) {
      if (error instanceof TooCostlyError) throw error;
      this.#note(field, error instanceof Error ? error.message : "it cannot be worked out");
      return null;
    }
  }

  text(field: string, text: string | undefined): string | null {
    const value = this.value(field, text);
    if (typeof value !== "object" || value === null) return firstOf(value);
    this.#note(field, `a text is wanted, here is ${Array.isArray(value) ? "a list" : "an object"}`);
    return null;
  }

  /** As text, an object or a list written out. */
  long(field: string, text: string | undefined): string {
    const value = this.value(field, text);
    if (typeof value === "object" && value !== null) return cut(JSON.stringify(value, null, 2), 32_768);
    return present(value) ?? "";
  }

  /** Null: it is not mapped, or it broke. */
  holds(field: string, text: string | undefined): boolean | null {
    const value = this.value(field, text);
    if (value === null || typeof value === "boolean") return value;
    this.#note(field, `true or false is wanted, here is ${typeof value === "string" ? "a text" : typeof value}`);
    return null;
  }

  #note(field: string, message: string): void {
    this.notes.push(`${field}: ${cut(message.split("\n")[0] ?? message, 200)}`);
  }
}
