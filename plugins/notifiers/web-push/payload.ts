// Owns what a page looks like to the service worker (admin-ui/src/sw/push.ts): JSON that fits into one push message, whatever
// an alert's sender wrote. The link is never cut: without it there is nothing to acknowledge by.

import { cut, titleOf, type OutgoingPage } from "../../sdk/index.ts";

/** RFC 8291 §4: 4,096 octets of message, less header (86), delimiter and tag (17). */
export const payloadBytesMax = 3_993;

/** Fields may be added; a service worker of an older page must still understand the rest. */
export interface PushPayload {
  readonly type: "page";
  readonly delivery: string;
  readonly incident: string;
  /** Whom it pages, and the wave it belongs to: for an acknowledgment that waits for a network. */
  readonly user: string;
  readonly epoch: number | null;
  readonly title: string;
  readonly severity: string;
  readonly urgency: "high" | "low";
  readonly status: string;
  readonly service: string | null;
  readonly reason: string;
  readonly tenant: { readonly id: string; readonly name: string };
  /** Epoch ms. */
  readonly openedAt: number;
  readonly sentAt: number;
  /** The signed link; `/ack` below it acknowledges. */
  readonly link: string;
  /** In a storm: how many others this page tells of, the first of them, and where all are listed. */
  readonly more?: { readonly count: number; readonly titles: readonly string[]; readonly list: string };
}

/** The longest version that fits. Null: even the shortest does not, because of its link. */
export function payloadOf(page: OutgoingPage): string | null {
  const versions = [
    { title: 200, reason: 200, name: 80, titles: 4 },
    { title: 120, reason: 120, name: 60, titles: 0 },
    { title: 40, reason: 40, name: 20, titles: 0 },
  ];
  for (const size of versions) {
    const text = JSON.stringify(written(page, size));
    if (new TextEncoder().encode(text).byteLength <= payloadBytesMax) return text;
  }
  return null;
}

interface Size {
  readonly title: number;
  readonly reason: number;
  readonly name: number;
  readonly titles: number;
}

function written(
  { delivery, person, epoch, incident, reason, tenant, sentAt, links, summary }: OutgoingPage,
  size: Size,
): PushPayload {
  const line = (text: string, max: number): string => cut(titleOf(text.toWellFormed()), max);
  const titles = (summary?.items ?? []).slice(0, size.titles);
  return {
    type: "page",
    delivery,
    incident: incident.id,
    user: person.id,
    epoch: epoch ?? null,
    title: line(incident.title, size.title),
    severity: line(incident.severity, 32),
    urgency: incident.urgency,
    status: incident.status,
    service: incident.service === null ? null : line(incident.service, size.name),
    reason: line(reason.text, size.reason),
    tenant: { id: tenant.id, name: line(tenant.name, size.name) },
    openedAt: incident.openedAt,
    sentAt,
    link: links.respond,
    ...(summary
      ? {
          more: {
            count: summary.count,
            titles: titles.map((each) => line(`[${each.severity}] ${each.title}`, 80)),
            list: summary.list,
          },
        }
      : {}),
  };
}
