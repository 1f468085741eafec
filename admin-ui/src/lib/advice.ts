// Owns what the hub says of something it saved all the same: allowed, and worth a look before it is night. Stays until it is
// dismissed, or until the same thing is saved without it.

import { signal } from "@preact/signals";
import { findingText } from "./findings.ts";

export interface Advice {
  /** Kind and id, as in the address of the API. */
  readonly about: string;
  readonly name: string;
  readonly lines: readonly string[];
}

export const advice = signal<readonly Advice[]>([]);
const shownMax = 3;

/** With no lines: nothing is to be said of it any more. */
export function advise({ about, name, lines }: Advice): void {
  const others = advice.value.filter((each) => each.about !== about);
  advice.value = lines.length === 0 ? others : [...others.slice(1 - shownMax), { about, name, lines: [...new Set(lines)] }];
}

export function heeded(about: string): void {
  advise({ about, name: "", lines: [] });
}

interface Saved {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly meta?: {
    readonly warnings?: readonly { readonly message: string; readonly told?: Readonly<Record<string, unknown>> }[];
  };
}

/**
 * Takes note of what a change was answered with. `path`: `/tenants/acme/policies/critical`, or of the list for one that is new.
 * What was said of an object is over when it is gone, and when a part of it (a person's contact) was added, put or taken away.
 */
export function noteAnswer(method: string, path: string, answer: unknown): void {
  const { id, name, meta }: Saved = typeof answer === "object" && answer !== null ? answer : {};
  const [, , tenant, kind, named, ...below] = path.split("/");
  const which = named ?? id;
  if (tenant === undefined || kind === undefined || typeof which !== "string") return;
  const about = `${tenant}/${kind}/${which}`;
  const warnings = below.length === 0 ? meta?.warnings : undefined;
  if (Array.isArray(warnings)) {
    const lines = (warnings as readonly { readonly message: string; readonly told?: Readonly<Record<string, unknown>> }[]).map(
      findingText,
    );
    advise({ about, name: typeof name === "string" ? name : which, lines });
  } else if (method === "put" || method === "delete" || below.join() === "contacts") heeded(about);
}
