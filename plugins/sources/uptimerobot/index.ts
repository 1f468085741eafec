// Owns UptimeRobot's webhook contact: what its variables say, however their names are spelt, as JSON, a form, or the query of a GET.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  anySpelling,
  firstOf,
  ignored,
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

const kinds: Readonly<Record<string, AlertAction>> = {
  "1": "trigger",
  down: "trigger",
  "2": "resolve",
  up: "resolve",
  // Somebody stopped watching, or began: neither says how the site is.
  paused: "ignore",
  started: "ignore",
};
/** What runs out is another problem than a site that is down, and nothing says when it is renewed. */
const expiries = [
  { is: /^(3$|ssl|certificate)/, key: "ssl", what: "certificate expires", renewed: "the certificate is renewed" },
  { is: /^domain/, key: "domain", what: "domain expires", renewed: "the domain is renewed" },
] as const;

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
    const expiry = expiries.find(({ is }) => word !== null && is.test(word));
    const { action, notes } =
      expiry === undefined ? actionBy(word, kinds, "alertType") : { action: "trigger" as const, notes: [] };
    const name = read("monitorFriendlyName") ?? read("monitorURL") ?? `Monitor ${id}`;
    if (action === "ignore") return [ignored("uptimerobot", id, name, `the monitor was ${word}: that says nothing of the site`)];
    return [
      alertOf({
        dedupKey: expiry === undefined ? id : `${id}/${expiry.key}`,
        action,
        severity: expiry === undefined ? "error" : "warning",
        title: expiry === undefined ? name : `${name}: ${expiry.what}`,
        body: [read("alertDetails"), expiry?.key === "ssl" ? read("sslExpiryDate") : null]
          .filter((line) => line !== null)
          .join("\n"),
        labels: labelsOf({
          monitor: name,
          type: read("monitorType"),
          group: read("monitorGroup"),
          tags: read("monitorTags"),
          duration: read("alertDuration", "alertFriendlyDuration"),
          days_left: expiry?.key === "ssl" ? read("sslExpiryDaysLeft") : null,
        }),
        links: linksOf([
          ["Monitor", read("monitorURL")],
          ["UptimeRobot", read("dashboardURL")],
        ]),
        source: "uptimerobot",
        sourceAt: timeOf(read("alertDateTime")),
        notes: expiry === undefined ? notes : [`nothing says when ${expiry.renewed}`],
      }),
    ];
  },
};

/** However the name is spelt. A value that is its own name is a variable nobody filled in. */
function reader(body: Fields): (...names: readonly string[]) => string | null {
  const fields = anySpelling(body);
  const one = (name: string): string | null => {
    const value = firstOf(fields[name.toLowerCase()]);
    return value?.replaceAll("_", "").toLowerCase() === name.toLowerCase() ? null : value;
  };
  return (...names) => firstOf(...names.map(one));
}
