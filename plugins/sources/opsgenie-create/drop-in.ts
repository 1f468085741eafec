// Owns the Alert API as its senders know it: the addresses, whose key it is, what each request asks for and what it must hold.
// Requests are answered 202 as there; here they are done by then, and their status says how they went.

import { present, type Asked, type DropIn, type DropInRequest, type DropInRoute } from "../../sdk/index.ts";
import { aliasOf, alertFrom, respondersOf } from "./alert.ts";
import { accepted, alertJson, becameOf, bodyOf, envelope, problem, statusOf, unprocessable } from "./answers.ts";
import { listOfAlerts } from "./list.ts";
import { recordOfAlert } from "./record.ts";
import { attachmentOffered, attachmentsOfAlert, recipientsOfAlert } from "./recipients.ts";
import { nameOfAlert, ordersOf } from "./requests.ts";

const base = "/v2/alerts";
const route = (method: DropInRoute["method"], path: string): DropInRoute => ({ method, path: `${base}${path}`, body: "json" });

export const dropIn: DropIn = {
  // In this order: a word where an identifier may stand is looked for first.
  routes: [
    route("POST", ""),
    route("GET", ""),
    route("GET", "/count"),
    route("GET", "/requests/:request"),
    route("GET", "/:id/recipients"),
    route("GET", "/:id/attachments"),
    route("GET", "/:id/attachments/:attachment"),
    // Of a file only its name is read, and no form is demanded for that.
    { method: "POST", path: `${base}/:id/attachments`, body: "text" },
    route("DELETE", "/:id/attachments/:attachment"),
    route("GET", "/:id/notes"),
    route("GET", "/:id/logs"),
    route("GET", "/:id"),
    route("DELETE", "/:id"),
    route("POST", "/:id/actions/:name"),
    route("POST", "/:id/:part"),
    route("PUT", "/:id/:part"),
    route("DELETE", "/:id/:part"),
  ],
  key: ({ headers }) => /^\s*GenieKey\s+(\S{1,128})\s*$/i.exec(headers["authorization"] ?? "")?.[1] ?? null,
  read: (request) => {
    const { method, path } = request.route;
    if (method !== "GET" && !path.endsWith("/attachments") && !request.read.ok)
      return { kind: "unreadable", reason: request.read.reason, answer: problem(request, 400, "Invalid JSON body") };
    switch (`${method} ${path.slice(base.length)}`) {
      case "POST ":
        return create(request);
      case "GET ":
        return listOfAlerts(request, true);
      case "GET /count":
        return listOfAlerts(request, false);
      case "GET /requests/:request":
        return requestStatus(request);
      case "GET /:id/recipients":
        return recipientsOfAlert(request);
      case "GET /:id/attachments":
        return attachmentsOfAlert(request);
      case "POST /:id/attachments":
        return attachmentOffered(request);
      case "GET /:id/attachments/:attachment":
      case "DELETE /:id/attachments/:attachment":
        return { kind: "answer", answer: problem(request, 404, "Attachment does not exist.") };
      case "GET /:id/notes":
        return recordOfAlert(request, "notes");
      case "GET /:id/logs":
        return recordOfAlert(request, "logs");
      case "GET /:id":
        return look(request);
      default:
        return act(request);
    }
  },
  refuse: (why, request, reason) => {
    switch (why) {
      case "unauthorized":
        return problem(request, 401, "Could not authenticate");
      case "throttled": {
        const answer = problem(request, 429, "You are making too many requests!");
        const told = { "x-ratelimit-state": "THROTTLED", "x-ratelimit-reason": "INTEGRATION", "x-ratelimit-period-in-sec": "60" };
        return { ...answer, headers: { ...answer.headers, ...told } };
      }
      case "later":
        return problem(request, 503, reason);
      case "unreadable":
        return request.read.ok ? unprocessable(request, { message: reason }) : problem(request, 400, "Invalid JSON body");
    }
  },
};

function create(request: DropInRequest): Asked {
  const body = bodyOf(request);
  if (present(body["message"]) === null) {
    const errors = { message: "Message can not be empty." };
    return { kind: "unreadable", reason: errors.message, answer: unprocessable(request, errors) };
  }
  const alert = alertFrom({ ...body, alias: aliasOf(body) ?? request.unique });
  const { users } = respondersOf(body);
  const note = present(body["note"]);
  return {
    kind: "alerts",
    alerts: [alert],
    afterwards: [
      ...(users.length === 0 ? [] : [{ kind: "call-in" as const, users, teams: [] }]),
      ...(note === null ? [] : [{ kind: "note" as const, text: note }]),
    ],
    answer: ([first], tookS) =>
      accepted(request, { action: "Create", at: request.now, incident: first?.incident ?? null, refused: null }, tookS),
  };
}

function act(request: DropInRequest): Asked {
  const asked = ordersOf(request);
  if (!asked.ok) return { kind: "answer", answer: asked.answer };
  const { action, orders } = asked;
  return {
    kind: "orders",
    of: nameOfAlert(request),
    orders,
    answer: ({ alert, refused }, tookS) =>
      accepted(
        request,
        {
          action,
          at: request.now,
          incident: alert?.incident ?? null,
          refused: alert === null ? "Alert does not exist" : refused,
        },
        tookS,
      ),
  };
}

function look(request: DropInRequest): Asked {
  return {
    kind: "look",
    of: nameOfAlert(request),
    answer: (alert, tookS) =>
      alert === null
        ? envelope(request, 404, { message: `Alert with id [${request.params["id"] ?? ""}] does not exist.` }, tookS)
        : envelope(request, 200, { data: alertJson(alert, true) }, tookS),
  };
}

function requestStatus(request: DropInRequest): Asked {
  const became = becameOf(request.params["request"] ?? "");
  if (became === null)
    return { kind: "answer", answer: problem(request, 404, "Request not found. It might not be processed, yet.") };
  if (became.incident === null) return { kind: "answer", answer: statusOf(request, became, null, 0) };
  return {
    kind: "look",
    of: { by: "incident", incident: became.incident },
    answer: (alert, tookS) => statusOf(request, became, alert, tookS),
  };
}
