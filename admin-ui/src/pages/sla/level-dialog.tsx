// Owns reading, editing and making one service level.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { DurationField } from "../../design/duration.tsx";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { NameFields, ObjectDialog } from "../../design/object-dialog.tsx";
import { call } from "../../lib/api.ts";
import type { SlaWarningWords, SlaWords } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { replaced, without } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { useObject, type Edited } from "../../lib/object.ts";
import "../policies/policies.css";
import { TargetsEdit } from "../policies/targets.tsx";
import "./levels.css";
import { words } from "./level-words.ts";

const empty: SlaWords = { id: "", when: "true", respondWithin: "30m", hours: "always", pauseIn: [] };
const pausing = ["snoozed", "acknowledged", "held", "suppressed"] as const;

export function LevelDialog({ id: asked, onClose }: { readonly id: string; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const object = useObject<SlaWords>({
    asked,
    empty,
    get: (id) => call("getSla", { id }),
    create: (body) => call("createSla", { body: written(body) }),
    replace: (id, body, headers) => call("replaceSla", { id, body: written(body), headers }),
    remove: (id) => call("deleteSla", { id }),
    topics: ["slas", "sla"],
    saved: w.saved,
    gone: w.gone,
    onDone: onClose,
  });
  return (
    <ObjectDialog object={object} title={w.make} save={w.save} why={w.why} by="replaceSla" what="level" wide onClose={onClose}>
      {(draft) => <Fields object={object} draft={draft} />}
    </ObjectDialog>
  );
}

type Body = Omit<SlaWords, "pauseIn"> & { readonly pauseIn: ("held" | "suppressed" | "acknowledged" | "snoozed")[] };

/** Only what the API knows is offered: the names are those of its states. */
function written(words: SlaWords): Body {
  return { ...words, pauseIn: words.pauseIn as Body["pauseIn"] };
}

function Fields({ object, draft }: { readonly object: Edited<SlaWords>; readonly draft: SlaWords }): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const { set, saving } = object;
  const promise = (key: "respondWithin" | "resolveWithin", label: string, first: string): JSX.Element => (
    <div class="promise-field">
      <label class="tick">
        <input
          type="checkbox"
          checked={draft[key] !== undefined}
          onChange={(event) => set(key, event.currentTarget.checked ? first : undefined)}
        />
        {label}
      </label>
      {draft[key] !== undefined && (
        <DurationField label={w.within} value={draft[key]} wrong={saving.wrongAt(key)} onChange={(value) => set(key, value)} />
      )}
    </div>
  );
  return (
    <>
      <div class="form-grid">
        <NameFields object={object} hint={w.idHint} />
      </div>
      <ExpressionField
        label={w.when}
        over="opening"
        hint={w.whenHint}
        value={draft.when}
        wrong={saving.wrongAt("when")}
        onInput={(value) => object.setDraft({ ...draft, when: value })}
      />
      <div class="form-grid">
        {promise("respondWithin", w.respond, "30m")}
        {promise("resolveWithin", w.resolve, "8h")}
        <SelectField
          label={w.hours}
          hint={w.hoursHint}
          value={draft.hours}
          wrong={saving.wrongAt("hours")}
          onChange={(value) => set("hours", value)}
          choices={[
            { value: "always", text: w.always },
            ...d.businessHours.map((each) => ({ value: each.id, text: each.name ?? each.id })),
          ]}
        />
      </div>
      <fieldset class="stack-s">
        <legend class="fields-label">{w.pause}</legend>
        <div class="row pauses">
          {pausing.map((state) => (
            <label key={state} class="tick">
              <input
                type="checkbox"
                checked={draft.pauseIn.includes(state)}
                onChange={(event) =>
                  set(
                    "pauseIn",
                    event.currentTarget.checked ? [...draft.pauseIn, state] : draft.pauseIn.filter((each) => each !== state),
                  )
                }
              />
              {w.pauses[state]}
            </label>
          ))}
        </div>
      </fieldset>
      <Warnings object={object} draft={draft} />
    </>
  );
}

function Warnings({ object, draft }: { readonly object: Edited<SlaWords>; readonly draft: SlaWords }): JSX.Element {
  const w = said(words);
  const { set, saving } = object;
  const { warn } = draft;
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.warnings}</legend>
      <label class="tick">
        <input
          type="checkbox"
          checked={warn === undefined}
          onChange={(event) => set("warn", event.currentTarget.checked ? undefined : [{ before: "30m", flag: "at-risk" }])}
        />
        {w.usual}
      </label>
      {warn?.map((warning, i) => (
        <Warning
          key={i}
          warning={warning}
          path={`warn[${i}]`}
          wrongAt={saving.wrongAt}
          onChange={(next) => set("warn", replaced(warn, i, next))}
          onRemove={() => set("warn", without(warn, i))}
        />
      ))}
      {warn !== undefined && (
        <div>
          <Button size="small" icon="plus" onClick={() => set("warn", [...warn, { at: "50%", flag: "at-risk" }])}>
            {w.addWarning}
          </Button>
        </div>
      )}
      {warn?.length === 0 && <p class="soft small">{w.noWarning}</p>}
    </fieldset>
  );
}

function Warning({
  warning,
  path,
  wrongAt,
  onChange,
  onRemove,
}: {
  readonly warning: SlaWarningWords;
  readonly path: string;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (warning: SlaWarningWords) => void;
  readonly onRemove: () => void;
}): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const share = warning.at !== undefined;
  const set = <K extends keyof SlaWarningWords>(key: K, value: SlaWarningWords[K] | "" | undefined): void => {
    const { [key]: _, ...rest } = warning;
    onChange(value === undefined || value === "" ? rest : { ...rest, [key]: value });
  };
  const { at: _at, before: _before, ...others } = warning;
  const wrong = ["", ".at", ".before", ".clock", ".flag", ".policy"]
    .map((field) => wrongAt(path + field))
    .find((each) => each !== null);
  return (
    <div class="warning">
      <div class="form-grid">
        <SelectField
          label={w.at}
          value={share ? "share" : "before"}
          onChange={(value) => onChange(value === "share" ? { ...others, at: "50%" } : { ...others, before: "30m" })}
          choices={[
            { value: "before", text: w.before },
            { value: "share", text: w.share },
          ]}
        />
        {share ? (
          <TextField
            label={w.percent}
            type="number"
            value={warning.at?.replace("%", "") ?? ""}
            onInput={(value) => onChange({ ...warning, at: `${value}%` })}
          />
        ) : (
          <DurationField
            label={w.beforeField}
            value={warning.before ?? "30m"}
            onChange={(value) => onChange({ ...warning, before: value })}
          />
        )}
        <SelectField
          label={w.clock}
          value={warning.clock ?? ""}
          onChange={(value) => set("clock", value as "respond" | "resolve" | "")}
          choices={[
            { value: "", text: w.both },
            { value: "respond", text: w.respond },
            { value: "resolve", text: w.resolve },
          ]}
        />
        <TextField label={w.flag} hint={w.flagHint} value={warning.flag ?? ""} onInput={(value) => set("flag", value)} />
        <SelectField
          label={w.policy}
          value={warning.policy ?? ""}
          onChange={(value) => set("policy", value)}
          choices={[{ value: "", text: w.noPolicy }, ...d.policies.map((each) => ({ value: each.id, text: each.name }))]}
        />
      </div>
      <TargetsEdit
        label={w.notify}
        targets={warning.notify ?? []}
        path={`${path}.notify`}
        wrongAt={wrongAt}
        onChange={(targets) => set("notify", targets.length === 0 ? undefined : targets)}
      />
      {wrong != null && <p class="wrong">{wrong}</p>}
      <div>
        <Button size="small" tone="quiet" icon="trash" onClick={onRemove}>
          {w.dropWarning}
        </Button>
      </div>
    </div>
  );
}
