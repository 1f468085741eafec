// Owns the audit log: who changed what and when, each change before and after; filters in the address; whether the chain is whole.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { Icon } from "../../design/icon.tsx";
import { More } from "../../design/listing.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import type { AuditEntry, AuditVerdict } from "../../lib/board-shapes.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { viewerZone } from "../../lib/time.ts";
import { addDays, dayStart, instantOfWall } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import { Entry } from "./entry.tsx";
import "./audit.css";
import { words } from "./words.ts";

const pageSize = 50;
const names = ["actor", "kind", "object", "from", "to"] as const;
type Filter = Readonly<Record<(typeof names)[number], string>>;

export default function Audit(_: PageProps): JSX.Element {
  const w = said(words);
  const [location, go] = useLocation();
  const search = useSearch();
  const asked = new URLSearchParams(search);
  const filter = Object.fromEntries(names.map((name) => [name, asked.get(name) ?? ""])) as Filter;
  const query = queryOf(filter);
  const list = usePaged(`audit?${search}`, (cursor) =>
    call("listAudit", { query: { ...query, order: "newest", limit: pageSize, cursor } }),
  );
  function change(next: Partial<Filter>): void {
    const text = new URLSearchParams(Object.entries({ ...filter, ...next }).filter(([, value]) => value !== "")).toString();
    go(text === "" ? location : `${location}?${text}`, { replace: true });
  }
  const plain = names.every((name) => filter[name] === "");
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        <a class="button" href={exportHref(query)} download={`audit-${tenant.value}.ndjson`}>
          <Icon name="down" size={18} />
          {w.export}
        </a>
      </div>
      <Verify newest={plain ? (list.data?.items[0] ?? null) : null} />
      <Filters filter={filter} onChange={change} />
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("audit")} />}
      {list.data === null && list.error === null && <Skeleton lines={6} />}
      {list.data?.items.length === 0 && (
        <div class="card">
          <Empty icon={plain ? "file" : "search"} title={plain ? w.none : w.noFit}>
            {!plain && <Button onClick={() => change({ actor: "", kind: "", object: "", from: "", to: "" })}>{w.clear}</Button>}
          </Empty>
        </div>
      )}
      {list.data !== null && list.data.items.length > 0 && (
        <ol class="card rows audit">
          {list.data.items.map((entry) => (
            <Entry key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
      <More onMore={list.more} />
    </>
  );
}

/** Days are the viewer's; the last one is in it. */
function queryOf({ actor, kind, object, from, to }: Filter) {
  const begin = instantOfWall(`${from}T00:00`, viewerZone);
  const end = instantOfWall(`${to}T00:00`, viewerZone);
  return {
    actor,
    kind,
    object,
    ...(from === "" || begin === null ? {} : { from: new Date(begin).toISOString() }),
    ...(to === "" || end === null ? {} : { to: new Date(addDays(dayStart(end, viewerZone), 1, viewerZone)).toISOString() }),
  };
}

function exportHref(query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ""));
  text.set("format", "ndjson");
  return `/api/v1/tenants/${encodeURIComponent(tenant.value ?? "")}/audit?${text}`;
}

function Filters({
  filter,
  onChange,
}: {
  readonly filter: Filter;
  readonly onChange: (next: Partial<Filter>) => void;
}): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const keys = useRead("api-keys", () => call("listApiKeys"));
  const actors = [
    { id: "hub-owner", name: d.person("hub-owner") },
    ...d.users,
    ...(keys.data?.items ?? []).map(({ id }) => ({ id: `key:${id}`, name: d.person(`key:${id}`) })),
  ];
  const known = actors.some(({ id }) => id === filter.actor) || filter.actor === "";
  return (
    <div class="audit-tools" role="search">
      <select
        class="input"
        aria-label={w.who}
        value={filter.actor}
        onChange={(event) => onChange({ actor: event.currentTarget.value })}
      >
        <option value="">{w.anybody}</option>
        {!known && <option value={filter.actor}>{d.person(filter.actor)}</option>}
        {actors.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label={w.kind}
        value={filter.kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value })}
      >
        <option value="">{w.anyKind}</option>
        {Object.entries(w.kinds).map(([id, [, many]]) => (
          <option key={id} value={id}>
            {many}
          </option>
        ))}
      </select>
      <input
        class="input"
        type="search"
        aria-label={w.object}
        placeholder={w.object}
        value={filter.object}
        onChange={(event) => onChange({ object: event.currentTarget.value.trim() })}
      />
      {(["from", "to"] as const).map((name) => (
        <label key={name} class="day">
          <span class="soft small">{w[name]}</span>
          <input
            class="input"
            type="date"
            value={filter[name]}
            onChange={(event) => onChange({ [name]: event.currentTarget.value })}
          />
        </label>
      ))}
    </div>
  );
}

/** Walks the hub's chain when asked, and says in plain words what it found. */
function Verify({ newest }: { readonly newest: AuditEntry | null }): JSX.Element {
  const w = said(words);
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [link, setLink] = useState<AuditEntry | null>(null);
  async function verify(): Promise<void> {
    setProblem(null);
    setVerdict(null);
    try {
      setVerdict(await call("verifyAudit", newest === null ? {} : { query: { seq: newest.seq, hash: newest.hash } }));
      setLink(newest);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
    }
  }
  return (
    <section class="card padded stack-s" aria-labelledby="chain">
      <div class="spread">
        <div>
          <h2 id="chain">{w.chain}</h2>
          <p class="soft small">{w.chainText}</p>
        </div>
        <Button icon="check" onClick={verify}>
          {w.verify}
        </Button>
      </div>
      <div role="status" class="stack-s">
        {problem !== null && <Trouble problem={problem} />}
        {verdict !== null && (
          <p class={`note row ${verdict.whole ? "go" : ""}`}>
            <Icon name={verdict.whole ? "check" : "warn"} size={16} />
            {verdict.firstBad === null
              ? w.whole
              : w.broken(verdict.firstBad.seq, w.reasons[verdict.firstBad.reason] ?? verdict.firstBad.reason)}
          </p>
        )}
        {verdict?.whole === true && link !== null && (
          <>
            <p class="soft small">{w.keep}</p>
            <Copyable label={w.entry(link.seq)} value={`${link.seq} ${link.hash}`} />
          </>
        )}
      </div>
    </section>
  );
}
