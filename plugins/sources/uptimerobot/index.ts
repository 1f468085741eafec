// Owns UptimeRobot's webhook contact: what its variables say, in camelCase or snake_case, JSON or a form.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
type Fields = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, AlertAction>> = { "1": "trigger", down: "trigger", "2": "resolve", up: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    if (!isRecord(payload)) throw new UnreadableError("expected UptimeRobot's variables as a JSON object or a form");
    const read = reader(payload);
    const id = read("monitorID") ?? read("monitorURL") ?? read("monitorFriendlyName");
    if (id === null)
      throw new UnreadableError(
        "no monitorID, monitorURL or monitorFriendlyName, or variables nobody filled in: paste the README's body",
      );
    // The name of the kind is what people set by hand; the number may be left over.
    const word = (read("alertTypeFriendlyName") ?? read("alertType"))?.toLowerCase() ?? null;
    const ssl = word === "3" || (word?.startsWith("ssl") ?? false);
    const { action, notes } = ssl ? { action: "trigger" as const, notes: [] } : actionBy(word, kinds, "alertType");
    const name = read("monitorFriendlyName") ?? read("monitorURL") ?? `Monitor ${id}`;
    return [
      alertOf({
        // An expiring certificate is another problem than a site that is down.
        dedupKey: ssl ? `${id}/ssl` : id,
        action,
        severity: ssl ? "warning" : "error",
        title: ssl ? `${name}: certificate expires` : name,
        body: [read("alertDetails"), ssl ? read("sslExpiryDate") : null].filter((line) => line !== null).join("\n"),
        labels: labelsOf({ monitor: name, duration: read("alertDuration"), days_left: ssl ? read("sslExpiryDaysLeft") : null }),
        links: linksOf([["Monitor", read("monitorURL")]]),
        source: "uptimerobot",
        sourceAt: timeOf(read("alertDateTime")),
        notes: ssl ? ["nothing says when the certificate is renewed"] : notes,
      }),
    ];
  },
};

/** A value that is its own name is a variable nobody filled in. */
function reader(body: Fields): (name: string) => string | null {
  return (name) => {
    const snake = name.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
    const value = firstOf(body[name], body[snake]);
    return value === name || value === snake ? null : value;
  };
}
