// Owns reading, editing and making one service.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { DurationField } from "../../design/duration.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { NameFields, ObjectDialog } from "../../design/object-dialog.tsx";
import { PagesNobody, Reachable } from "../../design/reach.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { useObject, type Edited } from "../../lib/object.ts";
import { useRead } from "../../lib/query.ts";
import type { ServiceWords } from "../../lib/shapes-oncall.ts";

const words = catalogue({
  en: {
    make: "New service",
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
    saved: "Service saved",
    gone: "Service deleted",
    why: "Integrations and routes that name it must name another first. Its incidents stay.",
    open: "Open the policy",
    first: "First, right now",
  },
  es: {
    make: "Nuevo servicio",
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
    saved: "Servicio guardado",
    gone: "Servicio eliminado",
    why: "Antes, las integraciones y rutas que lo nombran deben nombrar otro. Sus incidencias se quedan.",
    open: "Abrir la política",
    first: "Primero, ahora mismo",
  },
});

const empty: ServiceWords = { id: "", tags: {}, urgency: "high", resolveOn: "all" };

export function ServiceDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const object = useObject<ServiceWords>({
    asked,
    empty,
    get: (id) => call("getService", { id }),
    create: (body) => call("createService", { body }),
    replace: (id, body, headers) => call("replaceService", { id, body, headers }),
    remove: (id) => call("deleteService", { id }),
    topics: ["services", "directory"],
    saved: w.saved,
    gone: w.gone,
    onDone: onClose,
  });
  const policy = object.draft?.policy;
  return (
    <ObjectDialog
      object={object}
      title={w.make}
      save={w.save}
      why={w.why}
      by="replaceService"
      what="service"
      wide
      onClose={onClose}
      foot={
        policy !== undefined && (
          <p class="row small">
            <First policy={policy} />
            <Link href={`/t/${tenant.value}/policies/${policy}`}>{w.open}</Link>
          </p>
        )
      }
    >
      {(draft) => <Fields object={object} draft={draft} />}
    </ObjectDialog>
  );
}

/** Whom the policy would page first now, or that it would page nobody. */
function First({ policy }: { readonly policy: string }): JSX.Element | null {
  const w = said(words);
  const names = useDirectory();
  const oncall = useRead("oncall/policies", () => call("getOncall"), { everyMs: 60_000 });
  const found = oncall.data?.policies.find((each) => each.policy === policy);
  if (found === undefined || (found.users.length === 0 && found.depends)) return null;
  if (found.users.length === 0) return <PagesNobody />;
  return (
    <>
      <span class="soft">{w.first}: </span>
      {found.users.slice(0, 3).map((user) => (
        <Reachable key={user} user={user} names={names} />
      ))}
    </>
  );
}

function Fields({ object, draft }: { readonly object: Edited<ServiceWords>; readonly draft: ServiceWords }): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const { saving, set } = object;
  const urgency = typeof draft.urgency === "string" ? draft.urgency : "hours";
  const byHours = typeof draft.urgency === "string" ? null : draft.urgency;
  const auto = draft.autoResolve === undefined ? "default" : draft.autoResolve === null ? "off" : "after";
  const levels = (["high", "low"] as const).map((value) => ({ value, text: w.levels[value] }));
  return (
    <>
      <div class="form-grid">
        <NameFields object={object} hint={w.idHint} />
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
      <Tags key={object.readings} tags={draft.tags} wrong={saving.wrongAt("tags")} onChange={(tags) => set("tags", tags)} />
    </>
  );
}

function Tags({
  tags,
  wrong,
  onChange,
}: {
  readonly tags: ServiceWords["tags"];
  readonly wrong: string | null;
  readonly onChange: (tags: ServiceWords["tags"]) => void;
}): JSX.Element {
  const w = said(words);
  const [text, setText] = useState(() =>
    Object.entries(tags)
      .map(([key, value]) => `${key}: ${value}`)
      .join("\n"),
  );
  return (
    <TextField
      label={w.tags}
      lines={3}
      value={text}
      hint={w.tagsHint}
      wrong={wrong}
      onInput={(next) => {
        setText(next);
        onChange(tagsOf(next));
      }}
    />
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
