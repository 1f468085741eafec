// Owns one object while somebody makes, edits or deletes it: read with its state, written under that state, refused in words.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "./api.ts";
import { slugOf, useSaving, wordsOf, type Saving } from "./editing.ts";
import { refresh } from "./query.ts";
import { tell } from "./toast.ts";

interface Named {
  readonly id: string;
  readonly name?: string;
}
type Headers = Readonly<Record<string, string>>;

interface Of<T extends Named> {
  /** `-`: there is none yet. */
  readonly asked: string;
  readonly empty: T;
  readonly get: (id: string) => Promise<T & { readonly meta: { readonly etag: string } }>;
  readonly create: (body: T) => Promise<unknown>;
  readonly replace: (id: string, body: T, headers: Headers) => Promise<unknown>;
  readonly remove: (id: string) => Promise<unknown>;
  /** What is read anew then. */
  readonly topics: readonly string[];
  readonly saved: string;
  readonly gone: string;
  readonly onDone: () => void;
  /** After it was deleted; as after saving by default. */
  readonly onGone?: () => void;
}

export interface Edited<T> {
  /** Null: not read yet, or not to be had. */
  readonly draft: T | null;
  readonly setDraft: (draft: T) => void;
  /** With undefined or an empty text the field is left out. */
  readonly set: <K extends keyof T>(key: K, value: T[K] | undefined) => void;
  readonly id: string;
  readonly name: string;
  readonly isNew: boolean;
  readonly saving: Saving;
  readonly failed: Problem | null;
  /** Rises with each reading: a field that keeps its own text begins anew with it. */
  readonly readings: number;
  /** Reads it anew and drops what was typed. */
  readonly load: () => Promise<void>;
  /** `over`: whatever somebody else made of it meanwhile. */
  readonly save: (over?: boolean) => Promise<boolean>;
  readonly remove: () => Promise<void>;
}

export function useObject<T extends Named>({
  asked,
  empty,
  get,
  create,
  replace,
  remove,
  topics,
  saved,
  gone,
  onDone,
  onGone = onDone,
}: Of<T>): Edited<T> {
  const isNew = asked === "-";
  const saving = useSaving();
  const [draft, setDraft] = useState<T | null>(isNew ? empty : null);
  const [etag, setEtag] = useState<string | null>(null);
  const [readings, setReadings] = useState(0);
  const [failed, setFailed] = useState<Problem | null>(null);
  async function load(): Promise<void> {
    if (isNew) return;
    saving.clear();
    try {
      const stored = await get(asked);
      // What writing takes is T: only `meta` comes on top of it.
      setDraft(wordsOf(stored) as unknown as T);
      setEtag(stored.meta.etag);
      setReadings((n) => n + 1);
      setFailed(null);
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), [asked]);
  const id = draft === null ? asked : isNew && draft.id === "" ? slugOf(draft.name ?? "") : draft.id;
  return {
    draft,
    setDraft,
    set: (key, value) => {
      if (draft === null) return;
      const { [key]: _old, ...rest } = draft;
      setDraft((value === undefined || value === "" ? rest : { ...rest, [key]: value }) as T);
    },
    id,
    name: draft?.name ?? (draft?.id || asked),
    isNew,
    saving,
    failed,
    readings,
    load,
    save: async (over = false) => {
      if (draft === null) return false;
      const body = { ...draft, id };
      const run = (headers: Headers): Promise<unknown> => (isNew ? create(body) : replace(id, body, headers));
      if (!(await saving.save(over ? null : etag, run))) return false;
      refresh(...topics);
      tell(saved);
      onDone();
      return true;
    },
    remove: async () => {
      if (!(await saving.save(null, () => remove(asked)))) return;
      refresh(...topics);
      tell(gone);
      onGone();
    },
  };
}
