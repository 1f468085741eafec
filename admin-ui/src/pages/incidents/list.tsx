// Owns the live list of incidents: filters in the address, keyboard, several at once.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { useKeys } from "../../lib/keys.ts";
import { kept } from "../../lib/kept.ts";
import { lazy } from "../../lib/lazy.tsx";
import { link, useIncidentChanges } from "../../lib/live.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import type { IncidentRow } from "../../lib/shapes.ts";
import type { PageProps } from "../../pages.ts";
import { acknowledge, resolve } from "./act.ts";
import { AskEscalate } from "./ask-escalate.tsx";
import { fits, isPlain, queryOf, readFilter, shows, writeFilter, type Filter } from "./filter.ts";
import { fresh, newer, readChanged } from "./fresh.ts";
import { Rows } from "./rows.tsx";
import { words } from "./words.ts";
import "./list.css";

const Declare = lazy(() => import("./declare.tsx"));
const StartCard = lazy(() => import("../start/card.tsx"));
const pageSize = 100;
/** The projection that lists are read from is behind by up to three seconds (the core's flush.everyMs). */
const settledMs = 4_000;

export default function Incidents(_: PageProps): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [location, go] = useLocation();
  const search = useSearch();
  const filter = useMemo(() => readFilter(search), [search]);
  const [declaring, setDeclaring] = useState(false);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const { rows, read, more } = useRows(filter, names);
  const base = `/t/${tenant.value ?? ""}/incidents`;
  const mayAct = allowed("ack");
  // Whoever could set the tenant up is reminded until it is; a browser that knows better does not ask.
  const [remind] = useState(() => allowed("createIntegration") && kept(`start.${tenant.value}`) === null);
  const list = useRef<HTMLUListElement>(null);
  const [asking, setAsking] = useState<readonly string[] | null>(null);

  function change(next: Partial<Filter>): void {
    const text = writeFilter({ ...filter, ...next });
    go(text === "" ? location : `${location}?${text}`, { replace: true });
  }
  function pick(id: string, on: boolean): void {
    const next = new Set(picked);
    if (on) next.add(id);
    else next.delete(id);
    setPicked(next);
  }
  const chosen = picked.size === 0 ? [] : rows.filter((row) => picked.has(row.id));
  /** What a key acts on: what is picked, else where the focus is. */
  function meant(): readonly string[] {
    if (chosen.length > 0) return chosen.map((row) => row.id);
    const at = focused(list.current);
    return at === null ? [] : [at];
  }
  async function act(work: (ids: readonly string[]) => Promise<void>, ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || !mayAct) return;
    await work(ids);
    setPicked(new Set());
  }
  useListKeys({
    list,
    onAck: () => void act(acknowledge, meant()),
    onResolve: () => void act(resolve, meant()),
    onEscalate: () => {
      const ids = meant();
      if (ids.length > 0 && mayAct) setAsking(ids);
    },
    onDeclare: () => mayAct && setDeclaring(true),
    onPick: () => {
      const at = focused(list.current);
      if (at !== null && mayAct) pick(at, !picked.has(at));
    },
  });
  return (
    <>
      <div class="page-head">
        <div class="row">
          <h1>{w.title}</h1>
          <span class={`link-state ${link.value}`}>
            <span class="dot" />
            {link.value === "live" ? w.live : w.asking}
          </span>
        </div>
        {mayAct && (
          <Button icon="plus" onClick={() => setDeclaring(true)}>
            {w.declare}
          </Button>
        )}
      </div>
      {remind && <StartCard />}
      <Filters filter={filter} names={names} onChange={change} />
      {read.data?.degraded === true && <p class="note">{w.degraded}</p>}
      <Withheld by="ack" />
      {read.error !== null && <Trouble problem={read.error} onAgain={() => refresh("incidents")} />}
      {read.data === null && read.error === null && <Skeleton lines={8} />}
      {read.data !== null && rows.length === 0 && (
        <None filter={filter} onClear={() => change({ severity: "", service: "", team: "", mine: false, q: "" })} />
      )}
      {rows.length > 0 && (
        <div class="card incidents">
          <div class={`list-head ${mayAct ? "" : "read"}`} aria-hidden="true">
            {mayAct && <span />}
            <span>{w.severity}</span>
            <span />
            <span>{w.status}</span>
            <span>{w.next}</span>
            <span>{w.age}</span>
          </div>
          <Rows rows={rows} list={list} label={w.title} base={base} names={names} picked={picked} onPick={mayAct ? pick : null} />
        </div>
      )}
      {more !== null && <More onMore={more} />}
      {chosen.length > 0 && mayAct && (
        <div class="bulk" role="region" aria-label={w.selected(chosen.length)}>
          <strong>{w.selected(chosen.length)}</strong>
          <Button tone="go" onClick={() => act(acknowledge, meant())}>
            {w.ack}
          </Button>
          <Button onClick={() => act(resolve, meant())}>{w.resolve}</Button>
          <Button tone="quiet" onClick={() => setPicked(new Set())}>
            {w.unselect}
          </Button>
        </div>
      )}
      {declaring && <Declare onClose={() => setDeclaring(false)} onDone={(id: string) => go(`${base}/${id}`)} />}
      {asking !== null && <AskEscalate ids={asking} onClose={() => setAsking(null)} />}
    </>
  );
}

/** The first page is read again and again; later pages are kept as they came. What is newer elsewhere is laid over. */
function useRows(filter: Filter, names: Directory) {
  const text = writeFilter(filter);
  const read = useRead(`incidents?${text}`, () => call("listIncidents", { query: { ...queryOf(filter), limit: pageSize } }));
  const [later, setLater] = useState<{
    readonly of: string;
    readonly rows: readonly IncidentRow[];
    readonly next: string | null;
  } | null>(null);
  const own = later?.of === text ? later : null;
  const settle = useRef<ReturnType<typeof setTimeout>>();
  function readWhenSettled(): void {
    clearTimeout(settle.current);
    settle.current = setTimeout(() => refresh("incidents"), settledMs);
  }
  // What happened just before the first reading is not in it yet either.
  useEffect(() => {
    readWhenSettled();
    return () => clearTimeout(settle.current);
  }, [text]);
  useIncidentChanges((ids) => {
    if (ids !== null && !readChanged(ids)) refresh("incidents");
    readWhenSettled();
  });
  // Thousands of rows are put together anew only when one of them is.
  const known = fresh.value;
  const rows = useMemo(() => together(read.data, own, filter, names), [read.data, own, known, filter, names, tenant.value]);
  const next = own === null ? (read.data?.next ?? null) : own.next;
  async function more(): Promise<void> {
    if (next === null) return;
    const page = await call("listIncidents", { query: { ...queryOf(filter), limit: pageSize, cursor: next } }).catch(() => null);
    if (page !== null) setLater({ of: text, rows: [...(own?.rows ?? []), ...page.items], next: page.next });
  }
  return { rows, read, more: next === null ? null : more };
}

type Read = Awaited<ReturnType<typeof call<"listIncidents">>>;

/** What was read, with what is newer elsewhere laid over; the newest first. */
function together(
  read: Read | null,
  later: { readonly rows: readonly IncidentRow[]; readonly next: string | null } | null,
  filter: Filter,
  names: Directory,
): readonly IncidentRow[] {
  if (read === null) return [];
  const listed = new Map([...read.items, ...(later?.rows ?? [])].map((row) => [row.id, newer(row)]));
  const prefix = `${tenant.value ?? ""}/`;
  const last = later === null ? read.next : later.next;
  // One that is older than what was read so far belongs to a later page.
  const oldest = last ? [...listed.keys()].at(-1) : undefined;
  for (const [key, row] of fresh.value)
    if (key.startsWith(prefix) && !listed.has(row.id) && (oldest === undefined || row.id > oldest)) listed.set(row.id, row);
  return [...listed.values()].filter((row) => fits(row, filter, names)).toSorted((a, b) => (a.id < b.id ? 1 : -1));
}

/** Reads on by itself when it comes into view; a press does it too. */
function More({ onMore }: { readonly onMore: () => Promise<void> }): JSX.Element {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(onMore);
  latest.current = onMore;
  useEffect(() => {
    let busy = false;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true || busy) return;
        busy = true;
        void latest.current().finally(() => (busy = false));
      },
      { rootMargin: "600px" },
    );
    if (end.current !== null) watch.observe(end.current);
    return () => watch.disconnect();
  });
  return (
    <div ref={end} class="row" style={{ justifyContent: "center" }}>
      <Button onClick={onMore}>{said(words).more}</Button>
    </div>
  );
}

function None({ filter, onClear }: { readonly filter: Filter; readonly onClear: () => void }): JSX.Element {
  const w = said(words);
  if (isPlain(filter))
    return (
      <div class="card">
        <Empty icon="check" title={filter.show === "open" ? w.calm : w.noFit}>
          {filter.show === "open" && <p>{w.calmText}</p>}
        </Empty>
      </div>
    );
  return (
    <div class="card">
      <Empty icon="search" title={w.noFit}>
        <Button onClick={onClear}>{w.clear}</Button>
      </Empty>
    </div>
  );
}

function Filters({
  filter,
  names,
  onChange,
}: {
  readonly filter: Filter;
  readonly names: Directory;
  readonly onChange: (next: Partial<Filter>) => void;
}): JSX.Element {
  const w = said(words);
  const [q, setQ] = useState(filter.q);
  const [open, setOpen] = useState(!isPlain(filter));
  useEffect(() => setQ(filter.q), [filter.q]);
  useEffect(() => {
    if (q === filter.q) return;
    const timer = setTimeout(() => onChange({ q }), 250);
    return () => clearTimeout(timer);
  }, [q]);
  const select = (
    label: string,
    value: string,
    options: readonly { readonly id: string; readonly name: string }[],
    set: (value: string) => void,
  ): JSX.Element => (
    <select class="input" aria-label={label} value={value} onChange={(event) => set(event.currentTarget.value)}>
      <option value="">{label}</option>
      {options.map((option) => (
        <option key={option.id} value={option.id}>
          {option.name}
        </option>
      ))}
    </select>
  );
  return (
    <div class="incident-tools">
      <div class="chips status" role="group" aria-label={w.status}>
        {shows.map((show) => (
          <button key={show} type="button" class="chip" aria-pressed={filter.show === show} onClick={() => onChange({ show })}>
            {w.shows[show]}
          </button>
        ))}
      </div>
      <div class={`selects ${open ? "all" : ""}`}>
        <input
          id="search"
          class="input"
          type="search"
          aria-label={w.search}
          placeholder={w.search}
          value={q}
          onInput={(event) => setQ(event.currentTarget.value)}
        />
        <button type="button" class="chip further" aria-expanded={open} onClick={() => setOpen(!open)}>
          {w.filters}
        </button>
        {select(
          w.severity,
          filter.severity,
          names.severities.map((id) => ({ id, name: id })),
          (severity) => onChange({ severity }),
        )}
        {select(w.service, filter.service, names.services, (service) => onChange({ service }))}
        {select(w.team, filter.team, names.teams, (team) => onChange({ team }))}
        {session.value?.tenant !== null && (
          <button type="button" class="chip" aria-pressed={filter.mine} onClick={() => onChange({ mine: !filter.mine })}>
            <Icon name="user" size={15} />
            {w.mine}
          </button>
        )}
      </div>
    </div>
  );
}

function focused(list: HTMLElement | null): string | null {
  const row = document.activeElement?.closest<HTMLElement>("[data-incident]");
  return row !== null && row !== undefined && list?.contains(row) === true ? (row.dataset["incident"] ?? null) : null;
}

interface ListKeys {
  readonly list: { readonly current: HTMLUListElement | null };
  readonly onAck: () => void;
  readonly onResolve: () => void;
  readonly onEscalate: () => void;
  readonly onDeclare: () => void;
  readonly onPick: () => void;
}

function useListKeys({ list, onAck, onResolve, onEscalate, onDeclare, onPick }: ListKeys): void {
  const w = said(words);
  function move(by: number): void {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-incident]") ?? [])];
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next?.querySelector<HTMLElement>(".title")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }
  useKeys([
    { key: "j", does: w.keyDown, run: () => move(1) },
    { key: "k", does: w.keyUp, run: () => move(-1) },
    { key: "Enter", does: w.keyOpen, run: () => (document.activeElement as HTMLElement | null)?.click() },
    { key: "x", does: w.keySelect, run: onPick },
    { key: "a", does: w.keyAck, run: onAck },
    { key: "r", does: w.keyResolve, run: onResolve },
    { key: "e", does: w.keyEscalate, run: onEscalate },
    { key: "n", does: w.keyDeclare, run: onDeclare },
    { key: "/", does: w.keySearch, run: () => document.querySelector<HTMLElement>("#search")?.focus() },
  ]);
}
