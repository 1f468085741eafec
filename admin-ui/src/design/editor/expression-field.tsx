// Owns a field one types an expression into: colours, proposals, and what is wrong with it beside it as one types, said by the
// compiler that will run it.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useMemo, useState } from "preact/hooks";
import { call } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { CheckedExpression, ExpressionMark } from "../../lib/shapes-routes.ts";
import { Icon } from "../icon.tsx";
import { Code, type CodeMark } from "./code.tsx";
import { celProposals } from "./cel-proposals.ts";

const words = catalogue({
  en: { at: (line: number) => `Line ${line}: ` },
  es: { at: (line: number) => `Línea ${line}: ` },
});

type Over = "alert" | "incident" | "opening";

const waitMs = 300;

export function ExpressionField({
  label,
  value,
  onInput,
  over = "alert",
  as = "condition",
  hint,
  wrong = null,
  placeholder = "",
  labelHidden = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** What it is about. */
  readonly over?: Over;
  readonly as?: "condition" | "value";
  readonly hint?: ComponentChildren;
  /** What saving said of it. */
  readonly wrong?: string | null;
  readonly placeholder?: string;
  readonly labelHidden?: boolean;
}): JSX.Element {
  const w = said(words);
  const id = useId();
  const known = useRead(`expressions/${over}`, async () =>
    allowed("getExpressionWords") ? call("getExpressionWords", { query: { over } }) : null,
  ).data;
  const [checked, setChecked] = useState<(CheckedExpression & { readonly text: string }) | null>(null);
  useEffect(() => {
    if (value.trim() === "" || !allowed("checkExpression")) return setChecked(null);
    const asking = new AbortController();
    const timer = setTimeout(() => {
      call("checkExpression", { body: { expression: value, over, as }, signal: asking.signal }).then(
        (answer) => setChecked({ ...answer, text: value }),
        // Saving checks it again; what cannot be asked now is not said to be wrong.
        () => undefined,
      );
    }, waitMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [value, over, as]);
  // What was said of another text stands at other places.
  const present = checked?.text === value ? checked : null;
  const marks = useMemo(
    (): readonly CodeMark[] => [
      ...(present?.errors ?? []).map(({ from, to, message }) => ({ from, to, message, tone: "bad" as const })),
      ...(present?.warnings ?? []).map(({ from, to, message }) => ({ from, to, message, tone: "look" as const })),
    ],
    [present],
  );
  const invalid = (present?.errors.length ?? 0) > 0 || (present === null && wrong !== null);
  const several = value.includes("\n");
  const place = ({ line }: ExpressionMark): string => (several ? w.at(line) : "");
  return (
    <div class="field">
      <span class={labelHidden ? "unseen" : "label"} id={id}>
        {label}
      </span>
      <Code
        language="cel"
        label={label}
        value={value}
        onInput={onInput}
        invalid={invalid}
        marks={marks}
        placeholder={placeholder}
        complete={(text, pos, explicit) => (known === null ? null : celProposals(known, text, pos, explicit))}
      />
      <div class="code-said" role="status">
        {present?.errors.map((each) => (
          <p key={each.message} class="wrong">
            <Icon name="cross" size={14} />
            <span>
              {place(each)}
              {each.message}
            </span>
          </p>
        ))}
        {present?.warnings.map((each) => (
          <p key={each.message} class="doubt">
            <Icon name="warn" size={14} />
            <span>
              {place(each)}
              {each.message}
            </span>
          </p>
        ))}
        {present === null && wrong !== null && <p class="wrong">{wrong}</p>}
      </div>
      {hint !== undefined && <p class="hint">{hint}</p>}
    </div>
  );
}
