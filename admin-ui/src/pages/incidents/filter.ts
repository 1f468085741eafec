// Owns the list's filters: in the address, to the API, and over rows that the API has not seen yet.

import type { Directory } from "../../lib/directory.ts";
import { session } from "../../lib/session.ts";
import type { IncidentRow } from "../../lib/shapes.ts";

export type Show = "open" | "triggered" | "acknowledged" | "resolved" | "quiet" | "all";
export const shows: readonly Show[] = ["open", "triggered", "acknowledged", "resolved", "quiet", "all"];

const statuses: Readonly<Record<Show, readonly string[]>> = {
  open: ["triggered", "acknowledged"],
  triggered: ["triggered"],
  acknowledged: ["acknowledged"],
  resolved: ["resolved"],
  quiet: ["held", "suppressed", "merged"],
  all: [],
};

export interface Filter {
  readonly show: Show;
  readonly severity: string;
  readonly service: string;
  readonly team: string;
  readonly mine: boolean;
  readonly q: string;
}

export function readFilter(search: string): Filter {
  const asked = new URLSearchParams(search);
  const show = shows.find((each) => each === asked.get("show")) ?? "open";
  const text = (name: string): string => asked.get(name) ?? "";
  return {
    show,
    severity: text("severity"),
    service: text("service"),
    team: text("team"),
    mine: asked.get("mine") === "1",
    q: text("q"),
  };
}

/** Without its question mark; the usual is left out, so that the plain address is the plain list. */
export function writeFilter(filter: Filter): string {
  const text = new URLSearchParams();
  if (filter.show !== "open") text.set("show", filter.show);
  for (const name of ["severity", "service", "team", "q"] as const) if (filter[name] !== "") text.set(name, filter[name]);
  if (filter.mine) text.set("mine", "1");
  return text.toString();
}

export function isPlain(filter: Filter): boolean {
  return writeFilter({ ...filter, show: "open" }) === "";
}

export function queryOf(filter: Filter) {
  return {
    status: statuses[filter.show].join(","),
    severity: filter.severity,
    service: filter.service,
    ...(filter.team === "" ? {} : { team: filter.team }),
    ...(filter.mine && session.value ? { assignee: session.value.user } : {}),
    ...(filter.q === "" ? {} : { q: filter.q }),
  };
}

export function fits(row: IncidentRow, filter: Filter, names: Directory): boolean {
  const status = statuses[filter.show];
  return (
    (status.length === 0 || status.includes(row.status)) &&
    (filter.severity === "" || row.severity === filter.severity) &&
    (filter.service === "" || row.service === filter.service) &&
    (filter.team === "" || names.teamOf(row.service) === filter.team) &&
    (!filter.mine || row.assignees.includes(session.value?.user ?? "")) &&
    (filter.q === "" || row.title.toLowerCase().includes(filter.q.toLowerCase()))
  );
}
