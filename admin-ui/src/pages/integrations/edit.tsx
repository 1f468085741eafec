// Owns changing an integration: its name, where it leads, what its source's schema asks for, its severities, its rate, its secret.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { DurationField } from "../../design/duration.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { SchemaFields } from "../../design/schema-form.tsx";
import { SecretFields } from "../../design/secret-fields.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import type { Secret } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { useObject, type Edited } from "../../lib/object.ts";
import type { Integration, Plugin, Schema } from "../../lib/setup-shapes.ts";
import { words as shared } from "./words.ts";

const words = catalogue({
  en: {
    title: "Settings",
    severities: "Severities",
    severitiesHint: "What this source's severities become here. As usual: as the tenant says.",
    asUsual: "As usual",
    rate: "Let in at most a number of requests within a time",
    rateHint: "More are answered 429 and counted, and an incident says so.",
    count: "Requests",
    within: "Within",
    keep: "Keep received bodies for",
    keepHint: "1h to 90d, for looking at them and for replay; left empty as the tenant says",
    saved: "Integration saved",
    gone: "Integration deleted",
  },
  es: {
    title: "Ajustes",
    severities: "Severidades",
    severitiesHint: "En qué se convierten aquí las severidades de esta fuente. Lo habitual: como diga la organización.",
    asUsual: "Lo habitual",
    rate: "Admitir como mucho un número de peticiones en un tiempo",
    rateHint: "Las demás reciben 429 y se cuentan, y una incidencia lo dice.",
    count: "Peticiones",
    within: "En",
    keep: "Conservar los mensajes recibidos",
    keepHint: "De 1h a 90d, para verlos y repetirlos; vacío: como diga la organización",
    saved: "Integración guardada",
    gone: "Integración eliminada",
  },
});

type Words = Omit<Integration, "meta" | "issued" | "secret" | "service"> & {
  readonly secret?: Secret;
  readonly service?: string;
};
const canonical = ["critical", "error", "warning", "info", "unknown"] as const;

export function EditIntegration({ id, plugin }: { readonly id: string; readonly plugin: Plugin }): JSX.Element {
  const w = said(words);
  const [stored, setStored] = useState<Words | null>(null);
  const object: Edited<Words> = useObject<Words>({
    asked: id,
    empty: { id, source: plugin.id },
    get: async (wanted) => {
      const found = (await call("getIntegration", { id: wanted })) as Words & Pick<Integration, "meta">;
      const { meta: _meta, ...rest } = found;
      setStored(rest);
      return found;
    },
    create: () => Promise.resolve(),
    replace: (wanted, body, headers) => call("replaceIntegration", { id: wanted, body, headers }),
    remove: () => Promise.resolve(),
    topics: ["integrations", "directory"],
    saved: w.saved,
    gone: w.gone,
    onDone: () => void object.load(),
  });
  const { draft, failed, saving } = object;
  if (failed !== null) return <Trouble problem={failed} onAgain={object.load} />;
  if (draft === null || stored === null) return <Skeleton lines={4} />;
  return (
    <>
      <section class="card padded stack" aria-labelledby="edit">
        <h2 id="edit">{w.title}</h2>
        <Fields object={object} draft={draft} stored={stored} plugin={plugin} />
      </section>
      <SaveBar
        saving={saving}
        dirty={JSON.stringify(draft) !== JSON.stringify(stored)}
        onSave={() => object.save()}
        onOver={() => object.save(true)}
        onDiscard={() => void object.load()}
      />
    </>
  );
}

function Fields({
  object,
  draft,
  stored,
  plugin,
}: {
  readonly object: Edited<Words>;
  readonly draft: Words;
  readonly stored: Words;
  readonly plugin: Plugin;
}): JSX.Element {
  const w = said(words);
  const s = said(shared);
  const names = useDirectory();
  const { set, saving } = object;
  const secretSchema: Schema = { properties: { secret: { type: "string", description: s.secretHint } } };
  return (
    <>
      <TextField
        label={s.name}
        value={draft.name ?? ""}
        maxLength={200}
        wrong={saving.wrongAt("name")}
        onInput={(value) => set("name", value)}
      />
      <SelectField
        label={s.service}
        hint={s.serviceHint}
        value={draft.service ?? ""}
        wrong={saving.wrongAt("service")}
        onChange={(value) => set("service", value)}
        choices={[{ value: "", text: s.noService }, ...names.services.map((each) => ({ value: each.id, text: each.name }))]}
      />
      {/* What is mapped without code has a page of its own, beside the bodies. */}
      {plugin.id !== "custom" && (
        <SchemaFields
          key={object.readings}
          schema={plugin.config}
          value={draft.config ?? {}}
          onChange={(config) => set("config", config)}
          wrongAt={(field) => saving.wrongAt(`config.${field}`)}
        />
      )}
      <SecretFields
        schema={secretSchema}
        labels={{ secret: s.secret }}
        stored={stored.secret === undefined ? {} : { secret: stored.secret }}
        value={draft.secret === undefined ? {} : { secret: draft.secret }}
        onChange={(next) => set("secret", next["secret"])}
        wrongAt={(field) => saving.wrongAt(field) ?? saving.wrongAt(`${field}.value`)}
      />
      <Severities object={object} draft={draft} />
      <Rate object={object} draft={draft} />
      <TextField
        label={w.keep}
        hint={w.keepHint}
        placeholder="7d"
        value={draft.keepBodies ?? ""}
        wrong={saving.wrongAt("keepBodies")}
        onInput={(value) => set("keepBodies", value.trim() === "" ? undefined : value.trim())}
      />
    </>
  );
}

function Severities({ object, draft }: { readonly object: Edited<Words>; readonly draft: Words }): JSX.Element {
  const w = said(words);
  const { severities } = useDirectory();
  const { set, saving } = object;
  const map = draft.severityMap ?? {};
  return (
    <details open={draft.severityMap !== undefined}>
      <summary>{w.severities}</summary>
      <div class="stack-s">
        <p class="soft small">{w.severitiesHint}</p>
        <div class="form-grid">
          {canonical.map((name) => (
            <SelectField
              key={name}
              label={name}
              value={map[name] ?? ""}
              wrong={saving.wrongAt(`severityMap.${name}`)}
              onChange={(value) => {
                const { [name]: _, ...rest } = map;
                const next = value === "" ? rest : { ...rest, [name]: value };
                set("severityMap", Object.keys(next).length === 0 ? undefined : next);
              }}
              choices={[{ value: "", text: w.asUsual }, ...severities.map((value) => ({ value, text: value }))]}
            />
          ))}
        </div>
      </div>
    </details>
  );
}

function Rate({ object, draft }: { readonly object: Edited<Words>; readonly draft: Words }): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const rate = draft.rateLimit;
  return (
    <fieldset class="stack-s">
      <label class="tick">
        <input
          type="checkbox"
          checked={rate !== undefined}
          onChange={(event) => set("rateLimit", event.currentTarget.checked ? { count: 100, within: "1m" } : undefined)}
        />
        {w.rate}
      </label>
      <p class="soft small">{w.rateHint}</p>
      {rate !== undefined && (
        <div class="form-grid">
          <TextField
            label={w.count}
            type="number"
            value={String(rate.count)}
            wrong={saving.wrongAt("rateLimit.count")}
            onInput={(value) => set("rateLimit", { ...rate, count: Number(value) })}
          />
          <DurationField
            label={w.within}
            value={rate.within}
            wrong={saving.wrongAt("rateLimit.within")}
            onChange={(value) => set("rateLimit", { ...rate, within: value })}
          />
        </div>
      )}
    </fieldset>
  );
}
