// Owns the dialog of an override: who is on call in whose place, from when to when.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { useSaving } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { Override, OverrideKind } from "../../lib/shapes-oncall.ts";
import { dateTime, duration, viewerZone } from "../../lib/time.ts";
import { cityOf, instantOfWall, sameClock, wallOf } from "../../lib/zones.ts";
import { changeOverride, endOverride, makeOverride, type OverrideDraft } from "./override-actions.ts";

const words = catalogue({
  en: {
    make: "Override",
    change: "Change the override",
    kind: "What happens",
    kinds: {
      "take-over": "One person takes over, alone",
      replace: "One person stands in for another",
      add: "One person is on call as well",
      clear: "Nobody is on call",
    },
    who: "Who",
    replaces: "In place of",
    anybody: "Whoever is on call",
    layer: "Where",
    whole: "The whole schedule",
    from: "From",
    to: "Until",
    zone: (city: string, text: string) => `${text} in ${city}`,
    lasts: (text: string) => `Lasts ${text}.`,
    running: "It has begun: only its end can still change.",
    clearNote: "Pages of this schedule will go to nobody, or to its fallback, for that time.",
    save: "Save override",
    end: "End it now",
    remove: "Remove it",
    cancel: "Cancel",
    bad: "A date and a time",
    document: "It comes from the configuration document.",
  },
  es: {
    make: "Sustitución",
    change: "Cambiar la sustitución",
    kind: "Qué ocurre",
    kinds: {
      "take-over": "Una persona toma la guardia, sola",
      replace: "Una persona sustituye a otra",
      add: "Una persona más está de guardia",
      clear: "Nadie está de guardia",
    },
    who: "Quién",
    replaces: "En lugar de",
    anybody: "Quien esté de guardia",
    layer: "Dónde",
    whole: "Todo el calendario",
    from: "Desde",
    to: "Hasta",
    zone: (city: string, text: string) => `${text} en ${city}`,
    lasts: (text: string) => `Dura ${text}.`,
    running: "Ya ha empezado: solo puede cambiar su final.",
    clearNote: "Durante ese tiempo los avisos de este calendario no llegarán a nadie, o a su reserva.",
    save: "Guardar sustitución",
    end: "Terminarla ahora",
    remove: "Quitarla",
    cancel: "Cancelar",
    bad: "Una fecha y una hora",
    document: "Viene del documento de configuración.",
  },
});

export interface OverrideStart {
  readonly from: number;
  readonly to: number;
  readonly user?: string | null;
  readonly replaces?: string | null;
  readonly kind?: OverrideKind;
}

export function OverrideDialog({
  schedule,
  zone,
  layers = [],
  start,
  present = null,
  onClose,
}: {
  readonly schedule: string;
  readonly zone: string;
  readonly layers?: readonly { readonly id: string; readonly name: string }[];
  readonly start: OverrideStart;
  /** The one to change; null: a new one. */
  readonly present?: Override | null;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const { users, schedule: nameOf } = useDirectory();
  const saving = useSaving();
  const [kind, setKind] = useState<OverrideKind>(present?.kind ?? start.kind ?? "take-over");
  const [user, setUser] = useState(present?.user ?? start.user ?? "");
  const [replaces, setReplaces] = useState(present?.replaces ?? start.replaces ?? "");
  const [only, setOnly] = useState<readonly string[]>(present?.layers ?? []);
  const [from, setFrom] = useState(wallOf(present ? Date.parse(present.from) : start.from, viewerZone));
  const [to, setTo] = useState(wallOf(present ? Date.parse(present.to) : start.to, viewerZone));
  const running = present?.state === "current";
  const people = users
    .filter((each) => each.active)
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map((each) => ({ value: each.id, text: each.name }));
  const chosen = user === "" ? (people[0]?.value ?? "") : user;
  const [begins, ends] = [instantOfWall(from, viewerZone), instantOfWall(to, viewerZone)];

  function hintOf(at: number | null): string | undefined {
    return at === null || sameClock(zone, viewerZone, at) ? undefined : w.zone(cityOf(zone), dateTime(at, zone));
  }
  async function save(): Promise<void> {
    const draft: OverrideDraft = {
      kind,
      user: kind === "clear" ? null : chosen,
      replaces: (kind === "replace" || kind === "clear") && replaces !== "" ? replaces : null,
      layers: only.length === 0 ? null : only,
      from: begins ?? 0,
      to: ends ?? 0,
    };
    const done = await saving.save(null, () =>
      present === null ? makeOverride(schedule, draft) : changeOverride(schedule, present, draft),
    );
    if (done) onClose();
  }
  async function end(): Promise<void> {
    if (present !== null && (await saving.save(null, () => endOverride(schedule, present)))) onClose();
  }
  const fieldsWrong = ["user", "replaces", "from", "to", "kind", "layers", ...only.map((_, i) => `layers[${i}]`)].some(
    (path) => saving.wrongAt(path) !== null,
  );
  return (
    <Dialog
      title={`${present === null ? w.make : w.change} · ${nameOf(schedule)}`}
      onClose={onClose}
      onSubmit={() => void save()}
    >
      {running && <p class="note info">{w.running}</p>}
      {present?.origin === "document" && <p class="note info">{w.document}</p>}
      {!running && (
        <>
          <SelectField
            label={w.kind}
            value={kind}
            onChange={(value) => setKind(value as OverrideKind)}
            wrong={saving.wrongAt("kind")}
            choices={(["take-over", "replace", "add", "clear"] as const).map((value) => ({ value, text: w.kinds[value] }))}
          />
          {kind === "clear" ? (
            <p class="note">{w.clearNote}</p>
          ) : (
            <SelectField label={w.who} value={chosen} onChange={setUser} wrong={saving.wrongAt("user")} choices={people} />
          )}
          {(kind === "replace" || kind === "clear") && (
            <SelectField
              label={w.replaces}
              value={replaces}
              onChange={setReplaces}
              wrong={saving.wrongAt("replaces")}
              choices={[{ value: "", text: kind === "clear" ? w.anybody : "—" }, ...people]}
            />
          )}
          {layers.length > 1 && (
            <LayerChoice
              layers={layers}
              chosen={only}
              wrong={["layers", ...only.map((_, i) => `layers[${i}]`)].map(saving.wrongAt).find((each) => each !== null) ?? null}
              onChange={setOnly}
            />
          )}
          <TextField
            label={w.from}
            type="datetime-local"
            value={from}
            onInput={setFrom}
            required
            hint={hintOf(begins)}
            wrong={saving.wrongAt("from")}
          />
        </>
      )}
      <TextField
        label={w.to}
        type="datetime-local"
        value={to}
        onInput={setTo}
        required
        hint={hintOf(ends)}
        wrong={saving.wrongAt("to")}
      />
      {begins !== null && ends !== null && ends > begins && <p class="soft small">{w.lasts(duration(ends - begins))}</p>}
      {saving.problem !== null && !fieldsWrong && <Trouble problem={saving.problem} />}
      <div class="actions">
        {present !== null && (
          <Button tone="bad" onClick={end}>
            {running ? w.end : w.remove}
          </Button>
        )}
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" type="submit" busy={saving.busy} disabled={begins === null || ends === null}>
          {w.save}
        </Button>
      </div>
    </Dialog>
  );
}

/** None chosen is the whole schedule. */
function LayerChoice({
  layers,
  chosen,
  wrong,
  onChange,
}: {
  readonly layers: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly wrong: string | null;
  readonly onChange: (chosen: readonly string[]) => void;
}): JSX.Element {
  const w = said(words);
  // In the schedule's order; one that is no longer there stays until somebody takes it away.
  const known = [...layers, ...chosen.filter((id) => !layers.some((each) => each.id === id)).map((id) => ({ id, name: id }))];
  const toggled = (id: string): readonly string[] =>
    known.map((each) => each.id).filter((each) => (each === id ? !chosen.includes(id) : chosen.includes(each)));
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.layer}</legend>
      <div class="chips">
        <button type="button" class="chip" aria-pressed={chosen.length === 0} onClick={() => onChange([])}>
          {w.whole}
        </button>
        {known.map(({ id, name }) => (
          <button key={id} type="button" class="chip" aria-pressed={chosen.includes(id)} onClick={() => onChange(toggled(id))}>
            {name}
          </button>
        ))}
      </div>
      {wrong !== null && <p class="wrong">{wrong}</p>}
    </fieldset>
  );
}
