// Owns what an incident says of bodies that nobody could read: how many, and when those since somebody looked page again.

import type { JSX } from "preact";
import { said } from "../../lib/messages.ts";
import type { Incident } from "../../lib/shapes.ts";
import { dateTime } from "../../lib/time.ts";
import { words } from "./detail-words.ts";

export function Unread({ of }: { readonly of: NonNullable<Incident["unreadable"]> }): JSX.Element {
  const w = said(words);
  return (
    <>
      <span class="soft small">{w.unread(of.bodies, of.sinceSeen)}</span>
      {of.pagesAgainAt !== null && <span class="badge look">{w.unreadPages(dateTime(of.pagesAgainAt))}</span>}
    </>
  );
}
