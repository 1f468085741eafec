// Owns what acme-monitor sends: one JSON object for each change of a check, or a list of them.

import {
  actionBy,
  alertOf,
  commonSeverities,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  listOf,
  severityOf,
  timeOf,
  UnreadableError,
  wordOf,
  type Alert,
  type AlertAction,
  type NormalizeInput,
} from "tocsin/sdk";

/** What an integration may say in `config.settings`. */
interface Settings {
  readonly site?: string;
}

// Every word the sender uses for what happened. A word that is not here fires, and says so in the notes.
const actions: Readonly<Record<string, AlertAction>> = { alert: "trigger", ack: "acknowledge", ok: "resolve" };

export const plugin = {
  normalize({ payload, config }: NormalizeInput<Settings>): Alert[] {
    const checks = isRecord(payload) ? [payload] : listOf(payload).filter(isRecord);
    if (checks.length === 0) throw new UnreadableError("expected a check, or a list of checks, with id and state");
    return checks.map((check) => alertOfCheck(check, config));
  },
};

function alertOfCheck(check: Readonly<Record<string, unknown>>, { site }: Settings): Alert {
  const id = firstOf(check["id"]);
  if (id === null) throw new UnreadableError("a check without an id: it is what a trigger and its resolve have in common");
  const title = firstOf(check["summary"]) ?? `Check ${id}`;
  if (wordOf(check["state"]) === "paused") return ignored("acme-monitor", id, title, "the check was paused");
  const { action, notes } = actionBy(check["state"], actions, "state");
  const { severity, notes: doubts } = severityOf(check["level"], commonSeverities);
  return alertOf({
    source: "acme-monitor",
    dedupKey: id,
    action,
    severity,
    title,
    body: firstOf(check["text"]) ?? "",
    labels: { ...labelsOf(check["tags"]), ...(site === undefined ? {} : { site }) },
    links: linksOf([["Check", check["url"]]]),
    sourceAt: timeOf(check["at"]),
    notes: [...notes, ...doubts],
  });
}
