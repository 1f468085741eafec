// Owns a person's notification rules: drawn as what happens after how long, edited as a list, for high and for low urgency.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { DurationField, durationMs, durationText } from "../../design/duration.tsx";
import { SelectField } from "../../design/field.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { call } from "../../lib/api.ts";
import { replaced, useSaving, without } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Rule, Rules, Stored, UserWords } from "../../lib/shapes-oncall.ts";
import { tell } from "../../lib/toast.ts";

const words = catalogue({
  en: {
    title: "Notification rules",
    of: { high: "Of high urgency", low: "Of low urgency" },
    tenant: "None of their own: what the tenant says applies (every contact at once, unless it says otherwise).",
    atOnce: "at once",
    later: (text: string) => `after ${text}`,
    all: "every contact",
    edit: "Edit",
    done: "Done",
    after: "After",
    contact: "By",
    add: "Add a rule",
    remove: "Remove this rule",
    own: "Give rules of their own",
    back: "Back to the tenant's",
    until: "until somebody acknowledges",
    saved: "Rules saved",
    save: "Save rules",
  },
  es: {
    title: "Reglas de aviso",
    of: { high: "De urgencia alta", low: "De urgencia baja" },
    tenant: "Sin reglas propias: vale lo que diga la organización (todos los contactos a la vez, si no dice otra cosa).",
    atOnce: "enseguida",
    later: (text: string) => `a los ${text}`,
    all: "todos los contactos",
    edit: "Editar",
    done: "Listo",
    after: "A los",
    contact: "Por",
    add: "Añadir una regla",
    remove: "Quitar esta regla",
    own: "Darle reglas propias",
    back: "Volver a las de la organización",
    until: "hasta que alguien reconozca",
    saved: "Reglas guardadas",
    save: "Guardar reglas",
  },
});

export function NotifyRules({
  user,
  mayChange,
}: {
  readonly user: UserWords & Stored;
  readonly mayChange: boolean;
}): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const [draft, setDraft] = useState<Rules>(user.notify ?? {});
  const [editing, setEditing] = useState(false);
  const stored = JSON.stringify(user.notify ?? {});
  const dirty = JSON.stringify(draft) !== stored;
  // What came from elsewhere is shown, unless something is being edited here.
  useEffect(() => {
    if (!editing) setDraft(user.notify ?? {});
  }, [stored]);
  async function save(match: string | null): Promise<void> {
    const body = Object.fromEntries(Object.entries(draft)) as Readonly<Record<string, readonly Rule[]>>;
    if (!(await saving.save(match, (headers) => call("putRules", { id: user.id, body, headers })))) return;
    setEditing(false);
    refresh("users");
    tell(w.saved);
  }
  function discard(): void {
    saving.clear();
    setDraft(user.notify ?? {});
    setEditing(false);
    refresh("users");
  }
  return (
    <section class="card" aria-labelledby="rules">
      <header>
        <h2 id="rules">{w.title}</h2>
        {mayChange && !editing && (
          <Button size="small" icon="pen" onClick={() => setEditing(true)}>
            {w.edit}
          </Button>
        )}
      </header>
      <div class="body stack">
        {(["high", "low"] as const).map((urgency) => {
          const rules = draft[urgency];
          return (
            <div key={urgency} class="stack-s">
              <h3>{w.of[urgency]}</h3>
              {rules === undefined || rules.length === 0 ? <p class="soft small">{w.tenant}</p> : <Timeline rules={rules} />}
              {editing && (
                <Edit
                  rules={rules ?? []}
                  path={urgency}
                  contacts={user.contacts.map((each) => each.id)}
                  wrongAt={saving.wrongAt}
                  onChange={(next) => setDraft({ ...draft, [urgency]: next })}
                  onBack={() => {
                    const { [urgency]: _gone, ...rest } = draft;
                    setDraft(rest);
                  }}
                />
              )}
            </div>
          );
        })}
        {editing && !dirty && (
          <div>
            <Button size="small" onClick={() => setEditing(false)}>
              {w.done}
            </Button>
          </div>
        )}
        {editing && (
          <SaveBar
            saving={saving}
            dirty={dirty}
            label={w.save}
            onSave={() => save(user.meta.etag)}
            onOver={() => save(null)}
            onDiscard={discard}
          />
        )}
      </div>
    </section>
  );
}

/** Longer waits are drawn longer, but not in proportion: 3 minutes and 2 hours fit on one line. */
function Timeline({ rules }: { readonly rules: readonly Rule[] }): JSX.Element {
  const w = said(words);
  const sorted = rules.toSorted((a, b) => (durationMs(a.after) ?? 0) - (durationMs(b.after) ?? 0));
  return (
    <ol class="rule-line">
      {sorted.map((rule, i) => {
        const waited = (durationMs(rule.after) ?? 0) - (i === 0 ? 0 : (durationMs(sorted[i - 1]?.after ?? "0s") ?? 0));
        return (
          <li key={i} style={{ "--wait": String(waited <= 0 ? 0 : Math.log2(2 + waited / 60_000)) }}>
            <span class="num soft small">
              {(durationMs(rule.after) ?? 0) === 0 ? w.atOnce : w.later(durationText(rule.after))}
            </span>
            <strong>{rule.contact === "*" ? w.all : rule.contact}</strong>
          </li>
        );
      })}
      <li class="end" style={{ "--wait": "1" }}>
        <span class="soft small">{w.until}</span>
      </li>
    </ol>
  );
}

function Edit({
  rules,
  path,
  contacts,
  wrongAt,
  onChange,
  onBack,
}: {
  readonly rules: readonly Rule[];
  readonly path: "high" | "low";
  readonly contacts: readonly string[];
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (rules: readonly Rule[]) => void;
  readonly onBack: () => void;
}): JSX.Element {
  const w = said(words);
  const choices = [...contacts.map((each) => ({ value: each, text: each })), { value: "*", text: w.all }];
  return (
    <div class="stack-s">
      {rules.map((rule, i) => (
        <div key={i} class="rule">
          <DurationField
            label={w.after}
            value={rule.after}
            wrong={wrongAt(`${path}[${i}].after`)}
            onChange={(after) => onChange(replaced(rules, i, { ...rule, after }))}
          />
          <SelectField
            label={w.contact}
            value={rule.contact}
            wrong={wrongAt(`${path}[${i}].contact`)}
            onChange={(contact) => onChange(replaced(rules, i, { ...rule, contact }))}
            choices={choices}
          />
          <Button size="small" tone="quiet" icon="trash" label={w.remove} onClick={() => onChange(without(rules, i))} />
        </div>
      ))}
      {wrongAt(path) !== null && <p class="wrong">{wrongAt(path)}</p>}
      <div class="row">
        <Button
          size="small"
          icon="plus"
          onClick={() => onChange([...rules, { after: rules.length === 0 ? "0s" : "3m", contact: contacts[0] ?? "*" }])}
        >
          {rules.length === 0 ? w.own : w.add}
        </Button>
        {rules.length > 0 && (
          <Button size="small" tone="quiet" onClick={onBack}>
            {w.back}
          </Button>
        )}
      </div>
    </div>
  );
}
