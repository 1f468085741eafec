// Owns lists that are longer than one answer: the first page is kept fresh, "more" reads on, and reading anew reads all that is
// shown.

import { useRef } from "preact/hooks";
import { Problem } from "./api.ts";
import { adjust, useRead, type Read } from "./query.ts";
import type { Page } from "./shapes.ts";
import { tell } from "./toast.ts";

/** The most that one answer holds (the API's bound). */
export const pageMax = 200;

/** `degraded`: the database was dark, and the list is what the objects know. */
export type Answered<T> = Page<T> & { readonly degraded?: boolean };

export interface Paged<T> extends Read<Answered<T>> {
  /** Null: that is all. */
  readonly more: (() => Promise<void>) | null;
}

/** `read` is asked for each page, the first with `cursor` undefined. */
export function usePaged<T>(
  key: string,
  read: (cursor: string | undefined) => Promise<Answered<T>>,
  options: { readonly everyMs?: number } = {},
): Paged<T> {
  const shown = useRef({ key, pages: 1 });
  if (shown.current.key !== key) shown.current = { key, pages: 1 };
  const { data, error, loading } = useRead(key, () => readPages(read, shown.current.pages), options);
  const next = data?.next ?? null;
  async function more(): Promise<void> {
    if (next === null) return;
    try {
      const page = await read(next);
      shown.current.pages++;
      adjust<Answered<T>>(key, (known) => ({ ...page, items: [...known.items, ...page.items] }));
    } catch (problem) {
      tell(problem instanceof Problem ? problem.message : String(problem), { tone: "bad" });
    }
  }
  return { data, error, loading, more: next === null ? null : more };
}

async function readPages<T>(read: (cursor: string | undefined) => Promise<Answered<T>>, pages: number): Promise<Answered<T>> {
  let whole = await read(undefined);
  for (let n = 1; n < pages && whole.next !== null; n++) {
    const page = await read(whole.next);
    whole = { ...page, items: [...whole.items, ...page.items] };
  }
  return whole;
}
