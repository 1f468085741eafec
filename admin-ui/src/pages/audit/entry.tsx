// Owns one entry of the audit log: a sentence, and on opening it what was before and after.

import type { JSX } from "preact";
import { Icon } from "../../design/icon.tsx";
import { Avatar, Moment } from "../../design/marks.tsx";
import type { AuditChange, AuditEntry } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { differences, type Difference } from "./diff.ts";
import { words } from "./words.ts";

const shownMax = 60;

export function Entry({ entry }: { readonly entry: AuditEntry }): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const changes = entry.body.changes ?? null;
  const who = person(entry.actor);
  return (
    <li>
      <details>
        <summary>
          <Avatar name={who} />
          <span class="grow">
            <strong>{who}</strong> {sentence(entry)}
            <br />
            <span class="soft small">
              <Moment at={entry.at} /> · {w.entry(entry.seq)}
            </span>
          </span>
          <Icon name="down" size={16} />
        </summary>
        <div class="stack">
          {changes === null ? (
            <Plain body={entry.body} />
          ) : (
            changes.map((change, i) => <Change key={i} change={change} alone={changes.length === 1} />)
          )}
          {changes?.length === 0 && <p class="soft small">{w.nothing}</p>}
        </div>
      </details>
    </li>
  );
}

function nameOf({ after, before, id }: AuditChange): string {
  for (const state of [after, before])
    if (typeof state === "object" && state !== null && "name" in state && typeof state.name === "string") return state.name;
  return id;
}

/** "changed the policy Payments, critical" */
function sentence({ action, body }: AuditEntry): string {
  const w = said(words);
  const changes = body.changes ?? [];
  const [kind = "", verb = ""] = action.split(".");
  const special = w.actions[action];
  if (special !== undefined) return special(changes.length);
  const [first] = changes;
  if (first === undefined) return w.did(action);
  const [one] = w.kinds[first.kind] ?? w.kinds[kind] ?? [first.kind];
  const what = w.ops[first.op](one ?? first.kind, nameOf(first));
  const note = w.verbs[`${kind}.${verb}`] ?? w.verbs[verb];
  return `${note === undefined ? what : note(one ?? first.kind, nameOf(first))}${changes.length > 1 ? w.andMore(changes.length - 1) : ""}`;
}

function Change({ change, alone }: { readonly change: AuditChange; readonly alone: boolean }): JSX.Element {
  const w = said(words);
  const [one] = w.kinds[change.kind] ?? [change.kind];
  const rows = differences(change.before, change.after);
  return (
    <section class="stack-s">
      {!alone && (
        <h3>
          {w.ops[change.op](one ?? change.kind, nameOf(change))} <code class="small soft">{change.id}</code>
        </h3>
      )}
      {change.secretsChanged?.map((name) => (
        <p key={name} class="small">
          {w.secret(name)}
        </p>
      ))}
      {change.moved !== undefined && <p class="small">{w.moved(change.moved.from + 1, change.moved.to + 1)}</p>}
      {rows.length > 0 && <Rows rows={rows.slice(0, shownMax)} op={change.op} />}
      {rows.length > shownMax && <p class="soft small">{w.cut(rows.length - shownMax)}</p>}
    </section>
  );
}

function Rows({ rows, op }: { readonly rows: readonly Difference[]; readonly op: AuditChange["op"] }): JSX.Element {
  const w = said(words);
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={w.ops[op]("", "").trim()}>
      <table class="table diff">
        <thead>
          <tr>
            <th scope="col">{w.field}</th>
            {op !== "add" && <th scope="col">{w.before}</th>}
            {op !== "remove" && <th scope="col">{w.after}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, before, after }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              {op !== "add" && <td class={before === null ? "soft" : "was"}>{before ?? w.absent}</td>}
              {op !== "remove" && <td class={after === null ? "soft" : "is"}>{after ?? w.absent}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of what is no object of the document: as it is written down. */
function Plain({ body }: { readonly body: AuditEntry["body"] }): JSX.Element {
  return (
    <dl class="facts">
      {Object.entries(body).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </>
      ))}
    </dl>
  );
}
