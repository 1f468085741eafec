// Owns the Events API as its senders know it: the three addresses, what that product refuses and in which words, what it answers.
// Its texts are matched on by clients, one with the product's own slip in it ("maiximum").

import { isRecord, present, recordOf, type Asked, type DropIn, type DropInRequest, type ProductAnswer } from "../../sdk/index.ts";
import { changeIn, eventOf, keyText, noAlert } from "./event.ts";

/** The product's limit for one event. */
const eventBytesMax = 524_288;
const keyChars = 32;
const dedupKeyCharsMax = 255;
const summaryCharsMax = 1_024;
const severities = new Set(["critical", "warning", "error", "info"]);

const [v2, change, v1] = ["/v2/enqueue", "/v2/change/enqueue", "/generic/2010-04-15/create_event.json"] as const;

export const dropIn: DropIn = {
  routes: [v2, change, v1].map((path) => ({ method: "POST", path, body: "json" })),
  key: (request) => keyOf(request),
  read: (request) => {
    if (!request.read.ok) return { kind: "unreadable", reason: request.read.reason, answer: unrecognized };
    if (request.body.byteLength > eventBytesMax)
      return { kind: "unreadable", reason: `the event is longer than ${eventBytesMax} bytes`, answer: tooLarge };
    const event = recordOf(request.read.payload);
    const errors = problemsOf(request.route.path, event);
    if (errors.length > 0) return { kind: "unreadable", reason: errors.join("; "), answer: invalid(errors) };
    return taken(request, event);
  },
  refuse: (why, request, reason) => {
    switch (why) {
      case "unauthorized":
        return unknownKey(request);
      case "throttled":
        return { status: request.route.path === v1 ? 403 : 429, body: throttled };
      case "later":
        return { status: 503, body: { status: "error", message: reason, errors: [reason] } };
      case "unreadable":
        return request.read.ok ? invalid([reason]) : unrecognized;
    }
  },
};

/** The key is in the body. Of one that cannot be parsed it is looked for in the text, so that somebody hears of it. */
function keyOf(request: DropInRequest): string | null {
  const name = request.route.path === v1 ? "service_key" : "routing_key";
  if (request.read.ok) return present(recordOf(request.read.payload)[name]);
  const text = new TextDecoder().decode(request.body);
  return new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,128})"`).exec(text)?.[1] ?? null;
}

function taken(request: DropInRequest, event: Readonly<Record<string, unknown>>): Asked {
  const { path } = request.route;
  const field = path === v1 ? "incident_key" : "dedup_key";
  if (path === change)
    return {
      kind: "alerts",
      // Whatever else it says: what comes by this door is told, and pages nobody.
      alerts: [noAlert(event)],
      changes: [changeIn(event)],
      answer: () => ({ status: 202, body: { status: "success", message: "Change event processed" } }),
    };
  // A key that the sender leaves out is always a new problem, and the answer says which.
  const key = keyText(event[field]) ?? request.unique;
  const alerts = [eventOf({ ...event, [field]: key })];
  const body = { status: "success", message: "Event processed", [field]: key };
  return { kind: "alerts", alerts, answer: () => ({ status: path === v1 ? 200 : 202, body }) };
}

function problemsOf(path: string, event: Readonly<Record<string, unknown>>): string[] {
  if (path === v1) return problemsOfVersion1(event);
  const payload = recordOf(event["payload"]);
  const blank = (name: string, value: unknown): string[] => (present(value) === null ? [`'${name}' is missing or blank`] : []);
  const errors = blank("routing_key", event["routing_key"]);
  if (path === change) return [...errors, ...blank("payload.summary", payload["summary"]), ...tooLong(payload["summary"])];
  const action = present(event["event_action"]);
  if (action === null) return [...errors, ...blank("event_action", null)];
  if (action === "acknowledge" || action === "resolve")
    errors.push(...(keyText(event["dedup_key"]) === null ? blank("dedup_key", null) : []));
  else if (action !== "trigger")
    errors.push("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')");
  else {
    errors.push(...blank("payload.summary", payload["summary"]), ...blank("payload.source", payload["source"]));
    const severity = present(payload["severity"]);
    errors.push(...blank("payload.severity", severity));
    if (severity !== null && !severities.has(severity.toLowerCase()))
      errors.push("'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')");
    errors.push(...tooLong(payload["summary"]));
  }
  if ((keyText(event["dedup_key"])?.length ?? 0) > dedupKeyCharsMax)
    errors.push(`'dedup_key' is too long (maximum is ${dedupKeyCharsMax} characters)`);
  return errors;
}

function tooLong(summary: unknown): string[] {
  return (present(summary)?.length ?? 0) > summaryCharsMax
    ? [`'summary' is too long (maiximum is ${summaryCharsMax} characters)`]
    : [];
}

function problemsOfVersion1(event: Readonly<Record<string, unknown>>): string[] {
  const errors: string[] = [];
  const type = present(event["event_type"]);
  const description = present(event["description"]);
  if (type === null) errors.push("Event type is missing or blank");
  else if (!["trigger", "acknowledge", "resolve"].includes(type)) errors.push("Event type is invalid");
  if (type === "trigger" && description === null) errors.push("Description is missing or blank");
  if ((description?.length ?? 0) > summaryCharsMax)
    errors.push(`Description is too long (maximum is ${summaryCharsMax} characters)`);
  if ((type === "acknowledge" || type === "resolve") && keyText(event["incident_key"]) === null)
    errors.push("Incident key is missing or blank");
  if ((keyText(event["incident_key"])?.length ?? 0) > dedupKeyCharsMax)
    errors.push(`Incident key is too long (maximum is ${dedupKeyCharsMax} characters)`);
  return errors;
}

/** What the product says of a key that it does not know, together with whatever else is wrong: still 400. */
function unknownKey(request: DropInRequest): ProductAnswer {
  if (!request.read.ok || !isRecord(request.read.payload)) return unrecognized;
  const event = request.read.payload;
  const { path } = request.route;
  const key = present(event[path === v1 ? "service_key" : "routing_key"]);
  const others = problemsOf(path, event);
  if (path === v1) {
    const wrong =
      key?.length === keyChars ? "Service key is invalid" : `Service key is the wrong length (should be ${keyChars} characters)`;
    return invalid([wrong, ...others]);
  }
  if (key === null) return invalid(others);
  const wrong =
    key.length === keyChars ? "Invalid routing key" : `Length of 'routing_key' is incorrect (should be ${keyChars} characters)`;
  return invalid([wrong, ...others]);
}

function invalid(errors: readonly string[]): ProductAnswer {
  return { status: 400, body: { status: "invalid event", message: "Event object is invalid", errors } };
}

const unrecognized: ProductAnswer = {
  status: 400,
  body: { status: "Unrecognized object", message: "Event object format is unrecognized", errors: ["JSON parse error"] },
};

const tooLarge: ProductAnswer = {
  status: 413,
  body: {
    status: "invalid event",
    message: "Event object is invalid",
    errors: [`Event is too large (maximum is ${eventBytesMax} bytes)`],
  },
};

const throttled = {
  status: "throttle exceeded",
  message: "Requests for this service are arriving too quickly.  Please retry later.",
  errors: ["Enhance Your Calm."],
};
