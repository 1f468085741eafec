// Owns the fields of one route: when it fits, what it sets, what it does with the page.

import type { ComponentChildren, JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { DurationField } from "../../design/duration.tsx";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { replaced, without } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import type { RouteSet, RouteWords, Value } from "../../lib/shapes-routes.ts";
import { LabelFields } from "./label-fields.tsx";
import { words } from "./route-words.ts";
import { ValueField } from "./value-field.tsx";

interface Props {
  readonly route: RouteWords;
  readonly isNew: boolean;
  readonly wrongAt: (path: string) => string | null;
  readonly onChange: (route: RouteWords) => void;
}

export function RouteFields({ route, isNew, wrongAt, onChange }: Props): JSX.Element {
  const w = said(words);
  return (
    <div class="stack route-fields">
      {isNew && (
        <TextField
          label={w.id}
          hint={w.idHint}
          value={route.id}
          autofocus
          required
          maxLength={64}
          wrong={wrongAt("id")}
          onInput={(id) => onChange({ ...route, id })}
        />
      )}
      <ExpressionField
        label={w.when}
        hint={w.whenHint}
        value={route.when}
        wrong={wrongAt("when")}
        onInput={(when) => onChange({ ...route, when })}
      />
      <SetFields route={route} wrongAt={wrongAt} onChange={onChange} />
      <DoesFields route={route} wrongAt={wrongAt} onChange={onChange} />
    </div>
  );
}

type Part = Omit<Props, "isNew">;

function SetFields({ route, wrongAt, onChange }: Part): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const set = route.set ?? {};
  /** With undefined the field is left out. */
  function put<K extends keyof RouteSet>(key: K, value: RouteSet[K] | undefined): void {
    const { [key]: _old, ...rest } = set;
    onChange({ ...route, set: value === undefined ? rest : { ...rest, [key]: value } });
  }
  const policies: readonly (Value | undefined)[] = set.policies ?? [set.policy];
  function putPolicies(next: readonly (Value | undefined)[]): void {
    const { policy: _one, policies: _several, ...rest } = set;
    const named = next.filter((each) => each !== undefined);
    const [first] = named;
    onChange({
      ...route,
      set: named.length > 1 ? { ...rest, policies: named } : first === undefined ? rest : { ...rest, policy: first },
    });
  }
  const wrongPolicy = (at: number, more: string): string | null =>
    wrongAt(set.policies === undefined ? `set.policy${more}` : `set.policies[${at}]${more}`);
  return (
    <fieldset class="stack">
      <legend class="fields-label">{w.sets}</legend>
      <div class="form-grid">
        <ValueField
          label={w.severity}
          value={set.severity}
          choices={names.severities.map((each) => ({ value: each, text: each }))}
          wrong={(more) => wrongAt(`set.severity${more}`)}
          onChange={(value) => put("severity", value)}
        />
        <ValueField
          label={w.service}
          value={set.service}
          choices={names.services.map(({ id, name }) => ({ value: id, text: name }))}
          wrong={(more) => wrongAt(`set.service${more}`)}
          onChange={(value) => put("service", value)}
        />
        <SelectField
          label={w.urgency}
          value={set.urgency ?? ""}
          wrong={wrongAt("set.urgency")}
          onChange={(value) => put("urgency", value === "high" || value === "low" ? value : undefined)}
          choices={[
            { value: "", text: w.leave },
            ...(["high", "low"] as const).map((value) => ({ value, text: w.urgencies[value] })),
          ]}
        />
        {policies.map((policy, at) => (
          <div key={at} class="stack-s">
            <ValueField
              label={policies.length > 1 ? `${w.policy} ${at + 1}` : w.policy}
              value={policy}
              choices={names.policies.map(({ id, name }) => ({ value: id, text: name }))}
              wrong={(more) => wrongPolicy(at, more)}
              onChange={(value) => putPolicies(replaced(policies, at, value))}
            />
          </div>
        ))}
      </div>
      {policies[0] !== undefined && (
        <div>
          <Button
            size="small"
            tone="quiet"
            icon="plus"
            disabled={names.policies.length < 2}
            onClick={() => putPolicies([...policies, names.policies.find(({ id }) => !policies.includes(id))?.id])}
          >
            {w.addPolicy}
          </Button>
        </div>
      )}
      <LabelFields
        labels={set.labels ?? {}}
        wrongAt={wrongAt}
        onChange={(labels) => put("labels", Object.keys(labels).length === 0 ? undefined : labels)}
      />
    </fieldset>
  );
}

function DoesFields({ route, wrongAt, onChange }: Part): JSX.Element {
  const w = said(words);
  function put<K extends keyof RouteWords>(key: K, value: RouteWords[K] | undefined): void {
    const { [key]: _old, ...rest } = route;
    // The rest with the field back, or without one that may be left out.
    onChange((value === undefined ? rest : { ...rest, [key]: value }) as RouteWords);
  }
  const { hold, threshold, inhibitedBy, group } = route;
  return (
    <fieldset class="stack-s">
      <legend class="fields-label">{w.paging}</legend>
      <Tick text={w.suppress} on={route.suppress ?? false} onChange={(on) => put("suppress", on ? true : undefined)} />
      <Tick text={w.hold} on={hold !== undefined} onChange={(on) => put("hold", on ? "2m" : undefined)}>
        {hold !== undefined && (
          <DurationField label={w.holdFor} value={hold} wrong={wrongAt("hold")} onChange={(value) => put("hold", value)} />
        )}
      </Tick>
      <Tick
        text={w.threshold}
        on={threshold !== undefined}
        onChange={(on) => put("threshold", on ? { count: 3, within: "5m" } : undefined)}
      >
        {threshold !== undefined && (
          <div class="form-grid">
            <TextField
              label={w.count}
              type="number"
              value={String(threshold.count)}
              wrong={wrongAt("threshold.count")}
              onInput={(value) => put("threshold", { ...threshold, count: Number(value) })}
            />
            <DurationField
              label={w.within}
              value={threshold.within}
              wrong={wrongAt("threshold.within")}
              onChange={(within) => put("threshold", { ...threshold, within })}
            />
          </div>
        )}
      </Tick>
      <Tick
        text={w.group}
        on={group !== undefined}
        onChange={(on) => put("group", on ? { by: ["alert.labels.service"], window: "30m", kind: "rolling" } : undefined)}
      >
        {group !== undefined && (
          <div class="stack">
            <Values
              label={w.groupBy}
              add={w.addBy}
              values={group.by}
              least={1}
              wrongAt={(at) => wrongAt(`group.by[${at}]`)}
              onChange={(by) => put("group", { ...group, by })}
            />
            <div class="form-grid">
              <DurationField
                label={w.window}
                value={group.window}
                wrong={wrongAt("group.window")}
                onChange={(window) => put("group", { ...group, window })}
              />
              <SelectField
                label={w.kind}
                value={group.kind}
                onChange={(kind) => put("group", { ...group, kind: kind === "fixed" ? "fixed" : "rolling" })}
                choices={(["rolling", "fixed"] as const).map((value) => ({ value, text: w.kinds[value] }))}
              />
            </div>
          </div>
        )}
      </Tick>
      <Tick
        text={w.inhibit}
        on={inhibitedBy !== undefined}
        onChange={(on) => put("inhibitedBy", on ? { when: "", equal: [] } : undefined)}
      >
        {inhibitedBy !== undefined && (
          <div class="stack">
            <ExpressionField
              label={w.inhibitWhen}
              value={inhibitedBy.when}
              wrong={wrongAt("inhibitedBy.when")}
              onInput={(when) => put("inhibitedBy", { ...inhibitedBy, when })}
            />
            <Values
              label={w.inhibitEqual}
              add={w.addEqual}
              values={inhibitedBy.equal}
              least={0}
              wrongAt={(at) => wrongAt(`inhibitedBy.equal[${at}]`)}
              onChange={(equal) => put("inhibitedBy", { ...inhibitedBy, equal })}
            />
          </div>
        )}
      </Tick>
      <Tick text={w.continue} on={route.continue ?? false} onChange={(on) => put("continue", on ? true : undefined)} />
    </fieldset>
  );
}

function Tick({
  text,
  on,
  onChange,
  children,
}: {
  readonly text: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <label class="tick">
        <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
        <span>{text}</span>
      </label>
      {on && children !== undefined && <div class="ticked">{children}</div>}
    </div>
  );
}

/** A list of expressions. */
function Values({
  label,
  add,
  values,
  least,
  wrongAt,
  onChange,
}: {
  readonly label: string;
  readonly add: string;
  readonly values: readonly string[];
  readonly least: number;
  readonly wrongAt: (at: number) => string | null;
  readonly onChange: (values: readonly string[]) => void;
}): JSX.Element {
  const w = said(words);
  return (
    <div class="stack-s">
      <p class="fields-label">{label}</p>
      {values.map((value, at) => (
        <div key={at} class="value-row">
          <ExpressionField
            label={`${label} ${at + 1}`}
            labelHidden
            as="value"
            value={value}
            wrong={wrongAt(at)}
            onInput={(next) => onChange(replaced(values, at, next))}
          />
          <Button
            tone="quiet"
            icon="trash"
            label={w.dropValue}
            disabled={values.length <= least}
            onClick={() => onChange(without(values, at))}
          />
        </div>
      ))}
      <div>
        <Button size="small" tone="quiet" icon="plus" disabled={values.length >= 10} onClick={() => onChange([...values, ""])}>
          {add}
        </Button>
      </div>
    </div>
  );
}
