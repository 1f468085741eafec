// Owns what the demo's company has been through before the story begins: its document with times of now, and a few incidents
// that real alerts opened and its people answered, by the same doors as everybody's. Nothing here writes a row by hand.

import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { press } from "./demo-parts.mjs";

const dayMs = 86_400_000;
const pollMs = 50;
const arriveMs = 10_000;

/** The tenant's document: this week is the first of the rotation, the maintenance is on the coming Saturday. @param {string} hookUrl @param {number} now */
export function demoDocument(hookUrl, now) {
  const text = readFileSync(new URL("demo-tenant.yaml", import.meta.url), "utf8");
  const midnight = now - (now % dayMs);
  const sinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  const monday = midnight - sinceMonday * dayMs;
  // Before nine on a Monday the week before is still on.
  const first = monday + 9 * 3_600_000 <= now ? monday : monday - 7 * dayMs;
  const day = (at) => new Date(at).toISOString().slice(0, 10);
  // From Saturday evening the next one is meant.
  const saturday = monday + (monday + 5 * dayMs + 20 * 3_600_000 > now ? 5 : 12) * dayMs;
  return text
    .replace("http://127.0.0.1:1/hook", hookUrl)
    .replaceAll("2001-01-01", day(first))
    .replaceAll("2001-01-06", day(saturday))
    .replaceAll("2001-01-07", day(saturday + dayMs));
}

/** Posts what a sender would. @returns {Promise<string | null>} the incident's id */
export async function send(url, body, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const answer = await response.text();
  if (response.status < 200 || response.status > 299) throw new Error(`the alert was answered ${response.status}: ${answer}`);
  return JSON.parse(answer).results[0]?.incident ?? null;
}

function uptimeKuma(up) {
  const msg = up ? "200 - OK" : "timeout of 16000ms exceeded";
  return {
    heartbeat: {
      monitorID: 12,
      status: up ? 1 : 0,
      time: new Date().toISOString().replace("T", " ").slice(0, 23),
      msg,
      important: true,
    },
    monitor: { id: 12, name: "Shop front page", url: "https://shop.example.com", type: "http", interval: 20, tags: [] },
    msg: `[Shop front page] [${up ? "✅ Up" : "🔴 Down"}] ${msg}`,
  };
}

function grafana() {
  const alert = {
    status: "firing",
    labels: { alertname: "Disk nearly full", severity: "warning", instance: "build-07", grafana_folder: "Build farm" },
    annotations: { summary: "Disk of build-07 is 91 % full", description: "Old images are not cleaned up since Thursday." },
    startsAt: new Date().toISOString(),
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "https://grafana.example.com/alerting/grafana/disk/view",
    fingerprint: "b7d01c5f0aa1e9f2",
  };
  const common = { receiver: "tocsin", status: "firing", commonLabels: {}, commonAnnotations: {}, version: "1", orgId: 1 };
  return { ...common, alerts: [alert], title: "[FIRING:1] Disk nearly full", state: "alerting" };
}

function sentry() {
  const seen = new Date().toISOString();
  const issue = {
    id: "5120934417",
    shortId: "CHECKOUT-3F",
    title: "VoucherError: carts are lost when a voucher is used twice",
    culprit: "apply_voucher in checkout",
    permalink: "https://lantern.sentry.example.com/issues/5120934417/",
    level: "error",
    status: "unresolved",
    platform: "python",
    project: { id: "4", name: "checkout", slug: "checkout" },
    count: "11",
    firstSeen: seen,
    lastSeen: seen,
  };
  return {
    action: "created",
    installation: { uuid: "8c1f2a90" },
    data: { issue },
    actor: { type: "application", id: "sentry", name: "Sentry" },
  };
}

/**
 * What has been: three alerts, each paged to somebody who acknowledges and ends it. @returns what to say of each
 * @param {{ api: { call: Function }, tenantPath: string, urls: Record<string, string>, names: Record<string, string> }} world
 */
export async function livedThrough({ api, tenantPath, urls, names }) {
  const sentryHeaders = { "sentry-hook-resource": "issue", "sentry-hook-timestamp": String(Math.floor(Date.now() / 1_000)) };
  const [disk, voucher, shop] = await Promise.all([
    send(urls["grafana"], grafana()),
    send(urls["sentry"], sentry(), sentryHeaders),
    send(urls["uptime-kuma"], uptimeKuma(false)),
  ]);
  async function pageOf(incident) {
    for (const until = Date.now() + arriveMs; ; await delay(pollMs)) {
      const { items } = await api.call("GET", `${tenantPath}/inbox?limit=50`);
      const page = items.find((each) => each.incident === incident);
      if (page !== undefined) return page;
      if (Date.now() > until) throw new Error(`nobody was paged for ${incident}`);
    }
  }
  async function answered(incident, name, how, end) {
    const page = await pageOf(incident);
    await press(page.link, "ack");
    await end(page);
    return { title: page.title, source: name, who: names[page.user] ?? page.user, how };
  }
  return Promise.all([
    answered(shop, "Uptime Kuma", "its source said it was over", () => send(urls["uptime-kuma"], uptimeKuma(true))),
    answered(disk, "Grafana", "resolved from the phone", async ({ link }) => {
      await press(link, "note", { text: "Removed the images of last month; 38 % now." });
      await press(link, "resolve");
    }),
    answered(voucher, "Sentry", "resolved from the phone", ({ link }) => press(link, "resolve")),
  ]);
}
