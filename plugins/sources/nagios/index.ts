// Owns Nagios: what the README's notification command posts, macros by their own names, and PagerDuty's agent.

import * as z from "zod";
import {
  alertOf,
  anySpelling,
  checkKey,
  firstOf,
  ignored,
  labelsOf,
  linksOf,
  readCheck,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const agent: Readonly<Record<string, AlertAction>> = { trigger: "trigger", acknowledge: "acknowledge", resolve: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload }) {
    const top = anySpelling(payload);
    const details = anySpelling(top["details"]);
    const read = (...names: string[]): string | null => firstOf(...names.flatMap((name) => [top[name], details[name]]));
    // A service under another name than these would be taken for its host: so every usual one is here.
    const host = read("host", "hostname", "hostalias");
    const service = read("service", "servicedesc", "servicedescription", "servicename", "check", "checkname");
    const key = firstOf(top["incidentkey"]) ?? checkKey(host, service, "/");
    if (key === null) throw new UnreadableError("no host, or macros nobody filled in: use the README's notification command");
    const state = read("state", "status") ?? (service === null ? read("hoststate") : read("servicestate"));
    const word = wordOf(top["eventtype"]);
    const said = word !== null && Object.hasOwn(agent, word) ? agent[word] : undefined;
    // The agent's event outweighs the state that came with it: a recovery still carries the old one.
    const check = readCheck(read("notificationtype"), state);
    const { action, notes } = said === undefined ? check : { action: said, notes: [] };
    const title =
      host === null
        ? (firstOf(top["description"]) ?? key)
        : `${checkKey(host, service, "/")} is ${state?.toUpperCase() ?? "in an unknown state"}`;
    if (action === "ignore") return [ignored("nagios", key, title, check.reason)];
    const over = action === "resolve" && said !== undefined && host !== null;
    return [
      alertOf({
        dedupKey: key,
        action,
        severity: check.severity,
        title: over ? `${checkKey(host, service, "/")} has recovered` : title,
        body: [read("output", "serviceoutput", "hostoutput"), read("longoutput", "longserviceoutput", "longhostoutput")]
          .filter((line) => line !== null)
          .join("\n"),
        labels: labelsOf({
          host,
          service,
          state,
          address: read("address", "hostaddress"),
          hostgroup: read("hostgroup", "hostgroupname"),
        }),
        links: linksOf([["Nagios", firstOf(top["url"], top["clienturl"])]]),
        source: "nagios",
        sourceAt: timeOf(read("timet", "laststatechange", "lastservicestatechange", "lasthoststatechange")),
        notes,
      }),
    ];
  },
};
