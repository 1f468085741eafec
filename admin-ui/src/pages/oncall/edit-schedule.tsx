// Owns editing a schedule, and making one: layers in order, who is on call when nobody is, and what saving would change.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { Missing } from "../../design/missing.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { Sortable } from "../../design/sortable.tsx";
import { Skeleton } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { moved, replaced, slugOf, useSaving, without, wordsOf } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { LayerWords, ScheduleWords } from "../../lib/shapes-oncall.ts";
import { viewerZone } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import { addDays, allZones, wallOf, weekStart } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import { FallbackField } from "./fallback-field.tsx";
import { LayerFields } from "./layer-fields.tsx";
import { Preview, usePreview } from "./schedule-preview.tsx";
import "./oncall.css";
import "./edit-schedule.css";

const words = catalogue({
  en: {
    make: "New schedule",
    edit: (name: string) => `Edit ${name}`,
    back: "On call",
    name: "Name",
    id: "Id",
    idHint: "What policies and the API call it. It stays.",
    zone: "Time zone",
    team: "Team",
    none: "None",
    combine: "Several layers",
    combines: { priority: "The one further down wins", union: "Everybody of any layer is on call" },
    layers: "Layers",
    layer: (n: number) => `Layer ${n}`,
    order: "Order of the layers",
    orderHint: "The last one that has anybody on call wins.",
    first: "Primary",
    add: "Add a layer",
    ical: "Calendar address (shifts come from it)",
    rollout: "The edit takes effect",
    rollouts: {
      now: "Now; whoever is on call stays until the next handoff",
      "after-shift": "After the present shift",
      "after-round": "After the present round",
    },
    save: "Save schedule",
    saved: "Schedule saved",
    later: "Saved; in force within a minute or two",
    remove: "Delete schedule",
    removeTitle: (name: string) => `Delete ${name}?`,
    removeWhy: "Its layers, overrides and calendar addresses go with it. Policies that page it must be changed first.",
    cancel: "Cancel",
    gone: "Schedule deleted",
  },
  es: {
    make: "Nuevo calendario",
    edit: (name: string) => `Editar ${name}`,
    back: "De guardia",
    name: "Nombre",
    id: "Id",
    idHint: "Así lo llaman las políticas y la API. No cambia.",
    zone: "Zona horaria",
    team: "Equipo",
    none: "Ninguno",
    combine: "Varias capas",
    combines: { priority: "Gana la que está más abajo", union: "Están de guardia las personas de cualquier capa" },
    layers: "Capas",
    layer: (n: number) => `Capa ${n}`,
    order: "Orden de las capas",
    orderHint: "Gana la última que tenga a alguien de guardia.",
    first: "Principal",
    add: "Añadir una capa",
    ical: "Dirección de calendario (los turnos vienen de él)",
    rollout: "El cambio se aplica",
    rollouts: {
      now: "Ahora; quien está de guardia sigue hasta el próximo relevo",
      "after-shift": "Después del turno actual",
      "after-round": "Después de la ronda actual",
    },
    save: "Guardar calendario",
    saved: "Calendario guardado",
    later: "Guardado; en vigor en uno o dos minutos",
    remove: "Eliminar calendario",
    removeTitle: (name: string) => `¿Eliminar ${name}?`,
    removeWhy: "Sus capas, sustituciones y direcciones se van con él. Antes hay que cambiar las políticas que lo avisan.",
    cancel: "Cancelar",
    gone: "Calendario eliminado",
  },
});

function newLayer(id: string, zone: string): LayerWords {
  const monday = weekStart(Date.now(), zone);
  return {
    id,
    start: `${wallOf(addDays(monday, 0, zone), zone).slice(0, 10)}T09:00`,
    end: null,
    rotation: { every: "1w" },
    users: [],
    restrictions: [],
    skipEmptyTurns: true,
    shadow: false,
  };
}

function emptySchedule(zone: string): ScheduleWords {
  return {
    id: "",
    timeZone: zone,
    combine: "priority",
    layers: [{ ...newLayer("primary", zone), name: said(words).first }],
    overrides: [],
    fallback: null,
    ical: null,
    rollout: "now",
  };
}

export default function EditSchedule({ params }: PageProps): JSX.Element {
  const w = said(words);
  const asked = params["schedule"] ?? "";
  const isNew = asked === "-";
  const directory = useDirectory();
  const [, go] = useLocation();
  const saving = useSaving();
  const [base, setBase] = useState<{ readonly words: ScheduleWords; readonly etag: string | null } | null>(null);
  const [draft, setDraft] = useState<ScheduleWords | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [removing, setRemoving] = useState(false);

  async function load(): Promise<void> {
    setFailed(null);
    saving.clear();
    try {
      if (isNew) {
        const made = emptySchedule(directory.timeZone === "UTC" ? viewerZone : directory.timeZone);
        setBase({ words: made, etag: null });
        setDraft(made);
        return;
      }
      const stored = await call("getSchedule", { id: asked });
      setBase({ words: wordsOf(stored), etag: stored.meta.etag });
      setDraft(wordsOf(stored));
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), [asked]);

  const id = isNew ? (draft?.id === "" ? slugOf(draft.name ?? "") : (draft?.id ?? "")) : asked;
  const { id: _id, ...body } = draft ?? emptySchedule("UTC");
  const preview = usePreview(id === "" ? "new-schedule" : id, draft === null ? null : body);
  // What the preview found is said as soon as it is known; what saving found stays until the next try.
  const wrongAt = (path: string): string | null => saving.wrongAt(path) ?? preview.problem?.wrongAt(path) ?? null;

  if (failed !== null) return <Missing what="schedule" id={asked} problem={failed} onAgain={load} />;
  if (draft === null || base === null) return <Skeleton lines={8} />;
  const set = (change: Partial<ScheduleWords>): void => setDraft({ ...draft, ...change });
  const zone = draft.timeZone ?? directory.timeZone;
  const dirty = isNew || JSON.stringify(draft) !== JSON.stringify(base.words);
  const name = draft.name ?? draft.id;

  async function save(etag: string | null): Promise<void> {
    const whole = { ...draft, id } as ScheduleWords;
    let inForce = true;
    const done = await saving.save(etag, async (headers) => {
      const answer = isNew
        ? await call("createSchedule", { body: whole })
        : await call("replaceSchedule", { id, body: whole, headers });
      inForce = answer.meta.inForce !== false;
    });
    if (!done) return;
    refresh("oncall", "schedules", "directory");
    tell(inForce ? w.saved : w.later);
    setBase({ words: whole, etag: null });
    setDraft(whole);
    go(`/t/${tenant.value}/oncall/schedules/${id}`);
  }
  async function remove(): Promise<void> {
    const done = await saving.save(null, () => call("deleteSchedule", { id: asked }));
    setRemoving(false);
    if (!done) return;
    refresh("oncall", "schedules", "directory");
    tell(w.gone);
    go(`/t/${tenant.value}/oncall`);
  }
  const layerName = (layer: LayerWords, at: number): string => layer.name ?? layer.id ?? w.layer(at + 1);
  return (
    <>
      <div class="page-head">
        <div>
          <Link class="crumb" href={isNew ? `/t/${tenant.value}/oncall` : `/t/${tenant.value}/oncall/schedules/${asked}`}>
            <Icon name="left" size={14} />
            {isNew ? w.back : name}
          </Link>
          <h1>{isNew ? w.make : w.edit(name)}</h1>
        </div>
        {!isNew && (
          <Button tone="bad" icon="trash" onClick={() => setRemoving(true)}>
            {w.remove}
          </Button>
        )}
      </div>
      <div class="editor">
        <div class="stack">
          <section class="card padded">
            <div class="form-grid">
              <TextField
                label={w.name}
                value={draft.name ?? ""}
                wrong={wrongAt("name")}
                autofocus={isNew}
                onInput={(value) => set({ name: value })}
              />
              {isNew && (
                <TextField
                  label={w.id}
                  value={id}
                  hint={w.idHint}
                  wrong={saving.wrongAt("id")}
                  onInput={(value) => set({ id: value })}
                />
              )}
              <TextFieldWithList
                label={w.zone}
                value={draft.timeZone ?? ""}
                placeholder={directory.timeZone}
                wrong={wrongAt("timeZone")}
                onInput={(value) => {
                  const { timeZone: _zone, ...rest } = draft;
                  setDraft(value === "" ? rest : { ...rest, timeZone: value });
                }}
              />
              <SelectField
                label={w.team}
                value={draft.team ?? ""}
                wrong={wrongAt("team")}
                onChange={(value) => {
                  const { team: _team, ...rest } = draft;
                  setDraft(value === "" ? rest : { ...rest, team: value });
                }}
                choices={[{ value: "", text: w.none }, ...directory.teams.map((each) => ({ value: each.id, text: each.name }))]}
              />
              <FallbackField fallback={draft.fallback} wrongAt={wrongAt} onChange={(fallback) => set({ fallback })} />
              {draft.layers.length > 1 && (
                <SelectField
                  label={w.combine}
                  value={draft.combine}
                  onChange={(value) => set({ combine: value as ScheduleWords["combine"] })}
                  choices={(["priority", "union"] as const).map((value) => ({ value, text: w.combines[value] }))}
                />
              )}
              {draft.ical !== null && (
                <TextField
                  label={w.ical}
                  type="url"
                  value={draft.ical.url}
                  wrong={wrongAt("ical.url") ?? wrongAt("ical")}
                  onInput={(url) => set({ ical: url === "" ? null : { url } })}
                />
              )}
            </div>
          </section>
          {draft.layers.map((layer, at) => (
            <section key={layer.id} class="card" aria-label={layerName(layer, at)}>
              <header>
                <h2>{layerName(layer, at)}</h2>
              </header>
              <div class="body">
                <LayerFields
                  layer={layer}
                  at={at}
                  zone={zone}
                  wrongAt={wrongAt}
                  onChange={(next) => set({ layers: replaced(draft.layers, at, next) })}
                  onRemove={() => set({ layers: without(draft.layers, at) })}
                />
              </div>
            </section>
          ))}
          <div class="row">
            <Button
              icon="plus"
              onClick={() => {
                const taken = new Set(draft.layers.map((each) => each.id));
                let n = draft.layers.length + 1;
                while (taken.has(`layer-${n}`)) n++;
                set({ layers: [...draft.layers, newLayer(`layer-${n}`, zone)] });
              }}
            >
              {w.add}
            </Button>
          </div>
          {draft.layers.length > 1 && (
            <section class="card padded stack-s">
              <h3>{w.order}</h3>
              {draft.combine === "priority" && <p class="soft small">{w.orderHint}</p>}
              <Sortable
                items={draft.layers}
                nameOf={layerName}
                onMove={(from, to) => set({ layers: moved(draft.layers, from, to) })}
              >
                {layerName}
              </Sortable>
            </section>
          )}
        </div>
        <div class="stack beside">
          <Preview {...preview} zone={zone} />
          {!isNew && (
            <section class="card padded">
              <SelectField
                label={w.rollout}
                value={draft.rollout}
                onChange={(value) => set({ rollout: value as ScheduleWords["rollout"] })}
                choices={(["now", "after-shift", "after-round"] as const).map((value) => ({ value, text: w.rollouts[value] }))}
              />
            </section>
          )}
        </div>
      </div>
      <SaveBar
        saving={saving}
        dirty={dirty}
        label={w.save}
        onSave={() => save(base.etag)}
        onOver={() => save(null)}
        onDiscard={() => (isNew ? go(`/t/${tenant.value}/oncall`) : void load())}
      />
      {removing && (
        <Dialog title={w.removeTitle(name)} onClose={() => setRemoving(false)}>
          <p>{w.removeWhy}</p>
          <div class="actions">
            <Button onClick={() => setRemoving(false)}>{w.cancel}</Button>
            <Button tone="bad" onClick={remove}>
              {w.remove}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** A time zone: any text, helped by the browser's list. */
function TextFieldWithList(props: Parameters<typeof TextField>[0]): JSX.Element {
  return (
    <>
      <datalist id="zones">
        {allZones().map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextField {...props} list="zones" />
    </>
  );
}
