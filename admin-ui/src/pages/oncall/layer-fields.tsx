// Owns the fields of one layer: whose turns, how they pass on, when it is on call at all.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Field, TextField } from "../../design/field.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { replaced, without } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { Day, LayerWords } from "../../lib/shapes-oncall.ts";
import { HoursWindow } from "./hours-window.tsx";
import { Slots } from "./slots.tsx";
import { everyOf, layerSummary } from "./summary.ts";

const words = catalogue({
  en: {
    name: "Name",
    start: "Starts",
    startHint: "Turns are handed over at this time of day.",
    every: "A turn lasts",
    count: "How many",
    units: { h: "hours", d: "days", w: "weeks", mo: "months", rule: "as a rule says (RRULE)" },
    rule: "Rule",
    ruleHint: "RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,FR",
    handoff: "First handoff",
    handoffHint: "Where it is not one turn after the start.",
    hours: "Only at these hours",
    always: "At all hours.",
    addHours: "Restrict to hours",
    more: "More",
    zone: "Time zone of this layer",
    zoneHint: "Where it is not the schedule's: follow the sun.",
    end: "Ends",
    shadow: "Watching along: shown, never paged",
    skip: "A turn without any hour of duty is not used up",
    remove: "Remove this layer",
  },
  es: {
    name: "Nombre",
    start: "Empieza",
    startHint: "El relevo es a esta hora del día.",
    every: "Un turno dura",
    count: "Cuántos",
    units: { h: "horas", d: "días", w: "semanas", mo: "meses", rule: "según una regla (RRULE)" },
    rule: "Regla",
    ruleHint: "RFC 5545, como FREQ=WEEKLY;BYDAY=MO,FR",
    handoff: "Primer relevo",
    handoffHint: "Si no es un turno después del inicio.",
    hours: "Solo en estas horas",
    always: "A todas horas.",
    addHours: "Limitar a unas horas",
    more: "Más",
    zone: "Zona horaria de esta capa",
    zoneHint: "Si no es la del calendario: seguir al sol.",
    end: "Termina",
    shadow: "De observación: se muestra, no recibe avisos",
    skip: "Un turno sin ninguna hora de guardia no se gasta",
    remove: "Quitar esta capa",
  },
});

const workdays: readonly Day[] = ["MO", "TU", "WE", "TH", "FR"];

export function LayerFields({
  layer,
  at,
  zone,
  wrongAt,
  onChange,
  onRemove,
}: {
  readonly layer: LayerWords;
  /** Its place in the list: errors name it. */
  readonly at: number;
  readonly zone: string;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (layer: LayerWords) => void;
  readonly onRemove: () => void;
}): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const path = `layers[${at}]`;
  const wrong = (field: string): string | null => wrongAt(`${path}.${field}`);
  const [more, setMore] = useState(layer.timeZone !== undefined || layer.end !== null || layer.shadow);
  const { rotation } = layer;
  const byRule = "rrule" in rotation;
  const { n, unit } = byRule ? { n: 1, unit: "w" as const } : everyOf(rotation.every);
  const handoff = byRule ? undefined : rotation.handoff;
  const every = (count: number, of: string): LayerWords["rotation"] => ({
    every: `${count}${of}`,
    ...(handoff === undefined ? {} : { handoff }),
  });
  return (
    <div class="stack layer">
      <p class="summary">{layerSummary(layer, zone, person)}</p>
      {wrongAt(path) !== null && <p class="wrong">{wrongAt(path)}</p>}
      <Slots slots={layer.users} path={`${path}.users`} wrongAt={wrongAt} onChange={(users) => onChange({ ...layer, users })} />
      <div class="form-grid">
        <TextField
          label={w.name}
          value={layer.name ?? ""}
          placeholder={layer.id}
          wrong={wrong("name")}
          onInput={(name) => onChange(name === "" ? dropped(layer, "name") : { ...layer, name })}
        />
        <TextField
          label={w.start}
          type="datetime-local"
          value={layer.start.slice(0, 16)}
          hint={w.startHint}
          wrong={wrong("start")}
          onInput={(start) => onChange({ ...layer, start })}
        />
        <Field label={w.every} wrong={wrong("rotation.every") ?? wrong("rotation")}>
          {(tied) => (
            <div class="pair">
              {!byRule && (
                <input
                  class="input"
                  type="number"
                  min={1}
                  aria-label={w.count}
                  value={n}
                  onInput={(event) =>
                    onChange({ ...layer, rotation: every(Math.max(1, Number(event.currentTarget.value) || 1), unit) })
                  }
                />
              )}
              <select
                class="input"
                value={byRule ? "rule" : unit}
                {...tied}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  onChange({ ...layer, rotation: value === "rule" ? { rrule: "FREQ=WEEKLY;BYDAY=MO" } : every(n, value) });
                }}
              >
                {(["h", "d", "w", "mo", "rule"] as const).map((value) => (
                  <option key={value} value={value}>
                    {w.units[value]}
                  </option>
                ))}
              </select>
            </div>
          )}
        </Field>
        {byRule ? (
          <TextField
            label={w.rule}
            value={rotation.rrule}
            hint={w.ruleHint}
            wrong={wrong("rotation.rrule")}
            onInput={(rrule) => onChange({ ...layer, rotation: { rrule } })}
          />
        ) : (
          <TextField
            label={w.handoff}
            type="datetime-local"
            value={handoff?.slice(0, 16) ?? ""}
            hint={w.handoffHint}
            wrong={wrong("rotation.handoff")}
            onInput={(value) =>
              onChange({ ...layer, rotation: { every: rotation.every, ...(value === "" ? {} : { handoff: value }) } })
            }
          />
        )}
      </div>
      <fieldset class="stack-s">
        <legend class="legend-label">{w.hours}</legend>
        {layer.restrictions.length === 0 && <p class="soft small">{w.always}</p>}
        {layer.restrictions.map((each, i) => (
          <HoursWindow
            key={i}
            hours={each}
            wrong={(field) => wrong(`restrictions[${i}]${field === "" ? "" : `.${field}`}`)}
            onChange={(hours) => onChange({ ...layer, restrictions: replaced(layer.restrictions, i, hours) })}
            onRemove={() => onChange({ ...layer, restrictions: without(layer.restrictions, i) })}
          />
        ))}
        <div>
          <Button
            size="small"
            icon="plus"
            onClick={() =>
              onChange({ ...layer, restrictions: [...layer.restrictions, { days: workdays, from: "09:00", to: "17:00" }] })
            }
          >
            {w.addHours}
          </Button>
        </div>
      </fieldset>
      <details open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
        <summary>{w.more}</summary>
        <div class="stack-s">
          <div class="form-grid">
            <TextField
              label={w.zone}
              value={layer.timeZone ?? ""}
              placeholder={zone}
              hint={w.zoneHint}
              wrong={wrong("timeZone")}
              onInput={(timeZone) => onChange(timeZone === "" ? dropped(layer, "timeZone") : { ...layer, timeZone })}
            />
            <TextField
              label={w.end}
              type="datetime-local"
              value={layer.end?.slice(0, 16) ?? ""}
              wrong={wrong("end")}
              onInput={(end) => onChange({ ...layer, end: end === "" ? null : end })}
            />
          </div>
          <Tick label={w.shadow} checked={layer.shadow} onChange={(shadow) => onChange({ ...layer, shadow })} />
          <Tick
            label={w.skip}
            checked={layer.skipEmptyTurns}
            onChange={(skipEmptyTurns) => onChange({ ...layer, skipEmptyTurns })}
          />
          <div>
            <Button size="small" tone="bad" icon="trash" onClick={onRemove}>
              {w.remove}
            </Button>
          </div>
        </div>
      </details>
    </div>
  );
}

function dropped<K extends keyof LayerWords>(layer: LayerWords, key: K): LayerWords {
  const { [key]: _gone, ...rest } = layer;
  return rest as unknown as LayerWords;
}

export function Tick({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}): JSX.Element {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
