// Owns My pages: the first page of whoever was woken. What waits for me, one tap to have it; below it my shifts and how pages
// reach me. Works on what was last known when there is no network, and says since when.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Severity } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, reachable, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { asOf } from "../../lib/offline/as-of.ts";
import { useKept } from "../../lib/offline/use-kept.ts";
import { mine as unsent } from "../../lib/offline/waiting.ts";
import { refresh } from "../../lib/query.ts";
import { session } from "../../lib/session.ts";
import type { OwnPage } from "../../lib/shapes.ts";
import type { UserShift } from "../../lib/shapes-oncall.ts";
import { whole, wholeSpan } from "../../lib/span-text.ts";
import { duration, slowly } from "../../lib/time.ts";
import type { PageProps } from "../../pages.ts";
import { acknowledge } from "./act.ts";
import { Install } from "./install.tsx";
import { Me } from "./me.tsx";
import { useOrder, useOwnPages, type Pages } from "./own-pages.ts";
import { PageCard } from "./page-card.tsx";
import { OnCallNowList, Shifts, zoneOf } from "./shifts.tsx";
import { Ended } from "./unsent-note.tsx";
import { words } from "./words.ts";
import "./mine.css";

export default function Mine(_: PageProps): JSX.Element {
  const who = session.value;
  if (!who || who.tenant === null) return <NoPerson />;
  return <Own me={who.user} />;
}

function NoPerson(): JSX.Element {
  const w = said(words);
  return (
    <>
      <h1 class="unseen">{w.title}</h1>
      <Empty icon="user" title={w.notPerson}>
        <p>{w.notPersonText}</p>
        <Link class="button" href={`/t/${tenant.value ?? ""}/incidents`}>
          {w.toIncidents}
        </Link>
      </Empty>
    </>
  );
}

function Own({ me }: { readonly me: string }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const pages = useOwnPages(me);
  const shifts = useKept("oncall/mine", () => call("getUserShifts", { id: me }));
  const oncall = useKept("oncall/now", () => call("getOncall"), { everyMs: 120_000 });
  const items = shifts.data?.data.items.filter((each) => Date.parse(each.to) > slowly.value) ?? [];
  const offline = !reachable.value || (pages.data?.copy ?? false);
  const since = offline ? (pages.data?.at ?? null) : null;
  useEffect(() => {
    asOf.value = since;
    return () => void (asOf.value = null);
  }, [since]);
  return (
    <div class="mine">
      <h1 class="unseen">{w.title}</h1>
      <Ended names={names} />
      <Now pages={pages} me={me} names={names} shifts={shifts.data === null ? null : items} />
      <div class="beneath">
        {shifts.data !== null && <Shifts shifts={items} names={names} offline={offline} />}
        {oncall.data !== null && <OnCallNowList items={oncall.data.data.items} me={me} names={names} offline={offline} />}
        <Me me={me} />
        <Install />
      </div>
    </div>
  );
}

function Now({
  pages,
  me,
  names,
  shifts,
}: {
  readonly pages: Pages;
  readonly me: string;
  readonly names: Directory;
  readonly shifts: readonly UserShift[] | null;
}): JSX.Element {
  const w = said(words);
  const all = useOrder(pages.data?.data ?? [], names.rank);
  const cards = all.filter((page) => page.status === "triggered" || page.acknowledgedBy === me);
  const others = all.filter((page) => !cards.includes(page));
  // An acknowledgment that the hub has not heard yet ends nothing: such a page is still open, only not to be pressed again.
  const waiting = cards.filter((page) => page.status === "triggered");
  const toPress = waiting.filter((page) => !isQueued(page));
  // Where each stands, so that a card knows when it may have moved.
  const place = cards.map((page) => `${page.id}${page.status}`).join();
  if (pages.data === null)
    return pages.error === null ? <Skeleton lines={6} /> : <Trouble problem={pages.error} onAgain={() => refresh("pages")} />;
  return (
    <>
      {pages.error !== null && <Trouble problem={pages.error} onAgain={() => refresh("pages")} />}
      {cards.length === 0 && <Clear shifts={shifts} names={names} />}
      <p class="unseen" role="status">
        {waiting.length > 0 && w.waiting(waiting.length)}
      </p>
      {waiting.length > 2 && (
        <div class="spread">
          <strong>{w.waiting(waiting.length)}</strong>
          {toPress.length > 1 && <Button onClick={() => acknowledge(toPress)}>{w.all(toPress.length)}</Button>}
        </div>
      )}
      {cards.map((page) => (
        <PageCard key={page.id} page={page} names={names} place={place} />
      ))}
      {others.length > 0 && <Others pages={others} names={names} />}
    </>
  );
}

function isQueued(page: OwnPage): boolean {
  return unsent.value.some((entry) => entry.incident === page.id && entry.state !== "over");
}

function Others({ pages, names }: { readonly pages: readonly OwnPage[]; readonly names: Directory }): JSX.Element {
  const w = said(words);
  return (
    <section class="card" aria-labelledby="others">
      <header>
        <h2 id="others">{w.left}</h2>
      </header>
      <ul class="lines">
        {pages.map((page) => (
          <li key={page.id}>
            <Severity name={page.severity} rank={names.rank(page.severity)} />
            <span class="grow">
              <Link href={`/t/${tenant.value ?? ""}/incidents/${page.id}`}>{page.title}</Link>
              <span class="small soft when">{w.others(names.person(page.acknowledgedBy ?? ""))}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nothing to do, and when there may be. */
function Clear({ shifts, names }: { readonly shifts: readonly UserShift[] | null; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const [first] = shifts ?? [];
  const present = (shifts ?? []).filter((each) => Date.parse(each.from) <= slowly.value);
  return (
    <section class="clear">
      <Icon name="check" size={40} />
      <h2>{w.clear}</h2>
      <p>{w.clearText}</p>
      {present.map((shift) => (
        <p key={shift.schedule}>
          {w.onNow(names.schedule(shift.schedule), whole(Date.parse(shift.to), zoneOf(shift.schedule, names)))}
        </p>
      ))}
      {present.length === 0 && first !== undefined && (
        <p>
          {w.onNext(
            names.schedule(first.schedule),
            wholeSpan(Date.parse(first.from), Date.parse(first.to), zoneOf(first.schedule, names)),
            duration(Date.parse(first.from) - slowly.value),
          )}
        </p>
      )}
      {shifts?.length === 0 && <p>{w.offAll}</p>}
    </section>
  );
}
