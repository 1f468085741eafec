// Owns the fields of secrets: what is set is never shown, only replaced.

import type { JSX } from "preact";
import { catalogue, said } from "../lib/messages.ts";
import type { Secret, Secrets } from "../lib/board-shapes.ts";
import type { Schema } from "../lib/setup-shapes.ts";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { hintOf, labelOf } from "./schema-form.tsx";

const words = catalogue({
  en: {
    set: "Set, and never shown",
    replace: "Replace",
    keep: "Keep the present one",
    made: "Left empty, one is made and shown once.",
    replaceName: (name: string) => `Replace ${name}`,
  },
  es: {
    set: "Definido, y nunca se muestra",
    replace: "Sustituir",
    keep: "Conservar el actual",
    made: "Si se deja vacío, se crea uno y se muestra una vez.",
    replaceName: (name: string) => `Sustituir ${name}`,
  },
});

const sealed = { sealed: true } as const;

function isSealed(value: Secret | undefined): boolean {
  return value !== undefined && "sealed" in value;
}

/** `value` holds `{ sealed: true }` for what stays, `{ value }` for what is typed. */
export function SecretFields({
  schema,
  stored,
  value,
  onChange,
  wrongAt,
  made = [],
  labels = {},
}: {
  readonly schema: Schema;
  /** As it was read. */
  readonly stored: Secrets;
  readonly value: Secrets;
  readonly onChange: (value: Secrets) => void;
  readonly wrongAt: (field: string) => string | null;
  /** Those that the hub makes where none is given. */
  readonly made?: readonly string[];
  /** In the reader's language, where the fields are ours and no plugin's. */
  readonly labels?: Readonly<Record<string, string>>;
}): JSX.Element {
  const w = said(words);
  function set(name: string, next: Secret | undefined): void {
    const { [name]: _, ...rest } = value;
    onChange(next === undefined ? rest : { ...rest, [name]: next });
  }
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => {
        const [label, present] = [labels[name] ?? labelOf(name), value[name]];
        const known = isSealed(stored[name]);
        if (isSealed(present))
          return (
            <div class="field" key={name}>
              <span class="label">{label}</span>
              <div class="spread">
                <span class="soft">•••••••• {w.set}</span>
                <Button size="small" title={w.replaceName(label)} onClick={() => set(name, { value: "" })}>
                  {w.replace}
                </Button>
              </div>
            </div>
          );
        const typed = present !== undefined && "value" in present ? present.value : "";
        const hints = [hintOf(field.description), made.includes(name) && !known ? w.made : undefined].filter(
          (each) => each !== undefined,
        );
        return (
          <div key={name} class="stack-s">
            <TextField
              label={label}
              type="password"
              autocomplete="new-password"
              required={known || ((schema.required?.includes(name) ?? false) && !made.includes(name))}
              value={typed}
              wrong={wrongAt(name)}
              onInput={(text) => set(name, text === "" && !known ? undefined : { value: text })}
              {...(hints.length === 0 ? {} : { hint: hints.join(". ") })}
            />
            {known && (
              <div>
                <Button size="small" onClick={() => set(name, sealed)}>
                  {w.keep}
                </Button>
              </div>
            )}
          </div>
        );
      })}
    </>
  );
}
