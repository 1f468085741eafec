// Owns one schedule's page: its calendar, who is on call now, its overrides, its calendar addresses.

import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Link, useSearchParams } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Missing } from "../../design/missing.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { useKeys } from "../../lib/keys.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import type { Override } from "../../lib/shapes-oncall.ts";
import { dateTime, slowly, viewerZone } from "../../lib/time.ts";
import { cityOf, dayStart, sameClock, wallOf } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import { Calendar, stepOf } from "./calendar.tsx";
import { ExplainDialog } from "./explain-dialog.tsx";
import { Feeds } from "./feeds.tsx";
import { finalBars, overrideText } from "./lanes.ts";
import { moveOverride } from "./override-actions.ts";
import { layerSummary } from "./summary.ts";
import { wholeSpan } from "../../lib/span-text.ts";
import { OverrideDialog, type OverrideStart } from "./override-dialog.tsx";
import type { Chosen } from "./strip.tsx";
import { period, shifted, stripsOf, views } from "./view.ts";
import "../../design/editing.css";
import "./oncall.css";

const words = catalogue({
  en: {
    back: "On call",
    edit: "Edit",
    override: "Override",
    views: { day: "Day", "two-weeks": "Two weeks", month: "Month" },
    view: "View",
    earlier: "Earlier",
    later: "Later",
    today: "Today",
    layers: "Layers",
    mine: (city: string) => `${city} (yours)`,
    zone: "Times in",
    hint: "Press any moment to see why; drag along it to make an override.",
    hintRead: "Press any moment to see why.",
    legend: { over: "Override", gap: "Nobody", meant: "Nobody, on purpose" },
    gaps: (n: number) => (n === 1 ? "Nobody is on call once in this view" : `Nobody is on call ${n} times in this view`),
    list: "The same as a list",
    who: "On call",
    from: "From",
    to: "Until",
    nobody: "Nobody",
    meant: "Nobody, on purpose",
    rules: "How it turns",
    noLayers: "No layer yet: nobody is on call. Edit the schedule to add one.",
    coming: "Overrides to come",
    none: "None. Drag along the calendar, or press “o”.",
    document: "from the document",
    by: (name: string) => `by ${name}`,
    calendar: (n: number) => `Shifts come from a calendar with ${n} events.`,
    calendarError: "The calendar could not be read last time:",
  },
  es: {
    back: "De guardia",
    edit: "Editar",
    override: "Sustitución",
    views: { day: "Día", "two-weeks": "Dos semanas", month: "Mes" },
    view: "Vista",
    earlier: "Antes",
    later: "Después",
    today: "Hoy",
    layers: "Capas",
    mine: (city: string) => `${city} (la tuya)`,
    zone: "Horas en",
    hint: "Pulsa cualquier momento para ver por qué; arrastra para crear una sustitución.",
    hintRead: "Pulsa cualquier momento para ver por qué.",
    legend: { over: "Sustitución", gap: "Nadie", meant: "Nadie, a propósito" },
    gaps: (n: number) =>
      n === 1 ? "Nadie está de guardia una vez en esta vista" : `Nadie está de guardia ${n} veces en esta vista`,
    list: "Lo mismo como lista",
    who: "De guardia",
    from: "Desde",
    to: "Hasta",
    nobody: "Nadie",
    meant: "Nadie, a propósito",
    rules: "Cómo gira",
    noLayers: "Aún no hay capas: nadie está de guardia. Edita el calendario para añadir una.",
    coming: "Próximas sustituciones",
    none: "Ninguna. Arrastra por el calendario o pulsa «o».",
    document: "del documento",
    by: (name: string) => `por ${name}`,
    calendar: (n: number) => `Los turnos vienen de un calendario con ${n} eventos.`,
    calendarError: "La última vez no se pudo leer el calendario:",
  },
});

export default function SchedulePage({ params }: PageProps): JSX.Element {
  const w = said(words);
  const id = params["schedule"] ?? "";
  const directory = useDirectory();
  const { person } = directory;
  const own = directory.schedules.find((each) => each.id === id);
  const scheduleZone = own?.timeZone ?? viewerZone;
  const [search, setSearch] = useSearchParams();
  const narrow = window.matchMedia("(max-width: 44rem)").matches;
  const view = views.find((each) => each === search.get("view")) ?? "two-weeks";
  const zone = search.get("zone") === "schedule" ? scheduleZone : viewerZone;
  const asked = Date.parse(`${search.get("day") ?? ""}T12:00:00Z`);
  const day = dayStart(Number.isNaN(asked) ? slowly.value : asked, zone);
  const withLayers = (search.get("layers") ?? (view === "month" ? "no" : "yes")) === "yes";
  const strips = useMemo(() => stripsOf(view, day, zone), [view, day, zone]);
  const [from, to] = [strips[0]?.from ?? day, strips.at(-1)?.to ?? day];
  const [explained, setExplained] = useState<number | null>(null);
  const [making, setMaking] = useState<OverrideStart | null>(null);
  const [opened, setOpened] = useState<Override | null>(null);
  const mayChange = allowed("createOverride");

  const key = `oncall/${id}/shifts?${from}-${to}`;
  const shifts = useRead(key, () =>
    call("getShifts", { id, query: { from: new Date(from).toISOString(), to: new Date(to).toISOString(), layers: true } }),
  );
  const overrides = useRead(`oncall/${id}/overrides`, () => call("listOverrides", { id, query: { past: true } }));
  const definition = useRead(`schedules/${id}`, () => call("getSchedule", { id }));
  const layers = (definition.data?.layers ?? []).map((layer) => ({ id: layer.id, name: layer.name ?? layer.id }));

  function show(changes: Readonly<Record<string, string | null>>): void {
    setSearch(
      (present) => {
        const next = new URLSearchParams(present);
        for (const [name, value] of Object.entries(changes))
          if (value === null) next.delete(name);
          else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  }
  const goTo = (at: number): void => show({ day: wallOf(at, zone).slice(0, 10) });
  const me = session.value?.user;
  const isPerson = directory.users.some((each) => each.id === me);
  function startNew(span?: Chosen): void {
    const at = Math.ceil(Date.now() / 900_000) * 900_000;
    setMaking({ from: span?.from ?? at, to: span?.to ?? at + 4 * 3_600_000, user: isPerson ? (me ?? null) : null });
  }
  useKeys([
    { key: "ArrowLeft", does: w.earlier, run: () => goTo(shifted(view, day, zone, -1)) },
    { key: "ArrowRight", does: w.later, run: () => goTo(shifted(view, day, zone, 1)) },
    { key: "t", does: w.today, run: () => show({ day: null }) },
    ...(mayChange ? [{ key: "o", does: w.override, run: () => startNew() }] : []),
  ]);
  const error = shifts.error ?? overrides.error;
  if (error?.status === 404) return <Missing what="schedule" id={id} problem={error} onAgain={() => refresh("oncall")} />;
  const gaps = shifts.data?.gaps.filter((gap) => !gap.onPurpose) ?? [];
  const coming = overrides.data?.items.filter((each) => each.state !== "past") ?? [];
  return (
    <>
      <div class="page-head">
        <div>
          <Link class="crumb" href={`/t/${tenant.value}/oncall`}>
            <Icon name="left" size={14} />
            {w.back}
          </Link>
          <h1>{own?.name ?? id}</h1>
        </div>
        <div class="row">
          {allowed("replaceSchedule") && (
            <Link class="button" href={`/t/${tenant.value}/oncall/schedules/${id}/edit`}>
              <Icon name="pen" size={18} />
              {w.edit}
            </Link>
          )}
          {mayChange && (
            <Button tone="go" icon="swap" onClick={() => startNew()}>
              {w.override}
            </Button>
          )}
        </div>
      </div>
      <section class="card" aria-label={period(view, day, zone)}>
        <header>
          <div class="row">
            <Button size="small" icon="left" label={w.earlier} onClick={() => goTo(shifted(view, day, zone, -1))} />
            <Button size="small" onClick={() => show({ day: null })}>
              {w.today}
            </Button>
            <Button size="small" icon="right" label={w.later} onClick={() => goTo(shifted(view, day, zone, 1))} />
            <h2>{period(view, day, zone)}</h2>
          </div>
          <div class="row">
            <div class="chips" role="group" aria-label={w.view}>
              {views.map((each) => (
                <button key={each} type="button" class="chip" aria-pressed={view === each} onClick={() => show({ view: each })}>
                  {w.views[each]}
                </button>
              ))}
              <button
                type="button"
                class="chip"
                aria-pressed={withLayers}
                onClick={() => show({ layers: withLayers ? "no" : "yes" })}
              >
                {w.layers}
              </button>
            </div>
            {!sameClock(scheduleZone, viewerZone, from) && (
              <select
                class="input zone-choice"
                aria-label={w.zone}
                value={zone === viewerZone ? "viewer" : "schedule"}
                onChange={(event) => show({ zone: event.currentTarget.value === "schedule" ? "schedule" : null })}
              >
                <option value="viewer">{w.mine(cityOf(viewerZone))}</option>
                <option value="schedule">{cityOf(scheduleZone)}</option>
              </select>
            )}
          </div>
        </header>
        <div class="body stack">
          {error !== null && <Trouble problem={error} onAgain={() => refresh("oncall")} />}
          {shifts.data === null && error === null && <Skeleton lines={6} />}
          {gaps.length > 0 && (
            <p class="gap-note">
              <Icon name="warn" size={16} />
              {w.gaps(gaps.length)}
            </p>
          )}
          {shifts.data !== null && (
            <Calendar
              strips={strips}
              zone={zone}
              other={zone === viewerZone ? scheduleZone : viewerZone}
              step={stepOf(view)}
              shifts={shifts.data}
              overrides={overrides.data?.items ?? []}
              person={person}
              layerName={(layer) => layers.find((each) => each.id === layer)?.name ?? layer}
              withLayers={withLayers && !(narrow && view === "month")}
              mayChange={mayChange}
              onExplain={setExplained}
              onChoose={startNew}
              onMove={(override, span) => void moveOverride(id, override, span)}
              onOpen={(override) =>
                mayChange && override.state !== "past" ? setOpened(override) : setExplained(Date.parse(override.from))
              }
            />
          )}
          <div class="spread">
            <p class="soft small">{mayChange ? w.hint : w.hintRead}</p>
            <p class="legend" aria-hidden="true">
              <span>
                <i class="span over" style={{ "--hue": "160" }} />
                {w.legend.over}
              </span>
              <span>
                <i class="span gap" />
                {w.legend.gap}
              </span>
              <span>
                <i class="span gap meant" />
                {w.legend.meant}
              </span>
            </p>
          </div>
          {shifts.data !== null && (
            <details>
              <summary>{w.list}</summary>
              <div class="scroll-x">
                <table class="table">
                  <thead>
                    <tr>
                      <th scope="col">{w.who}</th>
                      <th scope="col">{w.from}</th>
                      <th scope="col">{w.to}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {finalBars(shifts.data, person).map((bar) => (
                      <tr key={bar.key}>
                        <td>{bar.kind === "gap" ? w.nobody : bar.kind === "meant" ? w.meant : bar.name}</td>
                        <td class="num">{dateTime(bar.from, zone)}</td>
                        <td class="num">{dateTime(bar.to, zone)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </details>
          )}
        </div>
      </section>
      <div class="side-by-side">
        <section class="card" aria-labelledby="coming">
          <header>
            <h2 id="coming">{w.coming}</h2>
          </header>
          <div class="body">
            {coming.length === 0 && <p class="soft small">{w.none}</p>}
            <ul class="stack-s">
              {coming.map((each) => (
                <li key={each.id} class="spread kept">
                  <span>
                    <strong>{overrideText(each, person)}</strong>
                    <br />
                    <span class="soft small">
                      {wholeSpan(Date.parse(each.from), Date.parse(each.to), scheduleZone)} ·{" "}
                      {each.origin === "document" ? w.document : w.by(person(each.createdBy))}
                    </span>
                  </span>
                  {mayChange && <Button size="small" icon="pen" label={w.edit} onClick={() => setOpened(each)} />}
                </li>
              ))}
            </ul>
          </div>
        </section>
        <section class="card" aria-labelledby="rules">
          <header>
            <h2 id="rules">{w.rules}</h2>
          </header>
          <div class="body stack-s">
            <Withheld by="replaceSchedule" />
            {shifts.data?.layers?.length === 0 && <p class="soft">{w.noLayers}</p>}
            {definition.data?.layers.map((layer) => (
              <p key={layer.id}>
                <strong>{layer.name ?? layer.id}</strong>
                <br />
                <span class="soft small">{layerSummary(layer, scheduleZone, person)}</span>
              </p>
            ))}
            {shifts.data?.calendar !== undefined && <p class="soft small">{w.calendar(shifts.data.calendar.events)}</p>}
            {shifts.data?.calendar?.error != null && (
              <p class="note">
                {w.calendarError} {shifts.data.calendar.error}
              </p>
            )}
          </div>
        </section>
        {allowed("listScheduleFeeds") && <Feeds kind="schedule" id={id} />}
      </div>
      {explained !== null && (
        <ExplainDialog
          schedule={id}
          zone={scheduleZone}
          at={explained}
          onClose={() => setExplained(null)}
          onOverride={
            mayChange
              ? (span) => {
                  setExplained(null);
                  startNew(span);
                }
              : null
          }
        />
      )}
      {making !== null && (
        <OverrideDialog schedule={id} zone={scheduleZone} layers={layers} start={making} onClose={() => setMaking(null)} />
      )}
      {opened !== null && (
        <OverrideDialog
          schedule={id}
          zone={scheduleZone}
          layers={layers}
          present={opened}
          start={{ from: 0, to: 0 }}
          onClose={() => setOpened(null)}
        />
      )}
    </>
  );
}
