// Owns Checkmk: the notification context (the NOTIFY_ variables without their prefix) as the README's script posts it.

import * as z from "zod";
import {
  alertOf,
  checkKey,
  firstOf,
  ignored,
  labelsOf,
  linksOf,
  readCheck,
  recordOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("The site's address, before /check_mk: Checkmk's own links are relative"),
});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: { url } }) {
    const body = recordOf(payload);
    const read = (name: string): string | null => firstOf(body[name], body[`NOTIFY_${name}`]);
    const host = read("HOSTNAME");
    if (host === null) throw new UnreadableError("no HOSTNAME in the context: use the README's script");
    const service = read("WHAT") === "HOST" ? null : read("SERVICEDESC");
    const site = read("OMD_SITE");
    const name = checkKey(host, service, "/") ?? host;
    // Events of the Event Console come under their application's name, many of one host at a time: each is a problem of its own.
    const event = read("EC_ID");
    const key = [site, name, event === null ? null : `event-${event}`].filter((part) => part !== null).join("/");
    const state = service === null ? read("HOSTSTATE") : read("SERVICESTATE");
    const title = `${name} is ${state?.toUpperCase() ?? "in an unknown state"}`;
    const type = read("NOTIFICATIONTYPE")?.replace(/ .*$/, "") ?? null;
    const { action, severity, notes, reason } = readCheck(type, state);
    if (action === "ignore") return [ignored("checkmk", key, title, reason)];
    const path = service === null ? read("HOSTURL") : read("SERVICEURL");
    const prefix = url ?? read("PARAMETER_URL_PREFIX");
    return [
      alertOf({
        dedupKey: key,
        action,
        severity,
        title,
        body: (service === null
          ? [read("HOSTOUTPUT"), read("LONGHOSTOUTPUT")]
          : [read("SERVICEOUTPUT"), read("LONGSERVICEOUTPUT")]
        )
          .filter((line) => line !== null)
          .join("\n"),
        labels: labelsOf({
          host,
          service,
          site,
          state,
          event,
          event_rule: read("EC_RULE_ID"),
          address: read("HOSTADDRESS"),
          contacts: read("CONTACTS"),
        }),
        links: linksOf([
          [
            "Checkmk",
            path === null || prefix === null
              ? null
              : `${prefix.replace(/\/(check_mk\/?)?$/, "")}${path.startsWith("/") ? "" : "/"}${path}`,
          ],
        ]),
        source: "checkmk",
        sourceAt:
          timeOf(read("MICROTIME")) ?? timeOf(service === null ? read("LASTHOSTSTATECHANGE") : read("LASTSERVICESTATECHANGE")),
        notes,
      }),
    ];
  },
};
