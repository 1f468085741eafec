// Owns "what happens next": everything to come if nobody acts, counting down. What happens at one moment is one rung.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { contactText, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { reasonAhead } from "../../lib/reasons.ts";
import type { Incident, Pending } from "../../lib/shapes.ts";
import { clock, countdown, dateTime, now } from "../../lib/time.ts";
import { words } from "./detail-words.ts";
import { pendingText } from "./row.tsx";

const shownFirst = 5;
/** Pages follow their step within milliseconds. */
const togetherMs = 1_000;

interface Rung {
  readonly at: string;
  readonly key: string;
  /** What happens; null: pages alone. */
  readonly what: Pending | null;
  readonly pages: readonly Pending[];
}

function rungsOf(pending: readonly Pending[]): Rung[] {
  const rungs: Rung[] = [];
  for (const item of pending) {
    const paging = item.kind === "page" || item.kind === "retry";
    const last = rungs.at(-1);
    const together = last !== undefined && Date.parse(item.at) - Date.parse(last.at) <= togetherMs;
    if (together && paging) rungs[rungs.length - 1] = { ...last, pages: [...last.pages, item] };
    else
      rungs.push({
        at: item.at,
        key: `${item.at}/${item.kind}/${rungs.length}`,
        what: paging ? null : item,
        pages: paging ? [item] : [],
      });
  }
  return rungs;
}

export function Ladder({ incident, names }: { readonly incident: Incident; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const [all, setAll] = useState(false);
  const rungs = rungsOf(incident.pending);
  const first = rungs.find((rung) => Date.parse(rung.at) > now.value) ?? rungs[0];
  const rest = rungs.filter((rung) => rung !== first);
  const shown = all ? rest : rest.slice(0, shownFirst);
  return (
    <section class="card ahead" aria-labelledby="ahead">
      <header>
        <h2 id="ahead">{w.next}</h2>
        {first !== undefined && <span class="soft small">{w.nobodyActs}</span>}
      </header>
      {first === undefined ? (
        <p class={incident.status === "triggered" ? "body trouble" : "body soft"}>{w.nothing[incident.status]}</p>
      ) : (
        <>
          <p class="first">
            <b role="timer">{countdown(Date.parse(first.at) - now.value)}</b>
            <RungText rung={first} names={names} />
          </p>
          {shown.length > 0 && (
            <ol class="ladder">
              {shown.map((rung) => (
                <OneRung key={rung.key} rung={rung} names={names} />
              ))}
            </ol>
          )}
          {rest.length > shownFirst && (
            <Button tone="quiet" size="small" onClick={() => setAll(!all)}>
              {all ? w.lessAhead : w.moreAhead(rest.length - shownFirst)}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** "Step 2: Bo Lindqvist by phone, Chidi Okafor by phone". */
function RungText({ rung, names }: { readonly rung: Rung; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const { what, pages } = rung;
  const people = pages
    .map((page) => names.person(page.user ?? "") + (page.contact === null ? "" : ` ${w.by(contactText(page.contact))}`))
    .join(", ");
  const own = what !== null && ["escalate", "policy"].includes(what.kind) ? null : what && reasonAhead(what, names);
  return (
    <span>
      <strong>{what === null ? w.pages : capital(pendingText(what, names))}</strong>
      {people !== "" && `: ${people}`}
      {own !== null && <span class="soft"> {own}</span>}
    </span>
  );
}

function OneRung({ rung, names }: { readonly rung: Rung; readonly names: Directory }): JSX.Element {
  const left = Date.parse(rung.at) - now.value;
  return (
    <li class={`${rung.pages.length > 0 ? "paging" : ""} ${left <= 0 ? "now" : ""}`}>
      <time class="left" dateTime={rung.at} title={dateTime(rung.at)}>
        {left > 0 ? countdown(left) : clock(rung.at)}
      </time>
      <RungText rung={rung} names={names} />
    </li>
  );
}
