// Owns the fields that are made from a plugin's schema. What a schema says that no field is made for is written as JSON.

import { effect, signal } from "@preact/signals";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { catalogue, language, said } from "../lib/messages.ts";
import type { Schema } from "../lib/setup-shapes.ts";
import "./editing.css";
import { SelectField, TextField } from "./field.tsx";

type Values = Readonly<Record<string, unknown>>;

const words = catalogue({
  en: { asUsual: "As usual", json: "As JSON", notJson: "This is no JSON", lines: "One a line" },
  es: { asUsual: "Lo habitual", json: "En JSON", notJson: "Esto no es JSON", lines: "Uno por línea" },
});

export function SchemaFields({
  schema,
  value,
  onChange,
  wrongAt,
  secret = false,
}: {
  readonly schema: Schema;
  readonly value: Values;
  readonly onChange: (value: Values) => void;
  readonly wrongAt: (field: string) => string | null;
  /** Every field is one that is never shown again. */
  readonly secret?: boolean;
}): JSX.Element {
  function set(name: string, next: unknown): void {
    const { [name]: _, ...rest } = value;
    onChange(next === undefined || next === "" ? rest : { ...rest, [name]: next });
  }
  return (
    <>
      {Object.entries(schema.properties ?? {}).map(([name, field]) => (
        <OneField
          key={name}
          name={name}
          schema={field}
          required={schema.required?.includes(name) ?? false}
          value={value[name]}
          onChange={(next) => set(name, next)}
          wrong={wrongAt(name)}
          secret={secret}
        />
      ))}
    </>
  );
}

/** The Spanish comes only to whoever reads Spanish; until it is there, and without it, English does. */
const spanish = signal<typeof import("./schema-es.ts") | null>(null);
effect(() => {
  if (language.value !== "es" || spanish.peek() !== null) return;
  void import("./schema-es.ts").then(
    (module) => (spanish.value = module),
    () => undefined,
  );
});

const acronyms = new Set(["url", "tls", "ehlo", "id", "api", "sms", "http", "sid"]);

/** `signatureHeader` → "Signature header", `url` → "URL". */
export function labelOf(name: string): string {
  const own = language.value === "es" ? (spanish.value?.labelInSpanish(name) ?? null) : null;
  if (own !== null) return own;
  const spaced = name
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(" ")
    .map((word) => (acronyms.has(word) ? word.toUpperCase() : word))
    .join(" ");
  return spaced.slice(0, 1).toUpperCase() + spaced.slice(1);
}

/** What a plugin says of a field, in the reader's language where it is written. */
export function hintOf(description: string | undefined): string | undefined {
  if (description === undefined || language.value !== "es") return description;
  return spanish.value?.descriptionInSpanish(description) ?? description;
}

interface OneProps {
  readonly name: string;
  readonly schema: Schema;
  readonly required: boolean;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly wrong: string | null;
  readonly secret: boolean;
}

function OneField({ name, schema, required, value, onChange, wrong, secret }: OneProps): JSX.Element {
  const w = said(words);
  const hint = hintOf(schema.description);
  const told = { label: labelOf(name), wrong, ...(hint === undefined ? {} : { hint }) };
  if (schema.type === "boolean")
    return (
      <label class="row tick">
        <input
          type="checkbox"
          checked={typeof value === "boolean" ? value : schema.default === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span class="grow">
          <strong>{labelOf(name)}</strong>
          {hint !== undefined && <span class="soft small"> · {hint}</span>}
        </span>
      </label>
    );
  if (schema.enum !== undefined) {
    const first = required && schema.default === undefined ? [] : [{ value: "", text: w.asUsual }];
    const usual = typeof schema.default === "string" ? ` (${schema.default})` : "";
    return (
      <SelectField
        {...told}
        value={typeof value === "string" ? value : ""}
        onChange={onChange}
        choices={[
          ...first.map((each) => ({ ...each, text: each.text + usual })),
          ...schema.enum.map((each) => ({ value: each, text: each })),
        ]}
      />
    );
  }
  if (schema.type === "integer" || schema.type === "number")
    return (
      <TextField
        {...told}
        type="number"
        required={required}
        value={typeof value === "number" ? String(value) : ""}
        onInput={(text) => onChange(text === "" ? undefined : Number(text))}
      />
    );
  if (schema.type === "array" && schema.items?.type === "string") {
    const usual = Array.isArray(schema.default) ? (schema.default as readonly string[]).join(", ") : undefined;
    return (
      <TextField
        {...told}
        hint={[hint ?? w.lines, usual].filter((each) => each !== undefined).join(": ")}
        lines={3}
        value={Array.isArray(value) ? (value as readonly string[]).join("\n") : ""}
        onInput={(text) => onChange(text.trim() === "" ? undefined : text.split("\n").filter((line) => line.trim() !== ""))}
      />
    );
  }
  if (schema.type === "string")
    return (
      <TextField
        {...told}
        type={secret ? "password" : "text"}
        autocomplete="off"
        required={required}
        value={typeof value === "string" ? value : ""}
        onInput={onChange}
        {...(typeof schema.default === "string" ? { placeholder: schema.default } : {})}
      />
    );
  return <JsonField {...told} value={value} onChange={onChange} />;
}

function JsonField({
  label,
  hint,
  wrong,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly wrong: string | null;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}): JSX.Element {
  const w = said(words);
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  const [bad, setBad] = useState(false);
  function typed(next: string): void {
    setText(next);
    try {
      onChange(next.trim() === "" ? undefined : JSON.parse(next));
      setBad(false);
    } catch {
      setBad(true);
    }
  }
  return (
    <TextField
      label={label}
      hint={hint === undefined ? w.json : `${hint}. ${w.json}`}
      wrong={bad ? w.notJson : wrong}
      lines={3}
      value={text}
      onInput={typed}
    />
  );
}
