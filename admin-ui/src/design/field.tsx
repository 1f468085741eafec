// Owns what a person types into: a label, the control, a hint, and what is wrong with it in words beside it.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly wrong?: string | null;
}

/** `children` is given the attributes that tie the control to its words. */
export function Field({
  label,
  hint,
  wrong = null,
  children,
}: FieldProps & { readonly children: (tied: Tied) => JSX.Element }): JSX.Element {
  const id = useId();
  const described = [hint === undefined ? null : `${id}-hint`, wrong === null ? null : `${id}-wrong`]
    .filter((each) => each !== null)
    .join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-invalid": wrong !== null, ...(described === "" ? {} : { "aria-describedby": described }) })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong !== null && (
        <p class="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </div>
  );
}

export interface Tied {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby"?: string;
}

interface TextProps extends FieldProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: "text" | "search" | "email" | "password" | "url" | "number" | "datetime-local";
  readonly lines?: number;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly maxLength?: number;
  /** Of a datalist: what the browser proposes. */
  readonly list?: string;
}

export function TextField({
  label,
  hint,
  wrong = null,
  value,
  onInput,
  type = "text",
  lines = 1,
  ...rest
}: TextProps): JSX.Element {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(tied) =>
        lines > 1 ? (
          <textarea
            class="input"
            rows={lines}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            {...tied}
            {...rest}
          />
        ) : (
          <input
            class="input"
            type={type}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            {...tied}
            {...rest}
          />
        )
      }
    </Field>
  );
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

interface SelectProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly choices: readonly Choice[];
}

export function SelectField({ label, hint, wrong = null, value, onChange, choices }: SelectProps): JSX.Element {
  return (
    <Field label={label} hint={hint} wrong={wrong}>
      {(tied) => (
        <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)} {...tied}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
