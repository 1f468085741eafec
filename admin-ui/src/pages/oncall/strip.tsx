// Owns a stretch of days drawn as lanes: layers, overrides, who is on call in the end, gaps. Everything it shows was computed by
// the hub; it only places it.

import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../../design/icon.tsx";
import { hueOf } from "../../design/marks.tsx";
import { catalogue, language, said } from "../../lib/messages.ts";
import { clock, dateTime, slowly } from "../../lib/time.ts";
import { addDays, cityOf, dayStart, sameClock } from "../../lib/zones.ts";
import "../../design/spans.css";

export interface Bar {
  readonly key: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly kind: "shift" | "gap" | "meant" | "override" | "shadow";
  /** Names, as they are read. */
  readonly name: string;
  /** Whose colour it has, where the name says more than that. */
  readonly of?: string;
  /** More than the name, for who points at it or hears it. */
  readonly more?: string;
  /** May be moved, and opened, under this id. */
  readonly override?: string;
}

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly strong?: boolean;
  /** Presses and drags mean something here. */
  readonly live?: boolean;
  readonly bars: readonly Bar[];
}

const words = catalogue({
  en: { gap: "Nobody", meant: "Nobody, on purpose", until: (from: string, to: string) => `${from} until ${to}` },
  es: { gap: "Nadie", meant: "Nadie, a propósito", until: (from: string, to: string) => `${from} hasta ${to}` },
});

export interface Chosen {
  readonly from: number;
  readonly to: number;
}

export function Strip({
  from,
  to,
  zone,
  other = null,
  lanes,
  chosen = null,
  onKey,
  onPress,
}: {
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  /** Also shown beside, where its clock is another. */
  readonly other?: string | null;
  readonly lanes: readonly Lane[];
  readonly chosen?: Chosen | null;
  readonly onKey?: (event: KeyboardEvent, bar: Bar, lane: Lane) => void;
  /** Pressed by the keyboard; a pointer is the calendar's. */
  readonly onPress?: (bar: Bar, lane: Lane) => void;
}): JSX.Element {
  const days = daysIn(from, to, zone);
  const hourly = days.length <= 1;
  const ticks = hourly ? hoursIn(from, to) : days;
  const place = (at: number): string => `${(100 * (Math.min(Math.max(at, from), to) - from)) / (to - from)}%`;
  const width = (a: number, b: number): string => `${(100 * (Math.min(b, to) - Math.max(a, from))) / (to - from)}%`;
  const present = slowly.value;
  const shown = other !== null && !sameClock(zone, other, from) ? other : null;
  return (
    <div class="strip">
      <span class="lane-name" />
      <div class="axis" aria-hidden="true">
        {ticks.map((tick, i) => (
          <span
            key={tick}
            class={!hourly && dayStart(present, zone) === tick ? "today" : ""}
            style={{ left: place(tick), width: width(tick, ticks[i + 1] ?? to) }}
          >
            {hourly ? clock(tick, zone).slice(0, 5) : <DayName at={tick} zone={zone} />}
          </span>
        ))}
      </div>
      {shown !== null && (
        <>
          <span class="lane-name" aria-hidden="true">
            {cityOf(shown)}
          </span>
          <div class="axis other" aria-hidden="true">
            {ticks.map((tick, i) => (
              <span key={tick} style={{ left: place(tick), width: width(tick, ticks[i + 1] ?? to) }}>
                {clock(tick, shown).slice(0, 5)}
              </span>
            ))}
          </div>
        </>
      )}
      {lanes.map((lane) => (
        <LaneRow key={lane.id} lane={lane} from={from} to={to}>
          {ticks.slice(1).map((tick) => (
            <span key={tick} class="grid-line" style={{ left: place(tick) }} />
          ))}
          {lane.bars
            .filter((bar) => bar.from < to && bar.to > from)
            .map((bar) => (
              <BarMark
                key={bar.key}
                bar={bar}
                zone={zone}
                style={{ left: place(bar.from), width: width(bar.from, bar.to) }}
                share={(Math.min(bar.to, to) - Math.max(bar.from, from)) / (to - from)}
                onKey={onKey && ((event) => onKey(event, bar, lane))}
                onPress={onPress && (() => onPress(bar, lane))}
              />
            ))}
          {present > from && <span class="past" style={{ width: place(present) }} />}
          {present > from && present < to && <span class="now-line" style={{ left: place(present) }} />}
          {lane.live && chosen !== null && chosen.from < to && chosen.to > from && (
            <span class="chosen" style={{ left: place(chosen.from), width: width(chosen.from, chosen.to) }} />
          )}
        </LaneRow>
      ))}
    </div>
  );
}

function LaneRow({
  lane,
  from,
  to,
  children,
}: {
  readonly lane: Lane;
  readonly from: number;
  readonly to: number;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <>
      <span class={`lane-name cut ${lane.strong ? "strong" : ""}`} title={lane.name}>
        {lane.name}
      </span>
      <div
        class={`track ${lane.strong ? "final" : ""} ${lane.live ? "live" : ""}`}
        role="group"
        aria-label={lane.name}
        data-lane={lane.id}
        data-from={from}
        data-to={to}
      >
        {children}
      </div>
    </>
  );
}

function BarMark({
  bar,
  zone,
  style,
  share,
  onKey,
  onPress,
}: {
  readonly bar: Bar;
  readonly zone: string;
  readonly style: Readonly<Record<string, string>>;
  /** Of the whole strip: what has little room says less. */
  readonly share: number;
  readonly onKey?: ((event: KeyboardEvent) => void) | undefined;
  readonly onPress?: (() => void) | undefined;
}): JSX.Element {
  const w = said(words);
  const name = bar.kind === "gap" ? w.gap : bar.kind === "meant" ? w.meant : bar.name;
  const whole = [name, w.until(dateTime(bar.from, zone), dateTime(bar.to, zone)), bar.more].filter(Boolean).join(" · ");
  const kinds = { shift: "", gap: "gap", meant: "gap meant", override: "over", shadow: "shadowed" };
  const thin = share < 0.05;
  const short = thin ? shortOf(name) : share < 0.11 ? (name.split(/[\s,]/)[0] ?? name) : name;
  const movable = bar.kind === "override" && bar.override !== undefined;
  const inside = (
    <>
      {!thin && bar.kind === "gap" && <Icon name="warn" size={14} />}
      {share >= 0.11 && bar.kind === "override" && <Icon name="swap" size={14} />}
      <span class="cut">{short}</span>
      {movable && (
        <>
          <i class="edge start" data-edge="start" />
          <i class="edge end" data-edge="end" />
        </>
      )}
    </>
  );
  const attributes = {
    class: `span ${kinds[bar.kind]} ${thin ? "thin" : ""} ${movable ? "movable" : ""}`,
    style: { ...style, "--hue": String(hueOf(bar.of ?? bar.name)) },
    title: whole,
    "data-bar": bar.key,
    ...(bar.override === undefined ? {} : { "data-override": bar.override }),
  };
  if (onPress === undefined) return <span {...attributes}>{inside}</span>;
  return (
    <button
      type="button"
      {...attributes}
      aria-label={whole}
      onKeyDown={onKey}
      // A press of a pointer is told apart from a drag by the calendar around.
      onClick={(event) => event.detail === 0 && onPress()}
    >
      {inside}
    </button>
  );
}

function shortOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word.slice(0, 1))
    .join("");
}

function daysIn(from: number, to: number, zone: string): number[] {
  const days: number[] = [];
  for (let day = dayStart(from, zone); day < to && days.length < 62; day = addDays(day, 1, zone)) days.push(Math.max(day, from));
  return days;
}

function hoursIn(from: number, to: number): number[] {
  const hours: number[] = [];
  for (let hour = from; hour < to; hour += 3 * 3_600_000) hours.push(hour);
  return hours;
}

/** On a phone below each other. */
function DayName({ at, zone }: { readonly at: number; readonly zone: string }): JSX.Element {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : "es", { ...options, timeZone: zone }).format(at);
  return (
    <>
      <b>{part({ weekday: "short" })}</b> <b>{part({ day: "numeric" })}</b>
    </>
  );
}
