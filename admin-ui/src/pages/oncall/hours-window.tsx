// Owns a weekly window of hours while it is edited: the days it begins on, from and to.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { catalogue, said } from "../../lib/messages.ts";
import type { Restriction } from "../../lib/shapes-oncall.ts";
import "./hours-window.css";
import { dayName, days } from "./summary.ts";

const words = catalogue({
  en: { days: "Days it begins on", from: "From", to: "To", drop: "Remove these hours" },
  es: { days: "Días en que empieza", from: "Desde", to: "Hasta", drop: "Quitar estas horas" },
});

export function HoursWindow({
  hours,
  wrong,
  onChange,
  onRemove,
}: {
  readonly hours: Restriction;
  readonly wrong: (field: string) => string | null;
  readonly onChange: (hours: Restriction) => void;
  readonly onRemove: () => void;
}): JSX.Element {
  const w = said(words);
  const chosen = hours.days;
  const problem = wrong("") ?? wrong("days") ?? wrong("from") ?? wrong("to");
  return (
    <div class="hours">
      <div class="chips" role="group" aria-label={w.days}>
        {days.map((day, i) => (
          <button
            key={day}
            type="button"
            class="chip"
            aria-pressed={chosen.includes(day)}
            onClick={() => {
              const next = days.filter((each) => (each === day ? !chosen.includes(day) : chosen.includes(each)));
              if (next.length > 0) onChange({ ...hours, days: next });
            }}
          >
            {dayName(i, "short")}
          </button>
        ))}
      </div>
      <div class="row">
        <input
          class="input clock"
          type="time"
          aria-label={w.from}
          value={hours.from}
          onInput={(event) => event.currentTarget.value !== "" && onChange({ ...hours, from: event.currentTarget.value })}
        />
        –
        <input
          class="input clock"
          type="time"
          aria-label={w.to}
          // A field for times knows no 24:00; 00:00 is the next day's, which is the same.
          value={hours.to === "24:00" ? "00:00" : hours.to}
          onInput={(event) => event.currentTarget.value !== "" && onChange({ ...hours, to: event.currentTarget.value })}
        />
        <Button size="small" tone="quiet" icon="trash" label={w.drop} onClick={onRemove} />
      </div>
      {problem !== null && <p class="wrong">{problem}</p>}
    </div>
  );
}
