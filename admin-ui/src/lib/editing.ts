// Owns saving what somebody edits: the state it was read in goes along, whoever changed it meanwhile is not overwritten
// unasked, and what is wrong is said beside its field.

import { useState } from "preact/hooks";
import { Problem } from "./api.ts";

export interface Saving {
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** It was changed since it was read: theirs or mine. */
  readonly conflict: boolean;
  readonly wrongAt: (path: string) => string | null;
  /** True when it was saved. `etag` null: whatever is there. */
  readonly save: (etag: string | null, run: (headers: Readonly<Record<string, string>>) => Promise<unknown>) => Promise<boolean>;
  readonly clear: () => void;
}

export function useSaving(): Saving {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  return {
    busy,
    problem,
    conflict: problem?.status === 412,
    wrongAt: (path) => problem?.wrongAt(path) ?? null,
    clear: () => setProblem(null),
    save: async (etag, run) => {
      setBusy(true);
      try {
        await run(etag === null ? {} : { "if-match": etag });
        setProblem(null);
        return true;
      } catch (error) {
        setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** The object as writing takes it. */
export function wordsOf<T extends { readonly meta?: unknown }>(stored: T): Omit<T, "meta"> {
  const { meta: _meta, ...words } = stored;
  return words;
}

/** An id out of a name: `Payments, critical` is `payments-critical`. Empty where nothing of it is a letter or digit. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 64)
    .replaceAll(/^-+|-+$/g, "");
}

/** The list without, or with another thing at, that place. */
export function without<T>(list: readonly T[], at: number): readonly T[] {
  return list.filter((_, i) => i !== at);
}

export function replaced<T>(list: readonly T[], at: number, value: T): readonly T[] {
  return list.map((each, i) => (i === at ? value : each));
}

export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const rest = [...list];
  const [taken] = rest.splice(from, 1);
  if (taken !== undefined) rest.splice(to, 0, taken);
  return rest;
}
