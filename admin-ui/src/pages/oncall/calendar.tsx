// Owns the calendar of one schedule: a day, two weeks or a month; pressing a moment explains it, dragging makes an override,
// overrides are moved by drag and by arrow keys.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Override, ShiftsAnswer } from "../../lib/shapes-oncall.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { offsetAt } from "../../lib/zones.ts";
import { finalLane, layerLanes, overrideLanes } from "./lanes.ts";
import { Strip, type Bar, type Chosen, type Lane } from "./strip.tsx";

const words = catalogue({
  en: {
    keys: "Arrow keys move an override, with Shift its end; Enter opens it.",
  },
  es: {
    keys: "Las flechas mueven una sustitución, con Mayús su final; Intro la abre.",
  },
});

const minute = 60_000;
const hour = 60 * minute;
const dragPx = 5;
/** After the last arrow key: one save for a run of them. */
const restMs = 700;

interface Held {
  readonly mode: "choose" | "move" | "start" | "end";
  readonly override: Override | null;
  readonly track: HTMLElement;
  readonly x: number;
  readonly at: number;
  readonly dragged: boolean;
  readonly span: Chosen;
}

export function Calendar({
  strips,
  zone,
  other,
  step,
  shifts,
  overrides,
  person,
  layerName,
  withLayers,
  mayChange,
  onExplain,
  onChoose,
  onMove,
  onOpen,
}: {
  /** Stretches below each other, epoch ms. */
  readonly strips: readonly Chosen[];
  readonly zone: string;
  readonly other: string;
  /** What a drag snaps to, ms. */
  readonly step: number;
  readonly shifts: ShiftsAnswer;
  readonly overrides: readonly Override[];
  readonly person: (user: string) => string;
  readonly layerName: (layer: string) => string;
  readonly withLayers: boolean;
  readonly mayChange: boolean;
  readonly onExplain: (at: number) => void;
  readonly onChoose: (span: Chosen) => void;
  readonly onMove: (override: Override, span: Chosen) => void;
  readonly onOpen: (override: Override) => void;
}): JSX.Element {
  const [held, setHeld] = useState<Held | null>(null);
  const [keyed, setKeyed] = useState<{ readonly override: Override; readonly span: Chosen } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const unsaved = useRef<{ readonly override: Override; readonly span: Chosen } | null>(null);
  const save = useRef(onMove);
  save.current = onMove;
  function saveNow(): void {
    clearTimeout(timer.current);
    const moved = unsaved.current;
    unsaved.current = null;
    if (moved !== null) save.current(moved.override, moved.span);
  }
  // Whoever goes elsewhere within that rest has moved it all the same.
  useEffect(() => {
    window.addEventListener("pagehide", saveNow);
    return () => {
      window.removeEventListener("pagehide", saveNow);
      saveNow();
    };
  }, []);

  const snap = (at: number): number => {
    const offset = offsetAt(at, zone);
    return Math.round((at + offset) / step) * step - offset;
  };
  function down(event: PointerEvent & { readonly currentTarget: HTMLElement }): void {
    const target = event.target as HTMLElement;
    const track = target.closest<HTMLElement>(".track");
    if (track === null || event.button !== 0) return;
    const id = target.closest<HTMLElement>("[data-override]")?.dataset["override"];
    const override = overrides.find((each) => each.id === id) ?? null;
    const at = timeIn(track, event.clientX);
    const edge = target.dataset["edge"] as "start" | "end" | undefined;
    const span = override === null ? { from: at, to: at } : spanOf(override);
    const mode = override === null ? "choose" : override.state === "current" ? "end" : (edge ?? "move");
    setHeld({ mode, override, track, x: event.clientX, at, dragged: false, span });
    // What a finger drags is not the page.
    if (event.pointerType !== "mouse" && override === null && !track.classList.contains("live")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
  }
  function drag(event: PointerEvent): void {
    if (held === null) return;
    if (!held.dragged && Math.abs(event.clientX - held.x) < dragPx) return;
    if (!mayChange || (held.override === null && !held.track.classList.contains("live"))) return;
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>(".track") ?? held.track;
    setHeld({ ...held, dragged: true, span: dragged(held, timeIn(over, event.clientX), snap, step) });
  }
  function up(): void {
    const done = held;
    setHeld(null);
    if (done === null) return;
    if (!done.dragged) {
      if (done.override === null) onExplain(done.at);
      else onOpen(done.override);
    } else if (done.override === null) onChoose(done.span);
    else if (!same(done.span, spanOf(done.override))) onMove(done.override, done.span);
  }
  function key(event: KeyboardEvent, bar: Bar): void {
    const override = overrides.find((each) => each.id === bar.override);
    const by = event.key === "ArrowLeft" ? -step : event.key === "ArrowRight" ? step : 0;
    if (override === undefined || !mayChange || by === 0) return;
    event.preventDefault();
    // Presses may follow each other faster than they are drawn.
    const moved = unsaved.current ?? keyed;
    const present = moved?.override.id === override.id ? moved.span : spanOf(override);
    const onlyEnd = event.shiftKey || override.state === "current";
    const span = {
      from: onlyEnd ? present.from : present.from + by,
      to: Math.max(present.to + by, (onlyEnd ? present.from : present.from + by) + step),
    };
    if (unsaved.current !== null && unsaved.current.override.id !== override.id) saveNow();
    setKeyed({ override, span });
    unsaved.current = { override, span };
    clearTimeout(timer.current);
    timer.current = setTimeout(saveNow, restMs);
  }
  // What the keys moved stays where they put it until the hub's answer is there.
  useEffect(() => setKeyed(null), [overrides]);
  function press(bar: Bar): void {
    const override = overrides.find((each) => each.id === bar.override);
    if (override !== undefined) onOpen(override);
    else onExplain(Date.now() > bar.from && Date.now() < bar.to ? Date.now() : bar.from);
  }
  const moving =
    held?.dragged && held.override !== null
      ? { id: held.override.id, ...held.span }
      : keyed === null
        ? null
        : { id: keyed.override.id, ...keyed.span };
  const lanes: readonly Lane[] = [
    ...(withLayers ? layerLanes(shifts, layerName, person) : []),
    ...overrideLanes(overrides, person, moving),
    finalLane(shifts, person),
  ];
  return (
    <div
      class="calendar stack"
      onPointerDown={down}
      onPointerMove={drag}
      onPointerUp={up}
      onPointerCancel={() => setHeld(null)}
      onKeyDown={(event) => event.key === "Escape" && setHeld(null)}
    >
      {strips.map(({ from, to }) => (
        <Strip
          key={from}
          from={from}
          to={to}
          zone={zone}
          other={other}
          lanes={lanes.filter(
            (lane) =>
              lane.strong || lane.bars.some((bar) => bar.from < to && bar.to > from) || (lane.id === "overrides-0" && withLayers),
          )}
          chosen={held?.dragged && held.override === null ? held.span : null}
          onKey={key}
          onPress={press}
        />
      ))}
      {mayChange && overrides.length > 0 && <p class="soft small for-keys">{said(words).keys}</p>}
    </div>
  );
}

function timeIn(track: HTMLElement, x: number): number {
  const { left, width } = track.getBoundingClientRect();
  const [from, to] = [Number(track.dataset["from"]), Number(track.dataset["to"])];
  return from + (Math.min(Math.max(x - left, 0), width) / width) * (to - from);
}

function spanOf({ from, to }: Override): Chosen {
  return { from: Date.parse(from), to: Date.parse(to) };
}

function same(a: Chosen, b: Chosen): boolean {
  return a.from === b.from && a.to === b.to;
}

function dragged({ mode, override, at }: Held, now: number, snap: (at: number) => number, step: number): Chosen {
  if (override === null) {
    const [from, to] = [snap(Math.min(at, now)), snap(Math.max(at, now))];
    return { from, to: Math.max(to, from + step) };
  }
  const { from, to } = spanOf(override);
  if (mode === "start") return { from: Math.min(snap(now), to - step), to };
  if (mode === "end") return { from, to: Math.max(snap(to + now - at), from + step) };
  const begins = snap(from + now - at);
  return { from: begins, to: begins + (to - from) };
}

export const stepOf = (view: string): number => (view === "day" ? 15 * minute : hour);
