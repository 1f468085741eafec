// Owns Alertmanager's own API as Prometheus sends to it, under /am/{key}: a list of alerts, each with the time until which it holds.
// Prometheus says it again every minute while the alert fires; a time that has passed is the alert's end.

import {
  alertmanagerAlerts,
  isRecord,
  recordOf,
  timeOf,
  UnreadableError,
  type Alert,
  type AlertmanagerReading,
  type DropIn,
  type DropInRoute,
  type ProductAnswer,
} from "../../sdk/index.ts";
import { fingerprintOf } from "./fingerprint.ts";

const base = "/am/:key";
const post = (path: string): DropInRoute => ({ method: "POST", path: `${base}${path}`, body: "json" });
const get = (path: string): DropInRoute => ({ method: "GET", path: `${base}${path}`, body: "text" });

/** `endsAt` is when an alert that gives none is over; null: it is not. Throws UnreadableError for what is no list of alerts. */
export function sentAlerts(payload: unknown, reading: AlertmanagerReading, endsAt: number | null): Alert[] {
  if (!Array.isArray(payload)) throw new UnreadableError("expected a list of alerts, as Prometheus sends it to Alertmanager");
  const list: readonly unknown[] = payload;
  const wrapped = list.map((alert, i) => {
    if (!isRecord(alert)) throw new UnreadableError(`alerts[${i}] is not an object`);
    const labels = Object.entries(recordOf(alert["labels"])).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
    );
    return {
      ...alert,
      status: "firing",
      ...(labels.length === 0 ? {} : { fingerprint: fingerprintOf(Object.fromEntries(labels)) }),
    };
  });
  return alertmanagerAlerts({ alerts: wrapped }, reading).map((alert, i) => {
    const expiresAt = timeOf(recordOf(wrapped[i])["endsAt"]) ?? endsAt;
    return expiresAt === null ? alert : { ...alert, expiresAt };
  });
}

export function dropInOf(readingOf: (config: { readonly severityLabel: string }) => AlertmanagerReading): DropIn<{
  readonly severityLabel: string;
  readonly resolveTimeoutS: number;
}> {
  return {
    routes: [post("/api/v2/alerts"), post("/api/v1/alerts"), get("/api/v2/status"), get("/-/healthy"), get("/-/ready")],
    key: ({ params }) => params["key"] ?? null,
    read: (request, config) => {
      const { path } = request.route;
      if (request.route.method === "GET")
        return { kind: "answer", answer: path.endsWith("/status") ? status : { status: 200, body: "OK" } };
      if (!request.read.ok) return { kind: "unreadable", reason: request.read.reason, answer: bad(path, request.read.reason) };
      const alerts = sentAlerts(request.read.payload, readingOf(config), request.now + config.resolveTimeoutS * 1_000);
      return {
        kind: "alerts",
        alerts,
        answer: () => ({ status: 200, body: path.includes("/v1/") ? { status: "success" } : {} }),
      };
    },
    refuse: (why, { route }, reason) => {
      switch (why) {
        case "unauthorized":
          return { status: 404, body: "404 page not found\n" };
        case "throttled":
          return { status: 429, body: "Too many requests\n" };
        case "later":
          return { status: 503, body: `${reason}\n` };
        case "unreadable":
          return bad(route.path, reason);
      }
    },
  };
}

/** Version 2 answers with a JSON text, version 1 with an object. */
function bad(path: string, reason: string): ProductAnswer {
  const body = path.includes("/v1/") ? { status: "error", errorType: "bad_data", error: reason } : JSON.stringify(reason);
  return { status: 400, body, headers: { "content-type": "application/json" } };
}

const status: ProductAnswer = {
  status: 200,
  body: {
    cluster: { status: "disabled", peers: [] },
    config: { original: "" },
    versionInfo: { branch: "", buildDate: "", buildUser: "", goVersion: "", revision: "", version: "tocsin" },
  },
};
