// Owns durations as the API writes them (`90s`, `8m`, `2h`): read out in words, and edited as a number and a unit.

import type { JSX } from "preact";
import { catalogue, said } from "../lib/messages.ts";
import { Field } from "./field.tsx";
import "./editing.css";

const words = catalogue({
  en: {
    units: { s: "seconds", m: "minutes", h: "hours", d: "days", w: "weeks" },
    short: { s: "s", m: "min", h: "h", d: "d", w: "wk" },
    unit: "Unit",
  },
  es: {
    units: { s: "segundos", m: "minutos", h: "horas", d: "días", w: "semanas" },
    short: { s: "s", m: "min", h: "h", d: "d", w: "sem" },
    unit: "Unidad",
  },
});

type Unit = "s" | "m" | "h" | "d" | "w";
const unitMs: Readonly<Record<Unit, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const shape = /^(\d{1,9})(s|m|h|d|w)$/;

/** Ms; null: it is none. */
export function durationMs(text: string): number | null {
  const found = shape.exec(text);
  return found === null ? null : Number(found[1]) * unitMs[found[2] as Unit];
}

/** `5 min`. What is no duration is said as it is. */
export function durationText(text: string): string {
  const found = shape.exec(text);
  return found === null ? text : `${found[1]} ${said(words).short[found[2] as Unit]}`;
}

export function DurationField({
  label,
  value,
  onChange,
  hint,
  wrong = null,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly wrong?: string | null;
}): JSX.Element {
  const w = said(words);
  const found = shape.exec(value);
  const [n, unit] = [found?.[1] ?? "", (found?.[2] ?? "m") as Unit];
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(tied) => (
        <div class="duration">
          <input
            class="input"
            type="number"
            min={0}
            inputMode="numeric"
            value={n}
            {...tied}
            onInput={(event) => onChange(`${event.currentTarget.value}${unit}`)}
          />
          <select
            class="input"
            aria-label={`${label}: ${w.unit}`}
            value={unit}
            onChange={(event) => onChange(`${n}${event.currentTarget.value}`)}
          >
            {(Object.keys(unitMs) as Unit[]).map((each) => (
              <option key={each} value={each}>
                {w.units[each]}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  );
}
