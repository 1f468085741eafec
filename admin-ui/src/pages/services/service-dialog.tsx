// Owns reading, editing and making one service.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { DurationField } from "../../design/duration.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Remove } from "../../design/remove.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { slugOf, useSaving, wordsOf } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { may } from "../../lib/session.ts";
import type { ServiceWords } from "../../lib/shapes-oncall.ts";
import { tell } from "../../lib/toast.ts";
import { Conflict } from "../../design/conflict.tsx";

const words = catalogue({
  en: {
    make: "New service",
    name: "Name",
    id: "Id",
    idHint: "What integrations, routes and the API call it. It stays.",
    team: "Team that owns it",
    policy: "Policy that pages for it",
    none: "None",
    runbook: "Runbook",
    runbookHint: "Shown on every page: where to look first.",
    urgency: "Urgency",
    urgencies: { high: "High: pages by the rules for high", low: "Low: pages gently", hours: "By business hours" },
    hours: "Business hours",
    inside: "Inside them",
    outside: "Outside them",
    levels: { high: "High", low: "Low" },
    resolve: "Resolves when",
    resolves: { all: "All of its alerts are over", any: "One of its alerts is over", manual: "Somebody resolves it" },
    auto: "Resolves by itself after",
    autos: { default: "As the tenant says", off: "Never", after: "A time…" },
    after: "After",
    tags: "Tags",
    tagsHint: "One a line, such as tier: 1. They are labels of its incidents.",
    save: "Save service",
    cancel: "Cancel",
    close: "Close",
    saved: "Service saved",
    gone: "Service deleted",
    why: "Integrations and routes that name it must name another first. Its incidents stay.",
    open: "Open the policy",
  },
  es: {
    make: "Nuevo servicio",
    name: "Nombre",
    id: "Id",
    idHint: "Así lo llaman las integraciones, las rutas y la API. No cambia.",
    team: "Equipo al que pertenece",
    policy: "Política que avisa por él",
    none: "Ninguno",
    runbook: "Guía de actuación",
    runbookHint: "Aparece en cada aviso: dónde mirar primero.",
    urgency: "Urgencia",
    urgencies: {
      high: "Alta: avisa según las reglas de alta",
      low: "Baja: avisa con suavidad",
      hours: "Según el horario laboral",
    },
    hours: "Horario laboral",
    inside: "Dentro",
    outside: "Fuera",
    levels: { high: "Alta", low: "Baja" },
    resolve: "Se resuelve cuando",
    resolves: { all: "Terminan todas sus alertas", any: "Termina una de sus alertas", manual: "Alguien la resuelve" },
    auto: "Se resuelve sola tras",
    autos: { default: "Como diga la organización", off: "Nunca", after: "Un tiempo…" },
    after: "Tras",
    tags: "Etiquetas",
    tagsHint: "Una por línea, como tier: 1. Son etiquetas de sus incidencias.",
    save: "Guardar servicio",
    cancel: "Cancelar",
    close: "Cerrar",
    saved: "Servicio guardado",
    gone: "Servicio eliminado",
    why: "Antes, las integraciones y rutas que lo nombran deben nombrar otro. Sus incidencias se quedan.",
    open: "Abrir la política",
  },
});

const empty: ServiceWords = { id: "", tags: {}, urgency: "high", resolveOn: "all" };

export function ServiceDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const isNew = asked === "-";
  const d = useDirectory();
  const saving = useSaving();
  const [draft, setDraft] = useState<ServiceWords | null>(isNew ? empty : null);
  const [tags, setTags] = useState("");
  const [etag, setEtag] = useState<string | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const mayChange = may("manager");
  async function load(): Promise<void> {
    if (isNew) return;
    saving.clear();
    try {
      const stored = await call("getService", { id: asked });
      setDraft(wordsOf(stored));
      setTags(
        Object.entries(stored.tags)
          .map(([key, value]) => `${key}: ${value}`)
          .join("\n"),
      );
      setEtag(stored.meta.etag);
      setFailed(null);
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), [asked]);
  const name = draft?.name ?? draft?.id ?? asked;
  if (draft === null)
    return (
      <Dialog title={name} onClose={onClose}>
        {failed === null ? <Skeleton /> : <Trouble problem={failed} onAgain={load} />}
      </Dialog>
    );
  const id = isNew && draft.id === "" ? slugOf(draft.name ?? "") : draft.id;
  /** With undefined or an empty text the field is left out. */
  function set<K extends keyof ServiceWords>(key: K, value: ServiceWords[K] | undefined): void {
    const { [key]: _old, ...rest } = draft ?? empty;
    setDraft((value === undefined || value === "" ? rest : { ...rest, [key]: value }) as ServiceWords);
  }
  async function save(match: string | null): Promise<void> {
    const whole = { ...draft, id, tags: tagsOf(tags) };
    const done = await saving.save(match, (headers) =>
      isNew ? call("createService", { body: whole }) : call("replaceService", { id, body: whole, headers }),
    );
    if (!done) return;
    refresh("services", "directory");
    tell(w.saved);
    onClose();
  }
  async function remove(): Promise<void> {
    if (!(await saving.save(null, () => call("deleteService", { id: asked })))) return;
    refresh("services", "directory");
    tell(w.gone);
    onClose();
  }
  const urgency = typeof draft.urgency === "string" ? draft.urgency : "hours";
  const byHours = typeof draft.urgency === "string" ? null : draft.urgency;
  const auto = draft.autoResolve === undefined ? "default" : draft.autoResolve === null ? "off" : "after";
  const levels = (["high", "low"] as const).map((value) => ({ value, text: w.levels[value] }));
  return (
    <Dialog title={isNew ? w.make : name} wide onClose={onClose} {...(mayChange ? { onSubmit: () => void save(etag) } : {})}>
      <fieldset class="stack" disabled={!mayChange}>
        <div class="form-grid">
          <TextField
            label={w.name}
            value={draft.name ?? ""}
            wrong={saving.wrongAt("name")}
            onInput={(value) => set("name", value)}
          />
          {isNew && (
            <TextField
              label={w.id}
              value={id}
              required
              hint={w.idHint}
              wrong={saving.wrongAt("id")}
              onInput={(value) => setDraft({ ...draft, id: value })}
            />
          )}
          <SelectField
            label={w.team}
            value={draft.team ?? ""}
            wrong={saving.wrongAt("team")}
            onChange={(value) => set("team", value)}
            choices={[{ value: "", text: w.none }, ...d.teams.map((each) => ({ value: each.id, text: each.name }))]}
          />
          <SelectField
            label={w.policy}
            value={draft.policy ?? ""}
            wrong={saving.wrongAt("policy")}
            onChange={(value) => set("policy", value)}
            choices={[{ value: "", text: w.none }, ...d.policies.map((each) => ({ value: each.id, text: each.name }))]}
          />
        </div>
        <TextField
          label={w.runbook}
          type="url"
          value={draft.runbook ?? ""}
          hint={w.runbookHint}
          wrong={saving.wrongAt("runbook")}
          onInput={(value) => set("runbook", value)}
        />
        <div class="form-grid">
          <SelectField
            label={w.urgency}
            value={urgency}
            wrong={saving.wrongAt("urgency")}
            onChange={(value) =>
              set("urgency", value === "hours" ? { hours: d.businessHours[0]?.id ?? "" } : (value as "high" | "low"))
            }
            choices={(["high", "low", ...(d.businessHours.length > 0 || byHours ? (["hours"] as const) : [])] as const).map(
              (value) => ({
                value,
                text: w.urgencies[value],
              }),
            )}
          />
          {byHours !== null && (
            <>
              <SelectField
                label={w.hours}
                value={byHours.hours}
                wrong={saving.wrongAt("urgency.hours")}
                onChange={(hours) => set("urgency", { ...byHours, hours })}
                choices={d.businessHours.map((each) => ({ value: each.id, text: each.name ?? each.id }))}
              />
              <SelectField
                label={w.inside}
                value={byHours.inHours ?? "high"}
                onChange={(value) => set("urgency", { ...byHours, inHours: value as "high" | "low" })}
                choices={levels}
              />
              <SelectField
                label={w.outside}
                value={byHours.outOfHours ?? "low"}
                onChange={(value) => set("urgency", { ...byHours, outOfHours: value as "high" | "low" })}
                choices={levels}
              />
            </>
          )}
          <SelectField
            label={w.resolve}
            value={draft.resolveOn}
            onChange={(value) => set("resolveOn", value as ServiceWords["resolveOn"])}
            choices={(["all", "any", "manual"] as const).map((value) => ({ value, text: w.resolves[value] }))}
          />
          <SelectField
            label={w.auto}
            value={auto}
            onChange={(value) => set("autoResolve", value === "default" ? undefined : value === "off" ? null : "1d")}
            choices={(["default", "off", "after"] as const).map((value) => ({ value, text: w.autos[value] }))}
          />
          {typeof draft.autoResolve === "string" && (
            <DurationField
              label={w.after}
              value={draft.autoResolve}
              wrong={saving.wrongAt("autoResolve")}
              onChange={(value) => set("autoResolve", value)}
            />
          )}
        </div>
        <TextField label={w.tags} lines={3} value={tags} hint={w.tagsHint} wrong={saving.wrongAt("tags")} onInput={setTags} />
      </fieldset>
      {draft.policy !== undefined && (
        <p class="small">
          <Link href={`/t/${tenant.value}/policies/${draft.policy}`}>{w.open}</Link>
        </p>
      )}
      <Conflict saving={saving} onTheirs={() => void load()} onMine={() => void save(null)} />
      <div class="actions">
        {!isNew && mayChange && <Remove name={name} why={w.why} problem={saving.problem} onRemove={remove} />}
        <Button onClick={onClose}>{mayChange ? w.cancel : w.close}</Button>
        {mayChange && (
          <Button tone="go" type="submit" busy={saving.busy}>
            {w.save}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** `tier: 1` lines; what has no colon has no value. */
function tagsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const at = line.indexOf(":");
      return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs) as Readonly<Record<string, string>>;
}
