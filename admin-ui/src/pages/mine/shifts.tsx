// Owns a person's shifts: when, in both zones, and giving one away.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { OnCallNow, UserShift } from "../../lib/shapes-oncall.ts";
import { whole, wholeSpan } from "../../lib/span-text.ts";
import { duration, slowly } from "../../lib/time.ts";
import { GiveDialog, TakeDialog } from "./hand-over.tsx";
import { words } from "./words.ts";

const shownFirst = 4;

export function Shifts({
  shifts,
  names,
  offline,
}: {
  readonly shifts: readonly UserShift[];
  readonly names: Directory;
  readonly offline: boolean;
}): JSX.Element {
  const w = said(words);
  const [all, setAll] = useState(false);
  const [giving, setGiving] = useState<UserShift | null>(null);
  const shown = all ? shifts : shifts.slice(0, shownFirst);
  return (
    <section class="card" aria-labelledby="my-shifts">
      <header>
        <h2 id="my-shifts">{w.shifts}</h2>
      </header>
      {shifts.length === 0 && <p class="body soft">{w.noShifts}</p>}
      <ul class="lines">
        {shown.map((shift) => (
          <li key={`${shift.schedule}/${shift.from}`}>
            <ShiftText shift={shift} names={names} />
            {!offline && (
              <Button size="small" icon="swap" onClick={() => setGiving(shift)}>
                {w.give}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {shifts.length > shownFirst && !all && (
        <Button tone="quiet" onClick={() => setAll(true)}>
          {w.moreShifts(shifts.length - shownFirst)}
        </Button>
      )}
      {giving !== null && <GiveDialog shift={giving} names={names} onClose={() => setGiving(null)} />}
    </section>
  );
}

export function zoneOf(schedule: string, names: Directory): string {
  return names.schedules.find((each) => each.id === schedule)?.timeZone ?? names.timeZone;
}

function ShiftText({ shift, names }: { readonly shift: UserShift; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const [from, to] = [Date.parse(shift.from), Date.parse(shift.to)];
  const zone = zoneOf(shift.schedule, names);
  const present = from <= slowly.value;
  return (
    <span class="grow">
      <strong>{names.schedule(shift.schedule)}</strong>
      {present && <span class="badge go">{w.now}</span>}
      <span class="small soft num when">{present ? w.nowUntil(whole(to, zone)) : wholeSpan(from, to, zone)}</span>
    </span>
  );
}

/** Who is on call elsewhere, and taking over from them. */
export function OnCallNowList({
  items,
  me,
  names,
  offline,
}: {
  readonly items: readonly OnCallNow[];
  readonly me: string;
  readonly names: Directory;
  readonly offline: boolean;
}): JSX.Element | null {
  const w = said(words);
  const [taking, setTaking] = useState<OnCallNow | null>(null);
  if (items.length === 0) return null;
  return (
    <section class="card" aria-labelledby="on-call-now">
      <header>
        <h2 id="on-call-now">{w.onCall}</h2>
      </header>
      <ul class="lines">
        {items.map((item) => (
          <li key={item.schedule}>
            <span class="grow">
              <strong>{names.schedule(item.schedule)}</strong>
              <span class="small soft when">
                {item.users.length === 0 ? w.onCallNobody : item.users.map((user) => names.person(user)).join(", ")}
                {item.to !== null && ` · ${duration(Date.parse(item.to) - slowly.value)}`}
              </span>
            </span>
            {!offline && !item.users.includes(me) && (
              <Button size="small" onClick={() => setTaking(item)}>
                {w.take}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {taking !== null && <TakeDialog item={taking} me={me} names={names} onClose={() => setTaking(null)} />}
    </section>
  );
}
