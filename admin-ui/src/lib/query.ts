// Owns what pages have read: one copy a question, shown at once when asked again, read anew when something changed. Keys begin
// with a topic ("incidents", "users"); whoever changes something says `refresh("incidents")`.

import { signal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem, tenant } from "./api.ts";

export interface Read<T> {
  readonly data: T | null;
  readonly error: Problem | null;
  readonly loading: boolean;
}

interface Entry {
  readonly state: Signal<Read<unknown>>;
  read: () => Promise<unknown>;
  /** How many components look at it. */
  watched: number;
  running: boolean;
  again: boolean;
}

const entries = new Map<string, Entry>();
const entriesMax = 200;

function entryOf(key: string, read: () => Promise<unknown>): Entry {
  const found = entries.get(key);
  if (found !== undefined) {
    found.read = read;
    return found;
  }
  const made: Entry = {
    state: signal({ data: null, error: null, loading: true }),
    read,
    watched: 0,
    running: false,
    again: false,
  };
  entries.set(key, made);
  if (entries.size > entriesMax) {
    const idle = [...entries].find(([, each]) => each.watched === 0 && each !== made);
    if (idle !== undefined) entries.delete(idle[0]);
  }
  return made;
}

async function run(entry: Entry): Promise<void> {
  if (entry.running) {
    entry.again = true;
    return;
  }
  entry.running = true;
  do {
    entry.again = false;
    try {
      const data = await entry.read();
      entry.state.value = { data, error: null, loading: false };
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, String(error));
      entry.state.value = { ...entry.state.value, error: problem, loading: false };
    }
  } while (entry.again);
  entry.running = false;
}

function fullKey(key: string): string {
  return `${tenant.value ?? ""}|${key}`;
}

/** Reads while the component is there. `everyMs`: again that often, whatever else is heard. */
export function useRead<T>(key: string, read: () => Promise<T>, { everyMs = 0 }: { readonly everyMs?: number } = {}): Read<T> {
  const full = fullKey(key);
  const entry = entryOf(full, read);
  useEffect(() => {
    entry.watched++;
    void run(entry);
    const timer = everyMs > 0 ? setInterval(() => document.visibilityState === "visible" && void run(entry), everyMs) : undefined;
    return () => {
      entry.watched--;
      clearInterval(timer);
    };
    // By the entry, not by its key: one that was forgotten between the drawing and this is another one by the next drawing.
  }, [entry, everyMs]);
  // The key names the question, so what lies under it is its answer.
  return entry.state.value as Read<T>;
}

/** Whatever was read under these topics is read anew where it is looked at, and forgotten elsewhere. */
export function refresh(...topics: readonly string[]): void {
  for (const [key, entry] of entries) {
    const name = key.slice(key.indexOf("|") + 1);
    if (!topics.some((topic) => name === topic || name.startsWith(`${topic}/`) || name.startsWith(`${topic}?`))) continue;
    if (entry.watched > 0) void run(entry);
    else entries.delete(key);
  }
}

/** Changes what is shown until the next reading: what the person just did should not wait for a round trip. */
export function adjust<T>(key: string, change: (data: T) => T): void {
  const entry = entries.get(fullKey(key));
  if (entry === undefined || entry.state.value.data === null) return;
  entry.state.value = { ...entry.state.value, data: change(entry.state.value.data as T) };
}

/** Nothing of one session is shown to the next. */
export function forgetAll(): void {
  entries.clear();
}
