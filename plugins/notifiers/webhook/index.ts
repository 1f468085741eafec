// Owns the signed webhook: the page as JSON (contract §4), signed by Standard Webhooks v1. The receiver drops repeats by
// webhook-id, which is the delivery's id on every try; timestamp and signature are made anew for each.

import * as z from "zod";
import {
  classifyStatus,
  extraHeaders,
  signedHeaders,
  signingKey,
  type NotifierManifest,
  type NotifierPlugin,
  type OutgoingPage,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe("Where pages are posted"),
  headers: extraHeaders,
});
const secrets = z.strictObject({ signingKey });

export const plugin: NotifierPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as NotifierManifest,
  config,
  secrets,
  checkTarget: () => null,
  async send({ page, config: { url, headers }, secrets: { signingKey: key } }, io) {
    const body = JSON.stringify(bodyOf(page));
    const signed = await signedHeaders(key, page.delivery, body, io.now());
    const answer = await io.http({ method: "POST", url, headers: { ...headers, ...signed }, body });
    if (answer.status === 410) return { status: "failed", reason: "HTTP 410: the receiver says this address is gone for good" };
    return classifyStatus(answer, page.delivery, io.now());
  },
};

function bodyOf(page: OutgoingPage): unknown {
  const { person, contact, incident, reason } = page;
  return {
    type: "page",
    delivery: page.delivery,
    sentAt: new Date(page.sentAt).toISOString(),
    tenant: page.tenant.id,
    person: { id: person.id, name: person.name },
    contact: { id: contact.id, to: contact.to },
    incident: {
      id: incident.id,
      title: incident.title,
      severity: incident.severity,
      urgency: incident.urgency,
      status: incident.status,
      service: incident.service,
      openedAt: new Date(incident.openedAt).toISOString(),
      runbook: incident.runbook,
      labels: incident.labels,
    },
    reason: { policy: reason.policy, step: reason.step, round: reason.round, via: reason.via, text: reason.text },
    links: { respond: page.links.respond },
    ...(page.summary ? { summary: page.summary } : {}),
  };
}
