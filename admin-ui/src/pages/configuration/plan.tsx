// Owns showing a plan: what is added, changed and removed, each with what it was and what it becomes.

import type { JSX } from "preact";
import { findingText } from "../../lib/findings.ts";
import { said } from "../../lib/messages.ts";
import type { ConfigAnswer, DocumentFinding, PlannedChange } from "../../lib/shapes-routes.ts";
import { differences, inLine, type Difference } from "./differences.ts";
import { words } from "./words.ts";

const tones = { add: "go", change: "info", remove: "bad" } as const;
const signs = { add: "+", change: "~", remove: "−" } as const;
/** More of one object is not read; the document itself says it. */
const shownMax = 60;

export function Plan({ plan, onLine }: { readonly plan: ConfigAnswer; readonly onLine: (line: number) => void }): JSX.Element {
  const w = said(words);
  const { changes, warnings } = plan;
  const count = (op: PlannedChange["op"]): number => changes.filter((each) => each.op === op).length;
  const makesKeys = changes.some(({ op, kind }) => op === "add" && (kind === "integrations" || kind === "heartbeats"));
  return (
    <div class="stack">
      <p>
        <b>{changes.length === 0 ? w.nothing : w.summary(count("add"), count("change"), count("remove"))}</b>
      </p>
      {makesKeys && <p class="note info">{w.keysHint}</p>}
      <ul class="stack-s">
        {changes.map((change) => (
          <li key={`${change.kind}/${change.id}`}>
            <Changed change={change} open={changes.length <= 8} />
          </li>
        ))}
      </ul>
      {warnings.length > 0 && <Findings title={w.warnings} findings={warnings} onLine={onLine} />}
    </div>
  );
}

function Changed({ change, open }: { readonly change: PlannedChange; readonly open: boolean }): JSX.Element {
  const w = said(words);
  const { op, kind, id, before, after, secretsChanged = [], moved } = change;
  const found = differences(op === "add" ? {} : before, op === "remove" ? {} : after).filter(({ path }) => path !== "id");
  return (
    <details class={`change is-${op}`} open={open}>
      <summary>
        <span class={`badge ${tones[op]}`}>
          <span aria-hidden="true">{signs[op]}</span> {w.ops[op]}
        </span>
        <span>{w.kinds[kind] ?? kind}</span>
        <b>{id}</b>
      </summary>
      <div class="change-body">
        {moved !== undefined && <p>{w.moved(moved.from, moved.to)}</p>}
        {secretsChanged.map((name) => (
          <p key={name}>{w.secret(name)}</p>
        ))}
        {found.length > 0 && (
          <ul class="diff">
            {found.slice(0, shownMax).map((each) => (
              <Line key={each.path} difference={each} />
            ))}
          </ul>
        )}
        {found.length > shownMax && <p class="soft small">…</p>}
      </div>
    </details>
  );
}

function Line({ difference: { path, before, after } }: { readonly difference: Difference }): JSX.Element {
  const w = said(words);
  return (
    <li>
      <span class="path">{path === "" ? w.whole : path}</span>
      {before !== undefined && (
        <del>
          <span class="unseen">{w.before}: </span>
          {inLine(before)}
        </del>
      )}
      {after !== undefined && (
        <ins>
          <span class="unseen">{w.after}: </span>
          {inLine(after)}
        </ins>
      )}
    </li>
  );
}

/** What was found, each with the way to its line. */
export function Findings({
  title,
  findings,
  onLine,
  bad = false,
}: {
  readonly title: string;
  readonly findings: readonly DocumentFinding[];
  readonly onLine: (line: number, column: number | null) => void;
  readonly bad?: boolean;
}): JSX.Element {
  const w = said(words);
  return (
    <div class={bad ? "trouble" : "note stack-s"} role={bad ? "alert" : undefined}>
      <b>{title}</b>
      <ul class="stack-s findings">
        {findings.map(({ path, line, column, message, told }) => (
          <li key={`${path} ${line} ${message}`}>
            {line !== null && (
              <button type="button" class="link" onClick={() => onLine(line, column)}>
                {w.at(line)}
              </button>
            )}
            <span>
              {path !== "" && <code>{path}</code>} {findingText({ message, ...(told && { told }) })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
