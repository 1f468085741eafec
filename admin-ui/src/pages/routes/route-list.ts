// Owns reading the routes whole, in the order in which they are tried, and comparing them as they are written.

import { send } from "../../lib/api.ts";
import { wordsOf } from "../../lib/editing.ts";
import type { RouteWords, StoredRoute } from "../../lib/shapes-routes.ts";

export interface RouteList {
  readonly items: readonly StoredRoute[];
  /** Of the order. */
  readonly etag: string;
}

const pageMax = 200;

export async function readRoutes(): Promise<RouteList> {
  const items: StoredRoute[] = [];
  let etag = "";
  let cursor: string | null = null;
  do {
    const answer = await send("listRoutes", { query: { limit: pageMax, ...(cursor === null ? {} : { cursor }) } });
    etag = answer.headers.get("etag") ?? "";
    const page = (await answer.json()) as { readonly items: readonly StoredRoute[]; readonly next: string | null };
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return { items, etag };
}

/** The route as one would write it: what it does not say is left out. */
export function clean(route: RouteWords | StoredRoute): RouteWords {
  const { set, suppress, continue: goesOn, ...rest } = wordsOf(route as StoredRoute) as RouteWords;
  return {
    ...rest,
    ...(set === undefined || Object.keys(set).length === 0 ? {} : { set }),
    ...(suppress === true ? { suppress } : {}),
    ...(goesOn === true ? { continue: true } : {}),
  };
}

export function same(a: RouteWords | StoredRoute, b: RouteWords | StoredRoute): boolean {
  return JSON.stringify(sorted(clean(a))) === JSON.stringify(sorted(clean(b)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** In the order of the ids; what they do not name comes last. */
export function inOrder(items: readonly StoredRoute[], ids: readonly string[]): readonly StoredRoute[] {
  const place = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
  return items.toSorted((a, b) => place(a.id) - place(b.id));
}

/** An id that is not taken: `noise-2`. */
export function freeId(id: string, taken: readonly string[]): string {
  const stem = id.replace(/-\d+$/, "").slice(0, 58);
  for (let n = 2; ; n++) if (!taken.includes(`${stem}-${n}`)) return `${stem}-${n}`;
}
