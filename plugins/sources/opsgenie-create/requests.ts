// Owns what each request about one alert asks for: its path and body as orders, and what is missing in the product's words.

import {
  isRecord,
  labelsOf,
  present,
  recordOf,
  timeOf,
  type AlertName,
  type DropInRequest,
  type Order,
  type ProductAnswer,
} from "../../sdk/index.ts";
import { nameOf, priorities, tagLabels } from "./alert.ts";
import { bodyOf, problem, unprocessable, type Action } from "./answers.ts";

type Body = Readonly<Record<string, unknown>>;
type Asked =
  | { readonly ok: true; readonly action: Action; readonly orders: readonly Order[] }
  | { readonly ok: false; readonly answer: ProductAnswer };
type Wanted =
  | { readonly action: Action; readonly orders: readonly Order[] }
  | { readonly missing: Readonly<Record<string, string>> };

/** By id (our incident), by alias (the dedup key), or by the tiny id (the instant our incident opened). */
export function nameOfAlert({ params, query }: DropInRequest): AlertName {
  const id = params["id"] ?? "";
  // Attachments have a name of their own for it.
  switch ((query["identifierType"] ?? query["alertIdentifierType"])?.toLowerCase()) {
    case "alias":
      return { by: "key", dedupKey: id };
    case "tiny":
      return { by: "opened", at: /^\d{1,15}$/.test(id) ? Number(id) : -1 };
    default:
      return { by: "incident", incident: id };
  }
}

export function ordersOf(request: DropInRequest): Asked {
  const { params, query } = request;
  const { method } = request.route;
  // What takes something away has no body: its note and its user are in the address.
  const body = method === "DELETE" ? { ...query, ...bodyOf(request) } : bodyOf(request);
  const read = params["name"] === undefined ? table[`${method} ${params["part"] ?? ""}`] : custom(params["name"]);
  if (read === undefined) return { ok: false, answer: problem(request, 404, "There is no such operation on an alert here.") };
  const wanted = read(body, query);
  if ("missing" in wanted) return { ok: false, answer: unprocessable(request, wanted.missing) };
  return { ok: true, action: wanted.action, orders: [...notesOf(body, wanted.action), ...wanted.orders] };
}

/** Any of these requests may carry a note and say who asks. */
function notesOf(body: Body, action: Action): Order[] {
  const note = action === "AddNote" ? null : present(body["note"]);
  return note === null ? [] : [{ kind: "note", text: signed(note, body) }];
}

function signed(note: string, body: Body): string {
  const user = present(body["user"]);
  return user === null ? note : `${user}: ${note}`;
}

type Reader = (body: Body, query: Readonly<Record<string, string>>) => Wanted;

const table: Readonly<Record<string, Reader>> = {
  "POST acknowledge": () => ({ action: "Acknowledge", orders: [{ kind: "acknowledge" }] }),
  "POST unacknowledge": () => ({ action: "UnAcknowledge", orders: [{ kind: "unacknowledge" }] }),
  "POST close": () => ({ action: "Close", orders: [{ kind: "resolve" }] }),
  // Nothing that happened is erased here: it is over, and says who wanted it gone.
  "DELETE ": (_body, { user, source }) => ({
    action: "Delete",
    orders: [
      { kind: "note", text: `deleted in its source${(user ?? source) ? ` by ${user ?? source}` : ""}` },
      { kind: "resolve" },
    ],
  }),
  "POST snooze": (body) => {
    const until = timeOf(body["endTime"]);
    return until === null
      ? missing("endTime", "must be a time in ISO 8601 format")
      : { action: "Snooze", orders: [{ kind: "snooze", until }] };
  },
  "POST notes": (body) => {
    const note = present(body["note"]);
    return note === null
      ? missing("note", "can not be empty.")
      : { action: "AddNote", orders: [{ kind: "note", text: signed(note, body) }] };
  },
  "POST escalate": (body) => {
    const policy = nameOf(body["escalation"]);
    return policy === null
      ? missing("escalation", "id or name can not be empty.")
      : { action: "Escalate", orders: [{ kind: "escalate", policy }] };
  },
  "POST assign": (body) => {
    const user = personOf(body["owner"]);
    return user === null
      ? missing("owner", "id or username can not be empty.")
      : { action: "AssignOwnership", orders: [{ kind: "assign", user }] };
  },
  "POST teams": (body) => {
    const team = nameOf(body["team"]);
    return team === null
      ? missing("team", "id or name can not be empty.")
      : { action: "AddTeam", orders: [{ kind: "call-in", users: [], teams: [team] }] };
  },
  "POST responders": (body) => {
    const { type } = recordOf(body["responder"]);
    const isUser = present(type)?.toLowerCase() === "user";
    const name = isUser ? personOf(body["responder"]) : nameOf(body["responder"]);
    if (name === null) return missing("responder", "id, name or username can not be empty.");
    return { action: "AddResponder", orders: [{ kind: "call-in", users: isUser ? [name] : [], teams: isUser ? [] : [name] }] };
  },
  "POST tags": (body) => {
    const labels = tagLabels(body["tags"], "true");
    return none(labels) ? missing("tags", "can not be empty.") : { action: "AddTags", orders: [{ kind: "amend", labels }] };
  },
  "DELETE tags": (_body, query) => {
    const labels = tagLabels((query["tags"] ?? "").split(","), null);
    return none(labels) ? missing("tags", "can not be empty.") : { action: "RemoveTags", orders: [{ kind: "amend", labels }] };
  },
  "POST details": (body) => {
    const labels = isRecord(body["details"]) ? labelsOf(body["details"]) : {};
    return none(labels) ? missing("details", "can not be empty.") : { action: "AddDetails", orders: [{ kind: "amend", labels }] };
  },
  "DELETE details": (_body, query) => {
    const names = (query["keys"] ?? "").split(",").filter((name) => name !== "");
    const labels = Object.fromEntries(names.map((name) => [name, null]));
    return names.length === 0
      ? missing("keys", "can not be empty.")
      : { action: "RemoveDetails", orders: [{ kind: "amend", labels }] };
  },
  "PUT priority": (body) => {
    const priority = present(body["priority"])?.toUpperCase() ?? "";
    const severity = priorities[priority.toLowerCase()];
    if (severity === undefined) return missing("priority", "should be one of [ P1, P2, P3, P4, P5 ]");
    return {
      action: "UpdatePriority",
      orders: [
        { kind: "severity", severity },
        { kind: "amend", labels: { priority } },
      ],
    };
  },
  "PUT message": (body) => {
    const title = present(body["message"]);
    return title === null
      ? missing("message", "can not be empty.")
      : { action: "UpdateMessage", orders: [{ kind: "amend", title }] };
  },
  "PUT description": (body) => {
    const text = present(body["description"]);
    return text === null
      ? missing("description", "can not be empty.")
      : { action: "UpdateDescription", orders: [{ kind: "amend", body: text }] };
  },
};

/** What an action of the sender's own would do is known to nobody here; that it was asked for is. */
function custom(name: string): Reader {
  return (body) => ({
    action: "ExecuteCustomAction",
    orders: [{ kind: "note", text: signed(`action ${name.slice(0, 100)} asked for`, body) }],
  });
}

function personOf(value: unknown): string | null {
  const { username, id } = recordOf(value);
  return present(username) ?? present(id);
}

function none(labels: object): boolean {
  return Object.keys(labels).length === 0;
}

function missing(field: string, what: string): Wanted {
  return { missing: { [field]: `${field[0]?.toUpperCase()}${field.slice(1)} ${what}` } };
}
