// Owns the signed webhook of events: what happened to an incident as JSON, signed by Standard Webhooks v1.

import * as z from "zod";
import {
  classifyStatus,
  extraHeaders,
  signedHeaders,
  signingKey,
  type ConnectorManifest,
  type ConnectorPlugin,
  type OutgoingPost,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Where events are posted"),
  headers: extraHeaders,
});
const secrets = z.strictObject({ signingKey });

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  async act({ event, config: { url, headers }, secrets: { signingKey: key } }, io) {
    const body = JSON.stringify(bodyOf(event));
    const signed = await signedHeaders(key, event.post, body, io.now());
    const answer = await io.http({ method: "POST", url, headers: { ...headers, ...signed }, body });
    if (answer.status === 410) return { status: "failed", reason: "HTTP 410: the receiver says this address is gone for good" };
    return classifyStatus(answer, event.post, io.now());
  },
};

function bodyOf({ type, post, sentAt, tenant, event, incident, service, links }: OutgoingPost): unknown {
  const { id, title, body, status, severity, urgency, source, policy, labels, assignees, acknowledgedBy, step, round, test } =
    incident;
  return {
    type,
    delivery: post,
    sentAt: iso(sentAt),
    tenant: tenant.id,
    event: { ...event, at: iso(event.at) },
    incident: {
      id,
      title,
      body,
      status,
      severity,
      urgency,
      source,
      service: service?.id ?? null,
      policy,
      openedAt: iso(incident.openedAt),
      acknowledgedBy,
      acknowledgedAt: isoOrNull(incident.acknowledgedAt),
      snoozedUntil: isoOrNull(incident.snoozedUntil),
      resolvedAt: isoOrNull(incident.resolvedAt),
      assignees,
      step,
      round,
      labels,
      test,
    },
    service,
    links: { ...links, runbook: service?.runbook ?? null, source: incident.links },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
