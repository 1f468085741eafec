// Owns the fields of one step of a policy.

import type { JSX } from "preact";
import { DurationField } from "../../design/duration.tsx";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField } from "../../design/field.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { StepWords } from "../../lib/shapes-oncall.ts";
import { TargetsEdit } from "./targets.tsx";

const words = catalogue({
  en: {
    notify: "Page, all at once",
    after: "Next step after",
    until: "What stops the way on",
    untils: { acknowledged: "An acknowledgment", resolved: "Only a resolution" },
    acks: "Acknowledgments needed",
    acksOf: { one: "One", all: "Everybody this step paged", some: (n: number) => `${n} different people` },
    retry: "Page again meanwhile",
    retries: { none: "No", times: (n: number) => (n === 1 ? "Once" : `${n} times`) },
    every: "Again every",
    wait: "Wait for business hours",
    waitNone: "No",
    when: "Only when",
    whenHint: 'An expression over the incident, such as incident.severity == "P1". Empty: always.',
  },
  es: {
    notify: "Avisar, a la vez",
    after: "Siguiente paso tras",
    until: "Qué detiene el avance",
    untils: { acknowledged: "Un reconocimiento", resolved: "Solo una resolución" },
    acks: "Reconocimientos necesarios",
    acksOf: { one: "Uno", all: "Todos los avisados en este paso", some: (n: number) => `${n} personas distintas` },
    retry: "Avisar de nuevo entretanto",
    retries: { none: "No", times: (n: number) => (n === 1 ? "Una vez" : `${n} veces`) },
    every: "De nuevo cada",
    wait: "Esperar al horario laboral",
    waitNone: "No",
    when: "Solo cuando",
    whenHint: 'Una expresión sobre la incidencia, como incident.severity == "P1". Vacía: siempre.',
  },
});

const several = [2, 3, 4, 5];
const times = [1, 2, 3, 4, 5];

export function StepFields({
  step,
  at,
  wrongAt,
  onChange,
}: {
  readonly step: StepWords;
  readonly at: number;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (step: StepWords) => void;
}): JSX.Element {
  const w = said(words);
  const { businessHours } = useDirectory();
  const wrong = (field: string): string | null => wrongAt(`steps[${at}].${field}`);
  /** With undefined the field is left out. */
  function set<K extends keyof StepWords>(key: K, value: StepWords[K] | undefined): void {
    const { [key]: _old, ...rest } = step;
    onChange((value === undefined ? rest : { ...rest, [key]: value }) as StepWords);
  }
  return (
    <div class="stack">
      <TargetsEdit
        label={w.notify}
        targets={step.notify}
        path={`steps[${at}].notify`}
        wrongAt={wrongAt}
        onChange={(notify) => set("notify", notify)}
      />
      <div class="form-grid">
        <DurationField
          label={w.after}
          value={step.escalateAfter}
          wrong={wrong("escalateAfter")}
          onChange={(value) => set("escalateAfter", value)}
        />
        <SelectField
          label={w.until}
          value={step.until ?? "acknowledged"}
          wrong={wrong("until")}
          onChange={(value) => set("until", value === "resolved" ? "resolved" : undefined)}
          choices={(["acknowledged", "resolved"] as const).map((value) => ({ value, text: w.untils[value] }))}
        />
        <SelectField
          label={w.acks}
          value={String(step.acksRequired ?? 1)}
          wrong={wrong("acksRequired")}
          onChange={(value) => set("acksRequired", value === "1" ? undefined : value === "all" ? "all" : Number(value))}
          choices={[
            { value: "1", text: w.acksOf.one },
            ...several.map((n) => ({ value: String(n), text: w.acksOf.some(n) })),
            { value: "all", text: w.acksOf.all },
          ]}
        />
        <SelectField
          label={w.retry}
          value={String(step.retry?.times ?? 0)}
          wrong={wrong("retry") ?? wrong("retry.times")}
          onChange={(value) =>
            set("retry", value === "0" ? undefined : { times: Number(value), every: step.retry?.every ?? "2m" })
          }
          choices={[{ value: "0", text: w.retries.none }, ...times.map((n) => ({ value: String(n), text: w.retries.times(n) }))]}
        />
        {step.retry !== undefined && (
          <DurationField
            label={w.every}
            value={step.retry.every}
            wrong={wrong("retry.every")}
            onChange={(every) => set("retry", { times: step.retry?.times ?? 1, every })}
          />
        )}
        {(businessHours.length > 0 || step.waitFor !== undefined) && (
          <SelectField
            label={w.wait}
            value={step.waitFor ?? ""}
            wrong={wrong("waitFor")}
            onChange={(value) => set("waitFor", value === "" ? undefined : value)}
            choices={[{ value: "", text: w.waitNone }, ...businessHours.map(({ id, name }) => ({ value: id, text: name ?? id }))]}
          />
        )}
      </div>
      <ExpressionField
        label={w.when}
        over="incident"
        value={step.when ?? ""}
        hint={w.whenHint}
        wrong={wrong("when")}
        onInput={(value) => set("when", value === "" ? undefined : value)}
      />
    </div>
  );
}
