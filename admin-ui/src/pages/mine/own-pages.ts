// Owns reading what is open and mine: live, with a copy behind it, and in an order that does not move under a thumb.

import { useEffect, useRef } from "preact/hooks";
import { call } from "../../lib/api.ts";
import { link, useIncidentChanges } from "../../lib/live.ts";
import { useKept, type Shown } from "../../lib/offline/use-kept.ts";
import { refresh, type Read } from "../../lib/query.ts";
import type { OwnPage } from "../../lib/shapes.ts";

const everyMs = 15_000;
/** The list of a person's incidents is that far behind them at most, in ordinary times. */
const alsoMs = 20_000;
const alsoMax = 20;
const togetherMs = 250;

export type Pages = Read<Shown<readonly OwnPage[]>>;

export function useOwnPages(me: string): Pages {
  const heard = useRef(new Map<string, number>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const pages = useKept(
    "pages",
    async () => {
      const now = Date.now();
      for (const [id, at] of heard.current) if (now - at > alsoMs) heard.current.delete(id);
      const also = [...heard.current.keys()].slice(-alsoMax).join(",");
      const { items } = await call("getUserPages", { id: me, ...(also === "" ? {} : { query: { also } }) });
      return items;
    },
    { everyMs },
  );
  useIncidentChanges((incidents) => {
    for (const id of incidents ?? []) {
      heard.current.delete(id);
      heard.current.set(id, Date.now());
    }
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refresh("pages");
    }, togetherMs);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  // What happened between the first reading and the moment from which changes are told.
  useEffect(() => {
    if (link.value === "live") refresh("pages");
  }, [link.value]);
  useWhenDue(pages.data?.data ?? []);
  return pages;
}

/** When something that was due has passed, the hub knows more: it is asked a moment later. */
function useWhenDue(pages: readonly OwnPage[]): void {
  const due = pages.flatMap((page) => page.pending.slice(0, 3).map((item) => Date.parse(item.at)));
  const next = Math.min(...due.filter((at) => at > Date.now()));
  useEffect(() => {
    const wait = next - Date.now() + 700;
    if (!Number.isFinite(next) || wait > 3_600_000) return;
    const timer = setTimeout(() => refresh("pages"), wait);
    return () => clearTimeout(timer);
  }, [next]);
}

/**
 * Where each stands: what waits is above what somebody has, the worst first; and once shown, a card stays in its place while the
 * page is looked at, also when it is acknowledged. Only a new page, and one that pages again, goes up to those that wait.
 */
export function useOrder(pages: readonly OwnPage[], rank: (severity: string) => number): readonly OwnPage[] {
  const known = useRef<readonly { readonly id: string; readonly waits: boolean }[]>([]);
  const byId = new Map(pages.map((page) => [page.id, page]));
  const stays = known.current.filter(({ id, waits }) => {
    const page = byId.get(id);
    return page !== undefined && (waits || page.status !== "triggered");
  });
  const fresh = pages
    .filter((page) => !stays.some(({ id }) => id === page.id))
    .toSorted((a, b) => rank(a.severity) - rank(b.severity) || Date.parse(a.openedAt) - Date.parse(b.openedAt));
  const entry = (page: OwnPage) => ({ id: page.id, waits: page.status === "triggered" });
  const firstOwned = stays.findIndex(({ waits }) => !waits);
  const at = firstOwned === -1 ? stays.length : firstOwned;
  const waiting = fresh.filter((page) => page.status === "triggered");
  const owned = fresh.filter((page) => page.status !== "triggered");
  known.current = [...stays.slice(0, at), ...waiting.map(entry), ...stays.slice(at), ...owned.map(entry)];
  return known.current.flatMap(({ id }) => byId.get(id) ?? []);
}
