// Owns the form of a mapping: where each part of an alert stands, with what is wrong beside its field.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { replaced, without } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { linksIn, pairsIn, proofIn, textIn, withLinks, withPairs, withProof, withText, type Config } from "./mapping-config.ts";
import { words } from "./received-words.ts";

export interface MappingProps {
  readonly config: Config;
  readonly onChange: (config: Config) => void;
  /** What is wrong at `config.` and this path, in words. */
  readonly wrongAt: (path: string) => string | null;
}

const severities = ["critical", "error", "warning", "info", "unknown"];

export function MappingFields({ config, onChange, wrongAt }: MappingProps): JSX.Element {
  const w = said(words);
  const text = (field: string, label: string, more: { readonly hint?: string; readonly lines?: number } = {}): JSX.Element => (
    <TextField
      label={label}
      value={textIn(config, field)}
      wrong={wrongAt(field)}
      onInput={(next) => onChange(withText(config, field, next))}
      autocomplete="off"
      {...more}
    />
  );
  return (
    <div class="stack mono-fields">
      <fieldset class="card padded stack">
        <legend class="unseen">{w.shape}</legend>
        <h2>{w.shape}</h2>
        <div class="form-grid">
          <SelectField
            label={w.format}
            value={textIn(config, "format") || "any"}
            onChange={(next) => onChange(withText(config, "format", next === "any" ? "" : next))}
            choices={(["any", "json", "form", "xml", "text"] as const).map((value) => ({ value, text: w.formats[value] }))}
          />
          {text("items", w.items, { hint: w.itemsHint })}
        </div>
      </fieldset>
      <fieldset class="card padded stack">
        <legend class="unseen">{w.what}</legend>
        <h2>{w.what}</h2>
        {text("dedupKey", w.dedupKey, { hint: w.dedupHint })}
        {text("title", w.titleField)}
        <div class="form-grid">
          {text("severity", w.severity, { hint: w.severityHint })}
          {text("sourceAt", w.sourceAt)}
        </div>
        <Pairs
          title={w.severities}
          name={w.word}
          value={w.means}
          choices={severities}
          field="severities"
          config={config}
          onChange={onChange}
          wrongAt={wrongAt}
        />
        {text("body", w.bodyField, { lines: 3 })}
        <Pairs
          title={w.labels}
          hint={w.labelHint}
          name={w.labelName}
          value={w.labelValue}
          field="labels"
          config={config}
          onChange={onChange}
          wrongAt={wrongAt}
        />
        <Links config={config} onChange={onChange} wrongAt={wrongAt} />
      </fieldset>
      <fieldset class="card padded stack">
        <legend class="unseen">{w.when}</legend>
        <div>
          <h2>{w.when}</h2>
          <p class="soft small">{w.whenHint}</p>
        </div>
        {text("ignore", w.ignore)}
        {text("resolve", w.resolve)}
        {text("acknowledge", w.acknowledge)}
        {text("trigger", w.trigger, { hint: w.triggerHint })}
        {textIn(config, "trigger") !== "" && (
          <SelectField
            label={w.otherwise}
            value={textIn(config, "otherwise") || "trigger"}
            onChange={(next) => onChange(withText(config, "otherwise", next === "trigger" ? "" : next))}
            choices={(["trigger", "ignore"] as const).map((value) => ({ value, text: w.otherwises[value] }))}
          />
        )}
        {text("test", w.test)}
      </fieldset>
      <ProofFields config={config} onChange={onChange} wrongAt={wrongAt} />
    </div>
  );
}

function Pairs({
  title,
  hint,
  name,
  value,
  choices,
  field,
  config,
  onChange,
  wrongAt,
}: MappingProps & {
  readonly title: string;
  readonly hint?: string;
  readonly name: string;
  readonly value: string;
  readonly choices?: readonly string[];
  readonly field: string;
}): JSX.Element {
  const w = said(words);
  const [rows, setRows] = useState(() => pairsIn(config, field));
  function change(next: readonly (readonly [string, string])[]): void {
    setRows(next);
    onChange(withPairs(config, field, next));
  }
  // Somebody took a proposal, or what was saved: the rows are other ones.
  const stored = JSON.stringify(pairsIn(config, field));
  if (stored !== JSON.stringify(pairsIn(withPairs({}, field, rows), field))) setRows(pairsIn(config, field));
  return (
    <div class="stack-s" role="group" aria-label={title}>
      <strong class="small">
        {title} {hint !== undefined && <span class="soft">· {hint}</span>}
      </strong>
      {rows.map(([key, text], i) => (
        <div class="pair" key={i}>
          <TextField label={name} value={key} onInput={(next) => change(replaced(rows, i, [next, text]))} autocomplete="off" />
          {choices === undefined ? (
            <TextField
              label={value}
              value={text}
              wrong={wrongAt(`${field}.${key}`)}
              onInput={(next) => change(replaced(rows, i, [key, next]))}
              autocomplete="off"
            />
          ) : (
            <SelectField
              label={value}
              value={text}
              onChange={(next) => change(replaced(rows, i, [key, next]))}
              choices={choices.map((each) => ({ value: each, text: each }))}
            />
          )}
          <Button tone="quiet" icon="cross" label={`${w.remove} ${key}`} onClick={() => change(without(rows, i))} />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => setRowsEmpty(rows, choices, setRows)}>
          {w.add}
          <span class="unseen"> {title}</span>
        </Button>
      </div>
    </div>
  );
}

function setRowsEmpty(
  rows: readonly (readonly [string, string])[],
  choices: readonly string[] | undefined,
  setRows: (rows: readonly (readonly [string, string])[]) => void,
): void {
  setRows([...rows, ["", choices?.[0] ?? ""]]);
}

function Links({ config, onChange, wrongAt }: MappingProps): JSX.Element {
  const w = said(words);
  const links = linksIn(config);
  const [blank, setBlank] = useState(false);
  const rows = blank ? [...links, { href: "", text: "" }] : links;
  function change(next: typeof rows): void {
    setBlank(next.some((each) => each.href === ""));
    onChange(withLinks(config, next));
  }
  return (
    <div class="stack-s" role="group" aria-label={w.links}>
      <strong class="small">{w.links}</strong>
      {rows.map((link, i) => (
        <div class="pair" key={i}>
          <TextField
            label={w.linkText}
            value={link.text}
            placeholder="Source"
            onInput={(text) => change(replaced(rows, i, { ...link, text }))}
          />
          <TextField
            label={w.linkHref}
            value={link.href}
            wrong={wrongAt(`links.${i}.href`)}
            onInput={(href) => change(replaced(rows, i, { ...link, href }))}
            autocomplete="off"
          />
          <Button tone="quiet" icon="cross" label={`${w.remove} ${link.text}`} onClick={() => change(without(rows, i))} />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" disabled={blank} onClick={() => setBlank(true)}>
          {w.add}
          <span class="unseen"> {w.links}</span>
        </Button>
      </div>
    </div>
  );
}

function ProofFields({ config, onChange, wrongAt }: MappingProps): JSX.Element {
  const w = said(words);
  const [proof, setProof] = useState(() => proofIn(config));
  function change(more: Partial<typeof proof>): void {
    const next = { ...proof, ...more };
    setProof(next);
    onChange(withProof(config, next));
  }
  const field = (name: "name" | "prefix" | "timestamp", label: string, path: string, hint?: string): JSX.Element => (
    <TextField
      label={label}
      value={proof[name]}
      wrong={wrongAt(path)}
      onInput={(next) => change({ [name]: next })}
      autocomplete="off"
      {...(hint === undefined ? {} : { hint })}
    />
  );
  return (
    <fieldset class="card padded stack">
      <legend class="unseen">{w.proof}</legend>
      <h2>{w.proof}</h2>
      <SelectField
        label={w.proof}
        value={proof.by}
        onChange={(next) => change({ by: next as typeof proof.by })}
        choices={(["usual", "header", "query", "signature"] as const).map((value) => ({ value, text: w.proofs[value] }))}
      />
      {proof.by !== "usual" && field("name", w.proofName, proof.by === "query" ? "proof.query" : "proof.header")}
      {proof.by === "signature" && (
        <div class="form-grid">
          <SelectField
            label={w.algorithm}
            value={proof.algorithm}
            onChange={(algorithm) => change({ algorithm })}
            choices={["sha256", "sha1", "sha512"].map((value) => ({ value, text: `HMAC-${value.toUpperCase()}` }))}
          />
          <SelectField
            label={w.encoding}
            value={proof.encoding}
            onChange={(encoding) => change({ encoding })}
            choices={["hex", "base64"].map((value) => ({ value, text: value }))}
          />
          {field("prefix", w.prefix, "proof.prefix")}
          {field("timestamp", w.timestamp, "proof.timestamp.header", w.timestampHint)}
        </div>
      )}
    </fieldset>
  );
}
