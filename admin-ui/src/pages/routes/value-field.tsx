// Owns a value a route sets: one of those there are, or an expression that works it out for each alert.

import type { JSX } from "preact";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField, type Choice } from "../../design/field.tsx";
import { said } from "../../lib/messages.ts";
import type { Value } from "../../lib/shapes-routes.ts";
import { words } from "./route-words.ts";

/** No choice has this id: it holds a character that ids do not. */
const worked = "=expression";

export function ValueField({
  label,
  value,
  choices,
  optional = true,
  wrong,
  onChange,
}: {
  readonly label: string;
  readonly value: Value | undefined;
  readonly choices: readonly Choice[];
  /** It may be left out. */
  readonly optional?: boolean;
  readonly wrong: (path: string) => string | null;
  readonly onChange: (value: Value | undefined) => void;
}): JSX.Element {
  const w = said(words);
  const isExpression = typeof value === "object";
  const unknown = typeof value === "string" && !choices.some((each) => each.value === value) ? [{ value, text: value }] : [];
  return (
    <div class="stack-s">
      <SelectField
        label={label}
        value={isExpression ? worked : (value ?? "")}
        wrong={wrong("")}
        onChange={(next) => onChange(next === "" ? undefined : next === worked ? { expr: "" } : next)}
        choices={[...(optional ? [{ value: "", text: w.leave }] : []), ...choices, ...unknown, { value: worked, text: w.worked }]}
      />
      {isExpression && (
        <ExpressionField
          label={w.expression(label)}
          labelHidden
          as="value"
          value={value.expr}
          wrong={wrong(".expr")}
          onInput={(expr) => onChange({ expr })}
        />
      )}
    </div>
  );
}
