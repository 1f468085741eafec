// Owns what happens next to one page, in one line: when, and to whom.

import type { Directory } from "../../lib/directory.ts";
import type { Pending } from "../../lib/shapes.ts";
import { pendingText } from "../incidents/row.tsx";
import type { words } from "./words.ts";

export interface NextUp {
  readonly at: string;
  readonly inMs: number;
  readonly text: string;
}

/** Pages follow their step within milliseconds. */
const togetherMs = 1_500;
const namesMax = 2;

interface Context {
  readonly me: string | undefined;
  readonly w: (typeof words)["en"];
  /** Epoch ms. */
  readonly at: number;
}

export function nextOf(pending: readonly Pending[], names: Directory, { me, w, at }: Context): NextUp | null {
  const first = pending.find((item) => Date.parse(item.at) > at) ?? pending[0];
  if (first === undefined) return null;
  const firstAt = Date.parse(first.at);
  const together = pending.filter((item) => Math.abs(Date.parse(item.at) - firstAt) <= togetherMs);
  const paged = together.filter((item) => item.kind === "page" || item.kind === "retry").map((item) => item.user);
  const people = [...new Set(paged.filter((user) => user !== null))];
  const named = people.slice(0, namesMax).map((user) => (user === me ? w.you : names.person(user)));
  const text =
    people.length === 0
      ? pendingText(first, names)
      : people.length === 1 && people[0] === me
        ? w.again(w.you)
        : w.people(named.join(", "), people.length - named.length);
  return { at: first.at, inMs: firstAt - at, text };
}
