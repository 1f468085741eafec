// Owns who is on call now: by schedule or by team, with why, until when and who is next; when nobody will be; my own shifts.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useSearchParams } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { PersonMark } from "../../design/marks.tsx";
import { OutOfReach } from "../../design/reach.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import type { Gap, OnCallNow, UserShift } from "../../lib/shapes-oncall.ts";
import { dateTime, duration, slowly, viewerZone } from "../../lib/time.ts";
import type { PageProps } from "../../pages.ts";
import { ExplainDialog } from "./explain-dialog.tsx";
import { Feeds } from "./feeds.tsx";
import { namesOf } from "./lanes.ts";
import { whole, wholeSpan } from "../../lib/span-text.ts";
import { OverrideDialog } from "./override-dialog.tsx";
import "./oncall.css";
import "../../design/spans.css";

const words = catalogue({
  en: {
    title: "On call",
    now: (text: string) => `As of ${text}, ${viewerZone}`,
    group: "Group",
    bySchedule: "By schedule",
    byTeam: "By team",
    noTeam: "Of no team",
    make: "New schedule",
    none: "No schedule yet",
    noneWhy: "A schedule says who is on call when. Policies page whoever that is, so nobody has to be named twice.",
    nobody: "Nobody is on call",
    meant: "Nobody, on purpose",
    away: "No page can reach them: pages go to the schedule's fallback, where it has one",
    until: (at: string, left: string) => `until ${at} (${left})`,
    open: "with no end in sight",
    next: "Next",
    noNext: "Nobody else in the year to come.",
    from: (at: string) => `from ${at}`,
    why: "Why?",
    takeOver: "Take over",
    override: "Override",
    shadow: (names: string) => `Watching along, never paged: ${names}`,
    because: {
      layer: (layer: string) => `Layer ${layer}`,
      layers: "Several layers together",
      override: (override: string) => `Override ${override}`,
      fallback: "The schedule's fallback: nobody else is on call",
    },
    gapsTitle: (n: number) => (n === 1 ? "One gap in the next 7 days" : `${n} gaps in the next 7 days`),
    unreached: (names: string) => `on call but cannot be paged: ${names}`,
    more: (n: number) => `and ${n} more`,
    noGaps: "No gap in the next 7 days: there is always somebody who can be paged.",
    mine: "My shifts",
    mineNone: "You are not on call in the next four weeks.",
    present: "now",
    inTime: (text: string) => `in ${text}`,
  },
  es: {
    title: "De guardia",
    now: (text: string) => `A las ${text}, ${viewerZone}`,
    group: "Agrupar",
    bySchedule: "Por calendario",
    byTeam: "Por equipo",
    noTeam: "De ningún equipo",
    make: "Nuevo calendario",
    none: "Aún no hay calendarios",
    noneWhy:
      "Un calendario dice quién está de guardia y cuándo. Las políticas avisan a quien sea, sin nombrar a nadie dos veces.",
    nobody: "Nadie está de guardia",
    meant: "Nadie, a propósito",
    away: "Ningún aviso les llega: van a la reserva del calendario, si la tiene",
    until: (at: string, left: string) => `hasta ${at} (${left})`,
    open: "sin final a la vista",
    next: "Después",
    noNext: "Nadie más en el próximo año.",
    from: (at: string) => `desde ${at}`,
    why: "¿Por qué?",
    takeOver: "Tomar la guardia",
    override: "Sustituir",
    shadow: (names: string) => `De observación, sin avisos: ${names}`,
    because: {
      layer: (layer: string) => `Capa ${layer}`,
      layers: "Varias capas a la vez",
      override: (override: string) => `Sustitución ${override}`,
      fallback: "La reserva del calendario: no hay nadie más de guardia",
    },
    gapsTitle: (n: number) => (n === 1 ? "Un hueco en los próximos 7 días" : `${n} huecos en los próximos 7 días`),
    unreached: (names: string) => `de guardia pero no se le puede avisar: ${names}`,
    more: (n: number) => `y ${n} más`,
    noGaps: "Ningún hueco en los próximos 7 días: siempre hay alguien a quien avisar.",
    mine: "Mis turnos",
    mineNone: "No estás de guardia en las próximas cuatro semanas.",
    present: "ahora",
    inTime: (text: string) => `en ${text}`,
  },
});

const weekMs = 7 * 86_400_000;
const hourMs = 3_600_000;
const gapsShown = 3;

export default function OnCall(_: PageProps): JSX.Element {
  const w = said(words);
  const directory = useDirectory();
  const [search, setSearch] = useSearchParams();
  const byTeam = search.get("by") === "team";
  const answer = useRead(
    "oncall",
    () => call("getOncall", { query: { gapsUntil: new Date(Date.now() + weekMs).toISOString() } }),
    { everyMs: 60_000 },
  );
  const items = answer.data?.items ?? [];
  const [overriding, setOverriding] = useState<OnCallNow | null>(null);
  const [explained, setExplained] = useState<OnCallNow | null>(null);
  const me = session.value?.user ?? "";
  const isPerson = directory.users.some((each) => each.id === me && each.active);
  const scheduleOf = (id: string) => directory.schedules.find((each) => each.id === id);
  const cards = (list: readonly OnCallNow[]): JSX.Element => (
    <div class="duties">
      {list.map((item) => (
        <Duty
          key={item.schedule}
          item={item}
          directory={directory}
          onExplain={() => setExplained(item)}
          onOverride={allowed("createOverride") ? () => setOverriding(item) : null}
          takeOver={isPerson && !item.users.includes(me)}
        />
      ))}
    </div>
  );
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft small num">{w.now(dateTime(slowly.value))}</p>
        </div>
        <div class="row">
          <div class="chips" role="group" aria-label={w.group}>
            {([false, true] as const).map((each) => (
              <button
                key={String(each)}
                type="button"
                class="chip"
                aria-pressed={byTeam === each}
                onClick={() => setSearch(each ? { by: "team" } : {}, { replace: true })}
              >
                {each ? w.byTeam : w.bySchedule}
              </button>
            ))}
          </div>
          {allowed("createSchedule") && (
            <Link class="button" href={`/t/${tenant.value}/oncall/schedules/-/edit`}>
              <Icon name="plus" size={18} />
              {w.make}
            </Link>
          )}
        </div>
      </div>
      <Withheld by="createOverride" />
      {answer.error !== null && <Trouble problem={answer.error} onAgain={() => refresh("oncall")} />}
      {answer.data === null && answer.error === null && <Skeleton lines={6} />}
      {answer.data !== null && items.length === 0 && (
        <div class="card">
          <Empty icon="calendar" title={w.none}>
            <p>{w.noneWhy}</p>
            {allowed("createSchedule") && (
              <Link class="button go" href={`/t/${tenant.value}/oncall/schedules/-/edit`}>
                {w.make}
              </Link>
            )}
          </Empty>
        </div>
      )}
      {items.length > 0 &&
        (byTeam
          ? teamsOf(items, directory).map(({ team, inside }) => (
              <section key={team ?? ""} class="stack" aria-label={team === null ? w.noTeam : directory.team(team)}>
                <h2 class="group-title">{team === null ? w.noTeam : directory.team(team)}</h2>
                {cards(inside)}
              </section>
            ))
          : cards(items))}
      {isPerson && (
        <div class="side-by-side">
          <MyShifts user={me} directory={directory} />
          <Feeds kind="user" id={me} />
        </div>
      )}
      {overriding !== null && (
        <OverrideDialog
          schedule={overriding.schedule}
          zone={scheduleOf(overriding.schedule)?.timeZone ?? viewerZone}
          start={{
            from: Math.floor(Date.now() / 60_000) * 60_000,
            to: overriding.to === null ? Date.now() + 8 * hourMs : Date.parse(overriding.to),
            user: isPerson ? me : null,
          }}
          onClose={() => setOverriding(null)}
        />
      )}
      {explained !== null && (
        <ExplainDialog
          schedule={explained.schedule}
          zone={scheduleOf(explained.schedule)?.timeZone ?? viewerZone}
          at={Date.now()}
          onOverride={null}
          onClose={() => setExplained(null)}
        />
      )}
    </>
  );
}

function teamsOf(items: readonly OnCallNow[], directory: Directory): { team: string | null; inside: readonly OnCallNow[] }[] {
  const teamOf = (item: OnCallNow): string | null => directory.schedules.find((each) => each.id === item.schedule)?.team ?? null;
  return [...directory.teams.map((each) => each.id), null]
    .map((team) => ({ team, inside: items.filter((item) => teamOf(item) === team) }))
    .filter(({ inside }) => inside.length > 0);
}

function Duty({
  item,
  directory,
  takeOver,
  onExplain,
  onOverride,
}: {
  readonly item: OnCallNow;
  readonly directory: Directory;
  readonly takeOver: boolean;
  readonly onExplain: () => void;
  readonly onOverride: (() => void) | null;
}): JSX.Element {
  const w = said(words);
  const { person } = directory;
  const zone = directory.schedules.find((each) => each.id === item.schedule)?.timeZone ?? viewerZone;
  const gaps = item.gaps?.filter((gap) => !gap.onPurpose) ?? [];
  const end = item.to === null ? null : Date.parse(item.to);
  const away = item.users.length > 0 && item.users.every((user) => directory.outOfReach(user) !== null);
  const meant = item.gaps?.some((gap) => gap.onPurpose && Date.parse(gap.from) <= slowly.value + 60_000) ?? false;
  return (
    <article class="card duty" aria-labelledby={`duty-${item.schedule}`}>
      <h2 class="name" id={`duty-${item.schedule}`}>
        <Link href={`/t/${tenant.value}/oncall/schedules/${item.schedule}`}>{directory.schedule(item.schedule)}</Link>
      </h2>
      {item.users.length === 0 ? (
        <p class="nobody hatch">
          <Icon name="warn" size={18} />
          <span>{meant ? w.meant : w.nobody}</span>
        </p>
      ) : (
        <div class="who">
          {item.users.map((user) => (
            <span key={user} class="row">
              <PersonMark name={person(user)} />
              <OutOfReach user={user} names={directory} />
            </span>
          ))}
        </div>
      )}
      {away && (
        <p class="gap-note">
          <Icon name="warn" size={16} />
          <span>{w.away}</span>
        </p>
      )}
      <div class="stack-s small">
        <p class="num">{end === null ? w.open : w.until(whole(end, zone), duration(end - slowly.value))}</p>
        {item.users.length > 0 && <p class="soft">{becauseOf(item.why)}</p>}
        {item.shadow !== undefined && <p class="soft">{w.shadow(namesOf(item.shadow, person))}</p>}
        <p>
          <span class="soft">{w.next}: </span>
          {item.next === null ? (
            <span class="soft">{w.noNext}</span>
          ) : (
            <>
              {namesOf(item.next.users, person)} <span class="soft num">{w.from(whole(Date.parse(item.next.from), zone))}</span>
            </>
          )}
        </p>
      </div>
      <Gaps gaps={gaps} zone={zone} person={person} />
      <div class="foot">
        {onOverride !== null && (
          <Button size="small" icon="swap" onClick={onOverride}>
            {takeOver ? w.takeOver : w.override}
          </Button>
        )}
        <Button size="small" tone="quiet" onClick={onExplain}>
          {w.why}
        </Button>
      </div>
    </article>
  );
}

function becauseOf({ layer, layerName, override, fallback }: OnCallNow["why"]): string {
  const { because } = said(words);
  if (fallback) return because.fallback;
  if (override !== null) return because.override(override);
  return layer === null ? because.layers : because.layer(layerName ?? layer);
}

function Gaps({
  gaps,
  zone,
  person,
}: {
  readonly gaps: readonly Gap[];
  readonly zone: string;
  readonly person: (id: string) => string;
}): JSX.Element {
  const w = said(words);
  if (gaps.length === 0) return <p class="soft small">{w.noGaps}</p>;
  return (
    <div class="gap-note">
      <Icon name="warn" size={16} />
      <div>
        <p>{w.gapsTitle(gaps.length)}</p>
        <ul>
          {gaps.slice(0, gapsShown).map((gap) => (
            <li key={gap.from} class="num" style={{ fontWeight: 400 }}>
              {wholeSpan(Date.parse(gap.from), Date.parse(gap.to), zone)} ({duration(Date.parse(gap.to) - Date.parse(gap.from))})
              {gap.outOfReach !== undefined && `, ${w.unreached(namesOf(gap.outOfReach, person))}`}
            </li>
          ))}
          {gaps.length > gapsShown && <li style={{ fontWeight: 400 }}>{w.more(gaps.length - gapsShown)}</li>}
        </ul>
      </div>
    </div>
  );
}

function MyShifts({ user, directory }: { readonly user: string; readonly directory: Directory }): JSX.Element {
  const w = said(words);
  const shifts = useRead("oncall/mine", () => call("getUserShifts", { id: user }));
  return (
    <section class="card" aria-labelledby="mine">
      <header>
        <h2 id="mine">{w.mine}</h2>
      </header>
      <div class="body">
        {shifts.error !== null && <Trouble problem={shifts.error} onAgain={() => refresh("oncall/mine")} />}
        {shifts.data === null && shifts.error === null && <Skeleton lines={2} />}
        {shifts.data?.items.length === 0 && <p class="soft">{w.mineNone}</p>}
        <ul class="stack-s">
          {shifts.data?.items.slice(0, 8).map((shift) => (
            <Mine key={shift.schedule + shift.from} shift={shift} directory={directory} />
          ))}
        </ul>
      </div>
    </section>
  );
}

function Mine({ shift, directory }: { readonly shift: UserShift; readonly directory: Directory }): JSX.Element {
  const w = said(words);
  const zone = directory.schedules.find((each) => each.id === shift.schedule)?.timeZone ?? viewerZone;
  const away = Date.parse(shift.from) - slowly.value;
  const to = Date.parse(shift.to);
  // The hub's clock may be a little ahead of the browser's.
  const present = away < 60_000;
  return (
    <li class="spread kept">
      <span>
        <Link href={`/t/${tenant.value}/oncall/schedules/${shift.schedule}`}>{directory.schedule(shift.schedule)}</Link>
        <br />
        <span class="soft small num">
          {present ? w.until(whole(to, zone), duration(to - slowly.value)) : wholeSpan(Date.parse(shift.from), to, zone)}
        </span>
      </span>
      <span class={`badge ${present ? "go" : ""}`}>{present ? w.present : w.inTime(duration(away))}</span>
    </li>
  );
}
