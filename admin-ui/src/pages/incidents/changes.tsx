// Owns what an incident's page shows of changes: those of its service from just before it, the others by one press.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { dateTime, duration } from "../../lib/time.ts";
import { call, tenant } from "../../lib/api.ts";
import type { ChangeAround } from "../../lib/changes-shapes.ts";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import type { Incident } from "../../lib/shapes.ts";
import "../changes/changes.css";
import { ChangeLinks } from "../changes/links.tsx";
import { words } from "../changes/words.ts";

const shown = 5;
const nearMs = 30_000;

/** Nothing at all where nothing was told: not everybody sends changes. */
export function ChangesAround({
  incident,
  names,
}: {
  readonly incident: Incident;
  readonly names: Directory;
}): JSX.Element | null {
  const w = said(words);
  const [all, setAll] = useState(false);
  const own = useRead(
    `changes/${incident.id}`,
    () => call("getIncidentChanges", { incident: incident.id, query: { limit: shown } }),
    {
      everyMs: 60_000,
    },
  );
  if (own.data === null || (own.data.items.length === 0 && own.data.others === 0)) return null;
  const { items, others } = own.data;
  return (
    <section class="card padded stack" aria-labelledby="changes-around">
      <div>
        <h3 id="changes-around">{w.around}</h3>
        <p class="soft small">{w.aroundText}</p>
      </div>
      {items.length === 0 && incident.service !== null && <p class="soft small">{w.noneOwn}</p>}
      <List changes={items} names={names} />
      {others > 0 && !all && (
        <div>
          <Button size="small" onClick={() => setAll(true)}>
            {w.elsewhere(others)}
          </Button>
        </div>
      )}
      {all && <Others incident={incident.id} names={names} />}
      <Link class="small" href={`/t/${tenant.value ?? ""}/changes`}>
        {w.all}
      </Link>
    </section>
  );
}

function Others({ incident, names }: { readonly incident: string; readonly names: Directory }): JSX.Element | null {
  const w = said(words);
  const read = useRead(`changes/${incident}/others`, () =>
    call("getIncidentChanges", { incident, query: { of: "others", limit: 20 } }),
  );
  if (read.data === null) return null;
  return (
    <div class="stack-s" role="status">
      <span class="soft small">{w.others}</span>
      <List changes={read.data.items} names={names} named />
    </div>
  );
}

function List({
  changes,
  names,
  named = false,
}: {
  readonly changes: readonly ChangeAround[];
  readonly names: Directory;
  /** Whose they are stands beside them. */
  readonly named?: boolean;
}): JSX.Element | null {
  const w = said(words);
  if (changes.length === 0) return null;
  return (
    <ul class="changes-around">
      {changes.map((change) => (
        <li key={change.id}>
          <span class="small">
            <time dateTime={change.at} title={dateTime(change.at)} class="num">
              <b>{when(change.beforeMs)}</b>
            </time>
            <span class="soft">
              {named && ` · ${change.service === null ? w.noService : names.service(change.service)}`} ·{" "}
              {w.via(names.integration(change.integration))}
            </span>
          </span>
          <span>{change.summary}</span>
          <ChangeLinks change={change} />
        </li>
      ))}
    </ul>
  );
}

function when(beforeMs: number): string {
  const w = said(words);
  if (Math.abs(beforeMs) < nearMs) return w.sameTime;
  return beforeMs > 0 ? w.before(duration(beforeMs)) : w.after(duration(-beforeMs));
}
