// Owns the notes and the log of one alert as the product lists them: newest first, paged by an offset that is an entry's own place.

import type { Asked, DropInRequest, SourceRecord } from "../../sdk/index.ts";
import { envelope, problem } from "./answers.ts";
import { nameOfAlert } from "./requests.ts";

const limitMax = 100;

export function recordOfAlert(request: DropInRequest, part: "notes" | "logs"): Asked {
  const { query } = request;
  const [order, direction, limit] = [query["order"] ?? "desc", query["direction"] ?? "next", Number(query["limit"] ?? limitMax)];
  const from = query["offset"] === undefined || query["offset"] === "" ? null : Number(query["offset"]);
  if ((order !== "asc" && order !== "desc") || (direction !== "next" && direction !== "prev"))
    return { kind: "answer", answer: problem(request, 422, "order is asc or desc, direction is next or prev.") };
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax || (from !== null && !Number.isInteger(from)))
    return {
      kind: "answer",
      answer: problem(request, 422, `limit is a number from 1 to ${limitMax}, offset is one that an answer named.`),
    };
  return {
    kind: "record",
    of: nameOfAlert(request),
    answer: (entries, tookS) => {
      if (entries === null)
        return envelope(request, 404, { message: `Alert with id [${request.params["id"] ?? ""}] does not exist.` }, tookS);
      const wanted = part === "notes" ? entries.filter(({ kind }) => kind === "note") : entries;
      const sorted = wanted.toSorted((a, b) => (order === "asc" ? a.place - b.place : b.place - a.place));
      const ahead = (entry: SourceRecord): boolean =>
        from === null || (order === "asc") === (direction === "next") ? entry.place > (from ?? -1) : entry.place < from;
      const rest = sorted.filter(ahead);
      const page = direction === "next" ? rest.slice(0, limit) : rest.slice(-limit);
      const last = page.at(-1);
      const more = direction === "next" && last !== undefined && rest.length > page.length;
      const paging = more ? { paging: { next: nextOf(request, part, { offset: last.place, limit, order }) } } : { paging: {} };
      return envelope(request, 200, { data: page.map(part === "notes" ? noteJson : logJson), ...paging }, tookS);
    },
  };
}

function noteJson({ place, at, by, text }: SourceRecord): object {
  return { note: text, owner: by, createdAt: new Date(at).toISOString(), offset: String(place) };
}

function logJson({ place, at, by, text, byPerson }: SourceRecord): object {
  return {
    log: text,
    type: byPerson ? "alertRecipient" : "system",
    owner: by,
    createdAt: new Date(at).toISOString(),
    offset: String(place),
  };
}

function nextOf(
  { origin, query, params }: DropInRequest,
  part: string,
  at: { readonly offset: number; readonly limit: number; readonly order: string },
): string {
  const asked = { ...query, offset: String(at.offset), limit: String(at.limit), order: at.order, direction: "next" };
  return `${origin}/v2/alerts/${encodeURIComponent(params["id"] ?? "")}/${part}?${new URLSearchParams(asked).toString()}`;
}
