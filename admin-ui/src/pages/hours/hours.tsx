// Owns the list of business hours: when they are, and whether they are open now.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Listing, MakeLink } from "../../design/listing.tsx";
import { call, tenant } from "../../lib/api.ts";
import type { HoursWords } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { useRead } from "../../lib/query.ts";
import { dateTime } from "../../lib/time.ts";
import { cityOf } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import { daysText } from "../oncall/summary.ts";
import { HoursDialog } from "./hours-dialog.tsx";
import { words } from "./words.ts";

export default function BusinessHours({ params }: PageProps): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const { timeZone } = useDirectory();
  const [q, setQ] = useState("");
  const list = usePaged(`businessHours?q=${q}`, (cursor) => call("listBusinessHours", { query: { limit: pageMax, q, cursor } }));
  const home = `/t/${tenant.value}/business-hours`;
  const opened = params["hours"] ?? null;
  return (
    <>
      <Listing
        title={w.title}
        lead={w.lead}
        topic="businessHours"
        list={list}
        make={<MakeLink href={`${home}/-`}>{w.make}</MakeLink>}
        by="createCalendar"
        find={{ label: w.find, value: q, onInput: setQ, nothing: w.nothing(q) }}
        empty={{ icon: "sun", title: w.none, text: w.noneWhy }}
      >
        {(hours) => (
          <Link class="go-there" href={`${home}/${hours.id}`}>
            <span class="grow">
              <strong>{hours.name ?? hours.id}</strong>
              <br />
              <span class="soft small">
                {[whenText(hours), cityOf(hours.timeZone ?? timeZone), w.holidayCount(hours.holidays.length)].join(" · ")}
              </span>
            </span>
            <Now id={hours.id} />
          </Link>
        )}
      </Listing>
      {opened !== null && <HoursDialog key={opened} id={opened} onClose={() => go(home)} />}
    </>
  );
}

export function whenText({ hours }: Pick<HoursWords, "hours">): string {
  if (hours.length === 0) return said(words).never;
  return hours.map(({ days, from, to }) => `${daysText(days)} ${from}–${to}`).join(", ");
}

export function Now({ id }: { readonly id: string }): JSX.Element | null {
  const w = said(words);
  const state = useRead(`businessHours/${id}/state`, () => call("getBusinessHoursState", { id }), { everyMs: 60_000 }).data;
  if (state === null) return null;
  const until = state.open ? state.nextClosing : state.nextOpening;
  return (
    <span class={`badge ${state.open ? "go" : ""}`}>
      <span class={`dot ${state.open ? "" : "hollow"}`} />
      {state.open ? w.open : w.closed}
      {until !== null && ` ${w.until} ${dateTime(until)}`}
    </span>
  );
}
