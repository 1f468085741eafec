// Owns the last look at what a plugin returned: texts inside their limits, links with a safe scheme, nothing else trusted.

import { boundedKey } from "../../plugins/sdk/index.ts";
import { severities, type Alert } from "../core/alert.ts";
import { limits } from "../core/limits.ts";

const bound = limits.alert;
const actions = new Set(["trigger", "acknowledge", "resolve", "responded", "ignore"]);

/** All of one body's, within limits; a text: why they are not to be had. */
export function clampAlerts(alerts: readonly Alert[]): readonly Alert[] | string {
  if (alerts.length > limits.ingest.alertsPerBodyMax)
    return `more than ${limits.ingest.alertsPerBodyMax} alerts in one body: send them in several bodies`;
  const { alerts: within, others } = clampEach(alerts, "one of its alerts");
  return others ?? within;
}

/**
 * Those that are alerts, within limits; `others` says why the rest is none, null: there is no rest.
 * @param who returned them, as a sentence begins
 */
export function clampEach(
  alerts: readonly Alert[],
  who: string,
): { readonly alerts: readonly Alert[]; readonly others: string | null } {
  const [within, reasons]: [Alert[], string[]] = [[], []];
  for (const each of alerts) {
    const alert = each?.unreadable === true ? null : clampAlert(each);
    if (alert !== null) within.push(alert);
    else reasons.push(each?.unreadable === true ? cut(textOf(each.title), 300) : `${who} is no alert`);
  }
  if (reasons.length === 0) return { alerts: within, others: null };
  const [first = ""] = reasons;
  return { alerts: within, others: reasons.length === 1 ? first : `${first}, and ${reasons.length - 1} more like it` };
}

/** The alert within limits; null when the plugin returned something that is none. */
export function clampAlert(alert: Alert): Alert | null {
  if (
    typeof alert !== "object" ||
    alert === null ||
    typeof alert.dedupKey !== "string" ||
    alert.dedupKey === "" ||
    !actions.has(alert.action)
  )
    return null;
  const labels: Record<string, string> = {};
  for (const [key, value] of Object.entries(alert.labels).slice(0, bound.labelsMax))
    labels[cut(textOf(key), bound.labelKeyCharsMax)] = cut(textOf(value), bound.labelValueCharsMax);
  return {
    dedupKey: boundedKey(alert.dedupKey, bound.dedupKeyCharsMax),
    action: alert.action,
    severity: severities.includes(alert.severity) ? alert.severity : "unknown",
    title: cut(textOf(alert.title).trim() || "(no title)", bound.titleCharsMax),
    body: cut(textOf(alert.body), bound.bodyCharsMax),
    labels,
    links: alert.links
      .filter((link) => /^https?:\/\//i.test(link.href) && link.href.length <= bound.linkCharsMax)
      .slice(0, bound.linksMax),
    source: textOf(alert.source),
    sourceAt: typeof alert.sourceAt === "number" && Number.isFinite(alert.sourceAt) ? alert.sourceAt : null,
    test: alert.test,
    ...(typeof alert.expiresAt === "number" && Number.isFinite(alert.expiresAt) ? { expiresAt: alert.expiresAt } : {}),
    ...(alert.notes && alert.notes.length > 0 ? { notes: alert.notes.slice(0, 10).map((note) => cut(textOf(note), 300)) } : {}),
  };
}

/** Plugins are typed, and this is the door all the same: what is no text is none, and half a character is no character. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value.toWellFormed() : "";
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
