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
  type Asked,
  type DropIn,
  type DropInRequest,
  type DropInRoute,
  type ProductAnswer,
} from "../../sdk/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { problemsOf, type Problem } from "./validity.ts";

const base = "/am/:key";
const post = (path: string): DropInRoute => ({ method: "POST", path: `${base}${path}`, body: "json" });
const get = (path: string): DropInRoute => ({ method: "GET", path: `${base}${path}`, body: "text" });

/** `endsAt` is when an alert that gives none is over; null: it is not. Throws UnreadableError for what is no list of alerts. */
export function sentAlerts(payload: unknown, reading: AlertmanagerReading, endsAt: number | null): Alert[] {
  if (!Array.isArray(payload)) throw new UnreadableError("expected a list of alerts, as Prometheus sends it to Alertmanager");
  const list: readonly unknown[] = payload;
  const wrapped = list.map((alert) => {
    if (!isRecord(alert)) return alert;
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
    read: (request, config) =>
      request.route.method === "GET"
        ? { kind: "answer", answer: request.route.path.endsWith("/status") ? statusAt(request.now) : { status: 200, body: "OK" } }
        : posted(request, readingOf(config), request.now + config.resolveTimeoutS * 1_000),
    refuse: (why, { route }, reason) => {
      switch (why) {
        case "unauthorized":
          return { status: 404, body: "404 page not found\n" };
        case "throttled":
          return { status: 429, body: "Too many requests\n" };
        case "later":
          return { status: 503, body: `${reason}\n` };
        case "unreadable":
          return bad(route, reason);
      }
    },
  };
}

function posted(request: DropInRequest, reading: AlertmanagerReading, endsAt: number): Asked {
  const version = versionOf(request.route);
  const unreadable = (reason: string, answer: ProductAnswer): Asked => ({ kind: "unreadable", reason, answer });
  if (new TextDecoder().decode(request.body).trim() === "") {
    const reason = "alerts in body is required";
    return unreadable(reason, version === 2 ? coded(422, 602, reason) : bad(request.route, "EOF"));
  }
  if (!request.read.ok) return unreadable(request.read.reason, unparsed(request.route, request.read.reason));
  const { payload } = request.read;
  const problems = problemsOf(payload, version);
  const wrong = new Set(problems.map(({ at }) => at));
  // What can be taken is taken, also where a type or the schema is wrong elsewhere and the product would take nothing.
  const taken: readonly unknown[] = Array.isArray(payload) ? payload.filter((_, i) => !wrong.has(i)) : [];
  const others = problems.length === 0 ? null : { reason: oneOf(problems), answer: refusalOf(request.route, problems) };
  if (others !== null && taken.length === 0) return unreadable(others.reason, others.answer);
  return {
    kind: "alerts",
    alerts: sentAlerts(taken, reading, endsAt),
    ...(others === null ? {} : { others }),
    answer: () => ({ status: 200, body: version === 1 ? { status: "success" } : null }),
  };
}

/** One speaks for all, whatever their mix: the hub opens one incident for each kind of reason, and Prometheus sends every minute. */
function oneOf(problems: readonly Problem[]): string {
  const [first] = problems.toSorted((a, b) => (a.text < b.text ? -1 : 1));
  if (first === undefined) return "";
  return `${toldOf(first).slice(0, 270)}${problems.length > 1 ? `, and ${problems.length - 1} more that Alertmanager would refuse` : ""}`;
}

function toldOf({ at, kind, text }: Problem): string {
  return at === null || kind === "schema" ? text : `alerts[${at}]: ${text}`;
}

/** One problem of types or of the schema speaks for the whole body; of alerts that are none, each. */
function refusalOf(route: DropInRoute, problems: readonly Problem[]): ProductAnswer {
  const first = problems.find(({ kind }) => kind === "type") ?? problems.find(({ kind }) => kind === "schema");
  if (first === undefined) return bad(route, problems.map(({ text }) => text).join("; "));
  return first.kind === "schema" ? coded(422, first.code ?? 602, first.text) : unparsed(route, first.text);
}

function unparsed(route: DropInRoute, why: string): ProductAnswer {
  return versionOf(route) === 1 ? bad(route, why) : coded(400, 400, `parsing alerts body from "" failed, because ${why}`);
}

function versionOf({ path }: DropInRoute): 1 | 2 {
  return path.includes("/v1/") ? 1 : 2;
}

function coded(status: number, code: number, message: string): ProductAnswer {
  return { status, body: { code, message } };
}

/** Version 2 answers with a JSON text, version 1 with an object. */
function bad(route: DropInRoute, reason: string): ProductAnswer {
  const body = versionOf(route) === 1 ? { status: "error", errorType: "bad_data", error: reason } : `${JSON.stringify(reason)}\n`;
  return { status: 400, body, headers: { "content-type": "application/json" } };
}

/** There is one receiver, which is this hub; nothing here has been up for any time. */
function statusAt(now: number): ProductAnswer {
  return {
    status: 200,
    body: {
      cluster: { status: "disabled", peers: [] },
      config: { original: "route:\n  receiver: tocsin\nreceivers:\n- name: tocsin\n" },
      uptime: new Date(now).toISOString(),
      versionInfo: { branch: "", buildDate: "", buildUser: "", goVersion: "", revision: "", version: "tocsin" },
    },
  };
}
