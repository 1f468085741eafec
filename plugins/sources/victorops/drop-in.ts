// Owns the REST endpoint as its senders know it: key and routing key in the path, what is answered and what is missed.

import { isRecord, recordOf, type Asked, type DropIn, type DropInRequest, type ProductAnswer } from "../../sdk/index.ts";
import { alertFrom, entityOf } from "./alert.ts";

const path = "/integrations/generic/20131114/alert/:key";

export const dropIn: DropIn = {
  routes: [path, `${path}/:routing`].map((each) => ({ method: "POST", path: each, body: "json-or-text" })),
  key: ({ params }) => params["key"] ?? null,
  read: (request) => {
    const bodies = bodiesOf(request);
    if (bodies === null) return unreadable("the body is not JSON", "Unable to parse the body as JSON");
    const wanting = bodies.find((body) => !isRecord(body) || body["message_type"] === undefined || body["message_type"] === "");
    if (wanting !== undefined || bodies.length === 0)
      return unreadable("message_type is missing", "Missing fields: message_type");
    const routing = request.params["routing"];
    const alerts = bodies.map((body, i) => {
      const alert = alertFrom(routing === undefined ? body : { ...recordOf(body), routing_key: routing });
      // What names no entity is always a new problem, and the answer says which.
      const made = i === 0 ? request.unique : `${request.unique}-${i}`;
      return entityOf(recordOf(body)) === null ? { ...alert, dedupKey: made } : alert;
    });
    return {
      kind: "alerts",
      alerts,
      answer: () => ({
        status: 200,
        body: { result: "success", entity_id: entityOf(recordOf(bodies[0])) ?? alerts[0]?.dedupKey },
      }),
    };
  },
  refuse: (why, _request, reason) => {
    switch (why) {
      case "unauthorized":
        return failure(404, "No such integration: check the key in the address");
      case "throttled":
        return failure(429, "Too many alerts; send it again later");
      case "later":
        return failure(503, reason);
      case "unreadable":
        return failure(400, reason);
    }
  },
};

/** One alert, or several back to back: templates with a loop post that. Null: not JSON. */
function bodiesOf({ read, body }: DropInRequest): readonly unknown[] | null {
  if (read.ok && typeof read.payload !== "string") return Array.isArray(read.payload) ? read.payload : [read.payload];
  try {
    return objectsOf(new TextDecoder().decode(body)).map((text) => JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** The texts of JSON objects that follow one another; whatever stands between them goes to the next, and makes it unreadable. */
function objectsOf(text: string): string[] {
  const found: string[] = [];
  let [begin, depth, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === "\\") i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{") depth++;
    else if (!quoted && char === "}" && --depth === 0) {
      found.push(text.slice(begin, i + 1));
      begin = i + 1;
    }
  }
  const rest = text.slice(begin).trim();
  return rest === "" && found.length > 0 ? found : [...found, rest];
}

function unreadable(reason: string, message: string): Asked {
  return { kind: "unreadable", reason, answer: failure(400, message) };
}

function failure(status: number, message: string): ProductAnswer {
  return { status, body: { result: "failure", message } };
}
