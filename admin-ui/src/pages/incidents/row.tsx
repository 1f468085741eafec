// Owns one incident in the list.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { Severity, Status } from "../../design/marks.tsx";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { IncidentRow, Pending } from "../../lib/shapes.ts";
import { countdown, dateTime, duration, now, slowly } from "../../lib/time.ts";
import { words } from "./words.ts";

interface RowProps {
  readonly row: IncidentRow;
  /** Its place among `of`: not all of them are there. */
  readonly n: number;
  readonly of: number;
  readonly names: Directory;
  readonly href: string;
  readonly picked: boolean;
  /** Null: whoever looks may do nothing with it. */
  readonly onPick: ((picked: boolean) => void) | null;
}

export function Row({ row, n, of, names, href, picked, onPick }: RowProps): JSX.Element {
  const w = said(words);
  const rank = names.rank(row.severity);
  const team = names.teamOf(row.service);
  const about = [
    row.service === null ? w.noService : names.service(row.service),
    team === null ? null : names.team(team),
    names.source(row.source),
  ];
  return (
    <li
      class={`incident rank-${Math.min(rank, 3)} ${row.status} ${onPick === null ? "read" : ""}`}
      data-incident={row.id}
      data-row={n}
      aria-posinset={n + 1}
      aria-setsize={of}
    >
      {onPick !== null && (
        <label class="pick">
          <input
            type="checkbox"
            checked={picked}
            aria-label={w.select(row.title)}
            onChange={(event) => onPick(event.currentTarget.checked)}
          />
        </label>
      )}
      <Severity name={row.severity} rank={rank} />
      <div class="what">
        <Link class="title" href={href}>
          {row.title}
        </Link>
        <p class="about cut">
          {about.filter((each) => each !== null).join(" · ")}
          {row.test && ` · ${w.test}`}
        </p>
      </div>
      <div class="state">
        <Status status={row.status} snoozed={row.snoozedUntil !== null} />
        <span class="soft cut">{whoHas(row, names)}</span>
      </div>
      <Next next={row.next} status={row.status} names={names} />
      <time class="age num" dateTime={row.openedAt} title={dateTime(row.openedAt)}>
        {ageText(slowly.value - Date.parse(row.openedAt))}
      </time>
    </li>
  );
}

/** Seconds that jump by ten tell nothing. */
function ageText(ms: number): string {
  return ms < 60_000 ? said(words).fresh : duration(ms);
}

function whoHas(row: IncidentRow, names: Directory): string {
  const w = said(words);
  if (row.acknowledgedBy !== null) return names.person(row.acknowledgedBy);
  if (row.status !== "triggered") return "";
  return row.assignees.length === 0 ? w.nobody : w.paged(row.assignees.map((id) => names.person(id)).join(", "));
}

/** Alone, so that the seconds draw nothing else anew. */
function Next({
  next,
  status,
  names,
}: {
  /** Undefined: the list does not know. */
  readonly next: Pending | null | undefined;
  readonly status: IncidentRow["status"];
  readonly names: Directory;
}): JSX.Element {
  if (next === null || next === undefined || status === "resolved" || status === "merged")
    // Nobody has it and nobody is still to be woken: an empty place would look like calm.
    return (
      <span class="next">{status === "triggered" && next === null && <span class="over">{said(words).nobodyNext}</span>}</span>
    );
  const left = Date.parse(next.at) - now.value;
  return (
    <span class="next">
      <b>{left <= 0 ? said(words).soon : countdown(left)}</b>
      <span class="soft">{pendingText(next, names)}</span>
    </span>
  );
}

export function pendingText(item: Pending, names: Directory): string {
  const what = item.user === null ? String(item.step ?? "") : names.person(item.user);
  return said(words).kinds[item.kind]?.(what) ?? item.kind;
}
