// Owns the list and the count of alerts: the part of the product's search language that is understood here, its paging, and a
// refusal of the rest, since an answer to another question is worse than none.

import type { Asked, DropInRequest, Severity } from "../../sdk/index.ts";
import { priorities } from "./alert.ts";
import { alertJson, envelope, problem } from "./answers.ts";

const limitUsual = 20;
const limitMax = 100;
const reachMax = 20_000;
type Filter = Extract<Asked, { kind: "list" }>["filter"];

export function listOfAlerts(request: DropInRequest, shown: boolean): Asked {
  const { query } = request;
  const filter = filterOf(query["query"] ?? "");
  if (typeof filter === "string") return refuse(request, filter);
  if (query["searchIdentifier"] !== undefined) return refuse(request, "Saved searches are not kept here: send the query itself.");
  const [sort, order] = [query["sort"] ?? "createdAt", query["order"] ?? "desc"];
  if (sort !== "createdAt" || order !== "desc")
    return refuse(request, "Alerts are listed by createdAt, newest first, and not otherwise here.");
  const [offset, limit] = [numberOf(query["offset"], 0), numberOf(query["limit"], limitUsual)];
  if (offset === null || limit === null || limit < 1 || limit > limitMax)
    return refuse(request, `limit is a number from 1 to ${limitMax}, offset from 0.`);
  if (offset + limit > reachMax) return refuse(request, `offset and limit together reach no further than ${reachMax}.`);
  return {
    kind: "list",
    filter,
    offset,
    limit: shown ? limit : 0,
    answer: ({ alerts, count }, tookS) =>
      shown
        ? envelope(
            request,
            200,
            { data: alerts.map((alert) => alertJson(alert, false)), paging: pagingOf(request, offset, limit, count) },
            tookS,
          )
        : envelope(request, 200, { data: { count } }, tookS),
  };
}

function refuse(request: DropInRequest, message: string): Asked {
  return { kind: "answer", answer: problem(request, 422, message) };
}

const term = /^\s*(?:(status|acknowledged|priority|message)\s*[:=]\s*)?(?:"([^"]*)"|(\S(?:.*\S)?))\s*$/i;

/** `status: open AND priority: P1`, words without a field are looked for in the message. A text: what is not understood. */
function filterOf(query: string): Filter | string {
  let filter: Filter = {};
  for (const part of query.split(/\s+AND\s+/i)) {
    if (part.trim() === "") continue;
    const match = term.exec(part);
    const [field, value] = [match?.[1]?.toLowerCase(), match?.[2] ?? match?.[3] ?? ""];
    if (field === undefined && /[:=<>()]|\bOR\b|\bNOT\b/i.test(value))
      return `The query "${part.trim().slice(0, 100)}" is not understood here: status, acknowledged, priority and message, joined by AND, are.`;
    const next = one(field, value);
    if (typeof next === "string") return next;
    filter = { ...filter, ...next };
  }
  return filter;
}

function one(field: string | undefined, value: string): Filter | string {
  const word = value.toLowerCase();
  switch (field) {
    case "status":
      return word === "open" || word === "closed" ? { open: word === "open" } : "status is open or closed.";
    case "acknowledged":
      return word === "true" || word === "false" ? { acknowledged: word === "true" } : "acknowledged is true or false.";
    case "priority": {
      const severity: Severity | undefined = priorities[word];
      return severity === undefined ? "priority is one of P1 to P5." : { severity: [severity] };
    }
    default:
      return { text: value };
  }
}

function numberOf(text: string | undefined, usual: number): number | null {
  if (text === undefined || text === "") return usual;
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

function pagingOf({ origin, query }: DropInRequest, offset: number, limit: number, count: number): Record<string, string> {
  const at = (from: number): string =>
    `${origin}/v2/alerts?${new URLSearchParams({ ...query, limit: String(limit), offset: String(from), sort: "createdAt", order: "desc" }).toString()}`;
  const last = Math.max(0, Math.floor((count - 1) / limit) * limit);
  return {
    first: at(0),
    ...(offset > 0 ? { prev: at(Math.max(0, offset - limit)) } : {}),
    ...(offset + limit < count ? { next: at(offset + limit) } : {}),
    last: at(last),
  };
}
