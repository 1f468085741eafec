// Owns the labels a route adds: a name and a value, written or worked out.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { TextField } from "../../design/field.tsx";
import { replaced, without } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import type { Value } from "../../lib/shapes-routes.ts";
import { words } from "./route-words.ts";

type Row = readonly [name: string, value: Value];

export function LabelFields({
  labels,
  wrongAt,
  onChange,
}: {
  readonly labels: Readonly<Record<string, Value>>;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (labels: Readonly<Record<string, Value>>) => void;
}): JSX.Element {
  const w = said(words);
  // Rows as they are typed: a name that is not there yet, or twice, is no label yet.
  const [rows, setRows] = useState<readonly Row[]>(() => Object.entries(labels));
  function change(next: readonly Row[]): void {
    setRows(next);
    onChange(Object.fromEntries(next.filter(([name]) => name !== "")));
  }
  return (
    <div class="stack-s">
      {rows.length > 0 && <p class="fields-label">{w.labels}</p>}
      {rows.map(([name, value], at) => (
        <div key={at} class="label-row">
          <TextField
            label={w.labelName}
            value={name}
            maxLength={128}
            onInput={(next) => change(replaced<Row>(rows, at, [next.trim(), value]))}
          />
          {typeof value === "string" ? (
            <TextField
              label={w.labelValue}
              value={value}
              wrong={wrongAt(`set.labels.${name}`)}
              onInput={(next) => change(replaced<Row>(rows, at, [name, next]))}
            />
          ) : (
            <ExpressionField
              label={w.labelValue}
              as="value"
              value={value.expr}
              wrong={wrongAt(`set.labels.${name}.expr`)}
              onInput={(expr) => change(replaced<Row>(rows, at, [name, { expr }]))}
            />
          )}
          <label class="tick">
            <input
              type="checkbox"
              checked={typeof value === "object"}
              onChange={(event) =>
                change(
                  replaced<Row>(rows, at, [
                    name,
                    event.currentTarget.checked
                      ? { expr: typeof value === "string" && value !== "" ? JSON.stringify(value) : "" }
                      : "",
                  ]),
                )
              }
            />
            <span>{w.byExpression}</span>
          </label>
          <Button tone="quiet" icon="trash" label={w.dropLabel} onClick={() => change(without(rows, at))} />
        </div>
      ))}
      <div>
        <Button size="small" tone="quiet" icon="plus" onClick={() => setRows([...rows, ["", ""]])}>
          {w.addLabel}
        </Button>
      </div>
    </div>
  );
}
