// Owns Cloudflare's notifications: what a webhook destination is sent.

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
const events: Readonly<Record<string, AlertAction>> = { alert_state_event_start: "trigger", alert_state_event_end: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { header: "cf-webhook-auth" }),
  normalize({ payload }) {
    const text = firstOf(at(payload, "text"));
    const name = firstOf(at(payload, "name"));
    if (!isRecord(payload) || (name === null && text === null))
      throw new UnreadableError("expected Cloudflare's notification: an object with name, text and data");
    const test = text?.startsWith("Hello World! This is a test message") ?? false;
    const data = payload["data"];
    const type = firstOf(payload["alert_type"]);
    const target = firstOf(
      at(data, "zone_tag"),
      at(data, "health_check_id"),
      at(data, "target_id"),
      at(data, "target_ip"),
      at(data, "tunnel_id"),
      at(data, "pool_id"),
      at(data, "incident_id"),
    );
    const correlation = firstOf(payload["alert_correlation_id"]);
    const policy = joined([firstOf(payload["policy_id"]), type, target], "/");
    const event = wordOf(payload["alert_event"]);
    // "Healthy", "TUNNEL_STATUS_TYPE_HEALTHY"; of an incident of Cloudflare's own "INCIDENT_STATUS_RESOLVED".
    const health = wordOf(
      firstOf(at(data, "new_health_status"), at(data, "new_status"), at(data, "new_health"), at(data, "incident_status")),
    );
    const well = health !== null && /(?:^|_)(?:healthy|resolved)$/.test(health);
    // What has a state of its own is known by its own id: that Cloudflare correlates its beginning and its end is nowhere promised.
    const checked = firstOf(at(data, "health_check_id"), at(data, "tunnel_id"));
    const origin = firstOf(at(data, "origin_name"), at(data, "origin"));
    const known = event === null ? { action: "trigger" as const, notes: [] } : actionBy(event, events, "alert_event");
    return [
      alertOf({
        dedupKey: test
          ? "test"
          : ((checked !== null ? [type ?? "check", checked, origin].filter((part) => part !== null).join("/") : correlation) ??
            (policy === "" ? `name-${digestOf(name ?? text ?? "")}` : policy)),
        action: well ? "resolve" : known.action,
        // Cloudflare says no severity: attacks and origins are worse than the rest.
        severity: /ddos|dos_attack|origin|tunnel_health|load_balancing_health/i.test(type ?? "") ? "error" : "warning",
        title: name ?? text ?? "Cloudflare notification",
        body: text ?? "",
        labels: labelsOf({
          type,
          policy: payload["policy_name"],
          zone: at(data, "zone_name"),
          health_check: at(data, "health_check_name"),
          tunnel: at(data, "tunnel_name"),
          pool: at(data, "pool_name"),
          health,
          reason: at(data, "reason"),
          attack: at(data, "attack_vector"),
          account: at(data, "account_name"),
        }),
        links: linksOf([["Dashboard", firstOf(at(data, "dashboard_link"), at(data, "dashboard_url"))]]),
        source: "cloudflare",
        sourceAt: timeOf(payload["ts"]),
        test,
        notes: known.notes,
      }),
    ];
  },
};
