// Owns the small pure readings that every source needs: what counts as absent, one-line titles, safe links, severities.

import type { Alert, AlertAction, Link, Severity } from "../../worker/core/alert.ts";
import { boundedKey } from "./key.ts";

const placeholder =
  /^(\$[A-Za-z_]+\$?|\$\{.*\}|\{[A-Z0-9._]+\}|\{\{.*\}\}|%[a-z]+|\*\w+\*|<MISSING VALUE>|\[REDACTED\]|null|None|undefined|-)$/;

/** The text, or null when it is missing, blank, or a template variable nobody filled in. Numbers and booleans become text. */
export function present(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.trim().toWellFormed();
  return text === "" || placeholder.test(text) ? null : text;
}

/** The first that is present. */
export function firstOf(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const text = present(value);
    if (text !== null) return text;
  }
  return null;
}

/** Those that are there, as one text: of a key "/", of a body a line each. */
export function joined(parts: readonly (string | null)[], by: string): string {
  return parts.filter((part) => part !== null).join(by);
}

/** One line, control characters gone, at most `max` characters. */
export function titleOf(text: string, max = 255): string {
  const line = text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return cut(line, max) || "(no title)";
}

/** At most `max` characters, with a mark where it was cut; never half a character. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** An object of texts: nested values as JSON, absent ones left out. */
export function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {};
  if (!isRecord(value)) return labels;
  for (const [key, each] of Object.entries(value)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") continue;
    const text = isRecord(each) || Array.isArray(each) ? cut(JSON.stringify(each), 1_024) : present(each);
    if (text !== null) labels[cut(key, 128)] = cut(text, 1_024);
  }
  return labels;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const secretParameter = /^(token|auth_?token|access_?token|api_?key|key|sig|signature|secret|password)$/i;

/** Links that are http(s) URLs, secret-looking query parameters masked; the rest is dropped. */
export function linksOf(candidates: readonly (readonly [text: string, href: unknown])[]): Link[] {
  return candidates.flatMap(([text, href]) => {
    const raw = present(href);
    const url = raw !== null && URL.canParse(raw) ? new URL(raw) : null;
    if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return [];
    for (const name of url.searchParams.keys()) if (secretParameter.test(name)) url.searchParams.set(name, "***");
    url.username = "";
    url.password = "";
    return [{ text, href: url.href }];
  });
}

/** The severity by a table of lower-case words, and a note when the word is not in it. */
export function severityOf(
  value: unknown,
  table: Readonly<Record<string, Severity>>,
): { readonly severity: Severity; readonly notes: string[] } {
  const raw = present(value);
  if (raw === null) return { severity: "unknown", notes: [] };
  const known = Object.hasOwn(table, raw.toLowerCase()) ? table[raw.toLowerCase()] : undefined;
  return known
    ? { severity: known, notes: [] }
    : { severity: "unknown", notes: [`severity "${cut(raw, 64)}" is not known to this source`] };
}

/** The action by a table of lower-case words. A word that is not in it, or none, fires and is noted: never silent by mistake. */
export function actionBy(
  value: unknown,
  table: Readonly<Record<string, AlertAction>>,
  field: string,
): { readonly action: AlertAction; readonly notes: string[] } {
  const word = present(value)?.toLowerCase() ?? null;
  const known = word !== null && Object.hasOwn(table, word) ? table[word] : undefined;
  if (known !== undefined) return { action: known, notes: [] };
  return {
    action: "trigger",
    notes: [`${field} ${word === null ? "is missing" : `"${cut(word, 64)}" is unknown`}: taken as firing`],
  };
}

/** The words most tools use. A source adds or overrides its own. */
export const commonSeverities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  crit: "critical",
  fatal: "critical",
  emergency: "critical",
  disaster: "critical",
  page: "critical",
  emerg: "critical",
  panic: "critical",
  alert: "critical",
  urgent: "critical",
  blocker: "critical",
  p0: "critical",
  p1: "critical",
  sev0: "critical",
  sev1: "critical",
  "sev-0": "critical",
  "sev-1": "critical",
  error: "error",
  high: "error",
  major: "error",
  err: "error",
  severe: "error",
  p2: "error",
  sev2: "error",
  "sev-2": "error",
  warning: "warning",
  warn: "warning",
  medium: "warning",
  moderate: "warning",
  minor: "warning",
  average: "warning",
  p3: "warning",
  sev3: "warning",
  "sev-3": "warning",
  info: "info",
  informational: "info",
  low: "info",
  notice: "info",
  none: "info",
  ok: "info",
  debug: "info",
  p4: "info",
  p5: "info",
  sev4: "info",
  sev5: "info",
  "sev-4": "info",
  "sev-5": "info",
};

/** Fills in what is the same for most alerts and keeps texts inside their limits. */
export function alertOf(alert: Pick<Alert, "dedupKey" | "action" | "title" | "source"> & Partial<Alert>): Alert {
  return {
    severity: "unknown",
    body: "",
    labels: {},
    links: [],
    sourceAt: null,
    test: false,
    ...alert,
    ...(alert.body === undefined ? {} : { body: cut(alert.body, 32_768) }),
    dedupKey: boundedKey(alert.dedupKey),
    title: titleOf(alert.title),
  };
}

/** An event that changes nothing for us: recorded as ignored, with the reason that the sender's operator will read. */
export function ignored(source: string, dedupKey: string | null, title: string, reason: string): Alert {
  return alertOf({
    dedupKey: dedupKey === null || dedupKey === "" ? "none" : dedupKey,
    action: "ignore",
    title,
    source,
    notes: [reason],
  });
}
