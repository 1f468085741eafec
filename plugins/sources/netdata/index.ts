// Owns Netdata: Cloud's webhook in its three shapes (alert, reachability, test with its token), and an agent's custom notification by
// the template of the README.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  digestOf,
  firstOf,
  isRecord,
  joined,
  labelsOf,
  linksOf,
  recordOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type Alert,
  type AlertAction,
  type Severity,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const states: Readonly<Record<string, AlertAction>> = {
  critical: "trigger",
  warning: "trigger",
  clear: "resolve",
  // The agent's own words: a removed alarm and one without a value are not what they were raised for.
  removed: "resolve",
  undefined: "ignore",
  uninitialized: "ignore",
};
const severities: Readonly<Record<string, Severity>> = {
  critical: "critical",
  warning: "warning",
  clear: "info",
  removed: "info",
};

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (isRecord(payload)) {
      const token = firstOf(payload["token"]);
      if (token !== null && !("alert" in payload) && !("alarm" in payload)) return [verification(payload, token)];
      if (isRecord(payload["status"]) && firstOf(payload["host"]) !== null) return [reachability(payload, payload["status"])];
      if (firstOf(payload["alert"], payload["alarm"], payload["name"]) !== null) return [alert(payload)];
    }
    throw new UnreadableError(
      "expected Netdata's alert (alert, severity), reachability (host, status.reachable) or test notification (token)",
    );
  },
};

/** Cloud's Test button: its token is to be pasted back there, so it stands where a person reads it. */
function verification(payload: Fields, token: string): Alert {
  return alertOf({
    dedupKey: "netdata-test",
    action: "trigger",
    severity: "info",
    title: `Netdata's test: its token is ${token}`,
    body: joined([`Paste this token into Netdata Cloud, under Verification: ${token}`, firstOf(payload["message"])], "\n\n"),
    source: "netdata",
    test: true,
  });
}

function reachability(payload: Fields, status: Fields): Alert {
  const host = firstOf(payload["host"]) ?? "";
  const reachable =
    firstOf(status["text"])?.toLowerCase() ??
    (status["reachable"] === true ? "reachable" : status["reachable"] === false ? "unreachable" : null);
  const { action, notes } = actionBy(reachable, { reachable: "resolve", unreachable: "trigger" }, "status.text");
  return alertOf({
    dedupKey: `reachability ${host}`,
    action,
    severity: severityOf(payload["severity"], { critical: "critical", warning: "warning", info: "info" }).severity,
    title: firstOf(payload["message"]) ?? `${host} is ${reachable ?? "in an unknown state"}`,
    labels: labelsOf({ host }),
    links: linksOf([["Node", payload["url"]]]),
    source: "netdata",
    notes,
  });
}

/**
 * The problem is an alert of a chart of a node. Cloud names the node only in its URL of the alert, and in words; the agent says the host.
 * Cloud's URL names the moment of the alert in its query and fragment as well, so only its path counts.
 */
function alert(payload: Fields): Alert {
  const name = firstOf(payload["alert"], payload["alarm"], payload["name"]) ?? "";
  const url = firstOf(payload["alert_url"], payload["alarm_url"], payload["goto_url"]);
  const host = firstOf(payload["host"], payload["hostname"]);
  const node =
    host ?? (url !== null && URL.canParse(url) ? (/\/nodes?\/([^/]+)/.exec(new URL(url).pathname)?.[1] ?? null) : null);
  const [space, lasted] = [firstOf(payload["space"]), firstOf(payload["duration"])];
  const word = firstOf(payload["severity"], payload["status"]);
  const { action, notes } =
    word?.toLowerCase() === "undefined"
      ? { action: "ignore" as const, notes: ["the alert has no value"] }
      : actionBy(word, states, "severity");
  const severity = severityOf(word, severities);
  return alertOf({
    dedupKey: `alert-${digestOf(space ?? "", node ?? "", name, firstOf(payload["chart"]) ?? "")}`,
    action,
    severity: severity.severity,
    title:
      firstOf(payload["message"]) ?? joined([name, firstOf(payload["value_string"]), host === null ? null : `on ${host}`], " "),
    body: joined(
      [
        firstOf(payload["info"]),
        firstOf(payload["raised_for"]),
        lasted === null || lasted === "0s" ? null : `raised for ${lasted}`,
      ],
      "\n\n",
    ),
    labels: {
      ...labelsOf({
        alert: name,
        host: node,
        chart: payload["chart"],
        context: payload["context"],
        family: payload["family"],
        class: firstOf(payload["class"], payload["classification"]),
        space,
        rooms: Object.keys(recordOf(payload["rooms"] ?? payload["Rooms"]))
          .slice(0, 20)
          .join(", "),
        roles: payload["roles"],
        value: firstOf(payload["value_string"], payload["value"]),
      }),
    },
    links: linksOf([["Alert", url]]),
    source: "netdata",
    sourceAt: timeOf(firstOf(payload["date"], payload["when"])),
    // `alarm-notify.sh test` raises this alarm on this chart.
    test: name === "test_alarm" && firstOf(at(payload, "chart")) === "test.chart",
    notes: action === "ignore" && notes.length === 0 ? [`${word} is no state of a problem`] : notes,
  });
}
