// Owns GoAlert's generic API as its senders know it: the token in the address or the form, fields from wherever they are, 204.

import { isRecord, present, recordOf, UnreadableError, type Alert, type DropIn, type DropInRequest } from "../../sdk/index.ts";

export function dropInOf(alertFrom: (payload: unknown) => Alert): DropIn {
  return {
    routes: [{ method: "POST", path: "/api/v2/generic/incoming", body: "json-or-form" }],
    key: (request) => request.query["token"] ?? present(fieldsOf(request)["token"]) ?? bearer(request.headers["authorization"]),
    read: (request) => {
      if (!request.read.ok)
        return { kind: "unreadable", reason: request.read.reason, answer: { status: 400, body: `${request.read.reason}\n` } };
      try {
        const alert = alertFrom(fieldsOf(request));
        const wantsJson = request.headers["accept"] === "application/json";
        return {
          kind: "alerts",
          alerts: [alert],
          answer: () =>
            wantsJson
              ? {
                  status: 200,
                  body: {
                    summary: alert.title,
                    details: alert.body,
                    source: "generic",
                    status: alert.action === "resolve" ? "closed" : "triggered",
                  },
                }
              : { status: 204, body: null },
        };
      } catch (error) {
        const reason = error instanceof UnreadableError ? error.message : "unreadable";
        return { kind: "unreadable", reason, answer: { status: 400, body: `${reason}\n` } };
      }
    },
    refuse: (why, _request, reason) => {
      switch (why) {
        case "unauthorized":
          return { status: 401, body: "Unauthorized\n" };
        case "throttled":
          return { status: 429, body: "Too Many Requests\n" };
        case "later":
          return { status: 503, body: `${reason}\n` };
        case "unreadable":
          return { status: 400, body: `${reason}\n` };
      }
    },
  };
}

/** Of the body, over those of the address. */
function fieldsOf({ query, read }: DropInRequest): Readonly<Record<string, unknown>> {
  const body = recordOf(read.ok ? read.payload : null);
  // Names are read in any case where the body is JSON.
  const folded = Object.fromEntries(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...query, ...(isRecord(body) ? folded : {}) };
}

function bearer(authorization: string | undefined): string | null {
  return /^Bearer\s+(\S{1,128})$/i.exec(authorization ?? "")?.[1] ?? null;
}
