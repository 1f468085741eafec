// Owns the form of a notifier or connector: what its plugin's schemas ask for, and what every one has.

import type { JSX } from "preact";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { SchemaFields } from "../../design/schema-form.tsx";
import { SecretFields } from "../../design/secret-fields.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { Edited } from "../../lib/object.ts";
import type { Plugin } from "../../lib/setup-shapes.ts";
import type { Kind, Sender } from "./kind.ts";
import { words } from "./words.ts";
import { WrittenBack } from "./written-back.tsx";

/** Rarely wanted ones stand behind the rest. */
const usual = ["opened", "acknowledged", "escalated", "resolved", "sla-breached", "coverage-gap"];

export function SenderFields({
  kind,
  plugin,
  object,
  stored,
}: {
  readonly kind: Kind;
  readonly plugin: Plugin;
  readonly object: Edited<Sender>;
  /** Its secrets as they were read. */
  readonly stored: Sender["secrets"];
}): JSX.Element | null {
  const w = said(words);
  const { draft, set, setDraft, saving, id, isNew } = object;
  const { notifiers } = useDirectory();
  if (draft === null) return null;
  const writesBack = (plugin.writesBack ?? []).length > 0;
  const hasConfig = Object.keys(plugin.config.properties ?? {}).length > 0;
  const hasSecrets = plugin.secrets !== null && Object.keys(plugin.secrets.properties ?? {}).length > 0;
  return (
    <>
      {isNew && (
        <TextField
          label={w.id}
          hint={w.idHint[kind]}
          value={id}
          onInput={(value) => setDraft({ ...draft, id: value })}
          wrong={saving.wrongAt("id")}
          required
          maxLength={64}
        />
      )}
      {kind === "connector" && writesBack && <WrittenBack object={object} draft={draft} sources={plugin.writesBack ?? []} />}
      {kind === "connector" && !writesBack && <Events object={object} draft={draft} />}
      {kind === "connector" && <Condition object={object} draft={draft} />}
      {hasConfig && <h2>{w.settings}</h2>}
      <SchemaFields
        key={`config-${object.readings}`}
        schema={plugin.config}
        value={draft.config}
        onChange={(config) => set("config", config)}
        wrongAt={(field) => saving.wrongAt(`config.${field}`)}
      />
      {hasSecrets && <h2>{w.secrets}</h2>}
      {plugin.secrets !== null && (
        <SecretFields
          schema={plugin.secrets}
          stored={stored}
          value={draft.secrets}
          onChange={(secrets) => set("secrets", secrets)}
          wrongAt={(field) => saving.wrongAt(`secrets.${field}`) ?? saving.wrongAt(`secrets.${field}.value`)}
          made={plugin.generates ?? []}
        />
      )}
      {kind === "notifier" && (
        <SelectField
          label={w.fallback}
          hint={w.fallbackHint}
          value={draft.fallback ?? ""}
          wrong={saving.wrongAt("fallback")}
          onChange={(value) => set("fallback", value)}
          choices={[
            { value: "", text: w.noFallback },
            ...notifiers.filter((each) => each.id !== id).map((each) => ({ value: each.id, text: each.id })),
          ]}
        />
      )}
    </>
  );
}

function Events({ object, draft }: { readonly object: Edited<Sender>; readonly draft: Sender }): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const on = draft.on ?? [];
  const all = on.includes("*");
  const tick = (event: string): JSX.Element => (
    <label key={event} class="tick">
      <input
        type="checkbox"
        checked={all || on.includes(event)}
        disabled={all}
        onChange={(change) => set("on", change.currentTarget.checked ? [...on, event] : on.filter((each) => each !== event))}
      />
      {w.events[event]}
    </label>
  );
  const others = Object.keys(w.events).filter((event) => event !== "*" && !usual.includes(event));
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.on}</legend>
      <label class="tick">
        <input type="checkbox" checked={all} onChange={(change) => set("on", change.currentTarget.checked ? ["*"] : [])} />
        <strong>{w.events["*"]}</strong>
      </label>
      <div class="ticks">{usual.map(tick)}</div>
      <details open={others.some((event) => on.includes(event))}>
        <summary class="small">{w.moreEvents}</summary>
        <div class="ticks">{others.map(tick)}</div>
      </details>
      {saving.wrongAt("on") !== null && <p class="wrong">{saving.wrongAt("on")}</p>}
    </fieldset>
  );
}

function Condition({ object, draft }: { readonly object: Edited<Sender>; readonly draft: Sender }): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  return (
    <ExpressionField
      label={w.when}
      over="incident"
      hint={w.whenHint}
      value={draft.when ?? ""}
      wrong={saving.wrongAt("when")}
      onInput={(value) => set("when", value)}
    />
  );
}
