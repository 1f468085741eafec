// Owns the list of changes: what was deployed or altered, with filters in the address, and how to send one where there is none.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { More } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import type { Change } from "../../lib/changes-shapes.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { useKeys } from "../../lib/keys.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import { viewerZone } from "../../lib/time.ts";
import { addDays, dayStart, instantOfWall } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import "./changes.css";
import { ChangeLinks } from "./links.tsx";
import { words } from "./words.ts";

const pageSize = 50;
const fields = ["q", "service", "integration", "from", "to"] as const;
type Filter = Readonly<Record<(typeof fields)[number], string>>;
const empty: Filter = { q: "", service: "", integration: "", from: "", to: "" };

export default function Changes(_: PageProps): JSX.Element {
  const w = said(words);
  const [location, go] = useLocation();
  const search = useSearch();
  const asked = new URLSearchParams(search);
  const filter = Object.fromEntries(fields.map((name) => [name, asked.get(name) ?? ""])) as Filter;
  const names = useDirectory();
  const list = usePaged(
    `changes?${search}`,
    (cursor) =>
      call("listChanges", { query: { ...queryOf(filter), limit: pageSize, ...(cursor === undefined ? {} : { cursor }) } }),
    { everyMs: 30_000 },
  );
  function change(next: Partial<Filter>): void {
    const text = new URLSearchParams(Object.entries({ ...filter, ...next }).filter(([, value]) => value !== "")).toString();
    go(text === "" ? location : `${location}?${text}`, { replace: true });
  }
  const plain = fields.every((name) => filter[name] === "");
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
      </div>
      <Filters filter={filter} names={names} onChange={change} />
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("changes")} />}
      {list.data === null && list.error === null && <Skeleton lines={6} />}
      {list.data?.items.length === 0 && (
        <div class="card">
          <Empty icon={plain ? "swap" : "search"} title={plain ? w.none : w.noFit}>
            {plain ? (
              <>
                <p>{w.noneText}</p>
                <Copyable label={w.curl} value={curl()} />
              </>
            ) : (
              <Button onClick={() => change(empty)}>{w.clear}</Button>
            )}
          </Empty>
        </div>
      )}
      {list.data !== null && list.data.items.length > 0 && (
        <ol class="card rows changes">
          {list.data.items.map((each) => (
            <Row key={each.id} change={each} names={names} />
          ))}
        </ol>
      )}
      <More onMore={list.more} />
    </>
  );
}

/** The door takes the key of any integration. */
function curl(): string {
  const body = { routing_key: "INTEGRATION-KEY", payload: { summary: "shop 4.2.0 deployed", source: "ci" } };
  return `curl -d '${JSON.stringify(body)}' ${window.location.origin}/v2/change/enqueue`;
}

/** Days are the viewer's; the last one is in it. */
function queryOf({ q, service, integration, from, to }: Filter) {
  const begin = instantOfWall(`${from}T00:00`, viewerZone);
  const end = instantOfWall(`${to}T00:00`, viewerZone);
  return {
    ...(q === "" ? {} : { q }),
    ...(service === "" ? {} : { service }),
    ...(integration === "" ? {} : { integration }),
    ...(from === "" || begin === null ? {} : { since: new Date(begin).toISOString() }),
    ...(to === "" || end === null ? {} : { until: new Date(addDays(dayStart(end, viewerZone), 1, viewerZone)).toISOString() }),
  };
}

function Filters({
  filter,
  names,
  onChange,
}: {
  readonly filter: Filter;
  readonly names: Directory;
  readonly onChange: (next: Partial<Filter>) => void;
}): JSX.Element {
  const w = said(words);
  const [q, setQ] = useState(filter.q);
  useEffect(() => setQ(filter.q), [filter.q]);
  useEffect(() => {
    if (q === filter.q) return;
    const timer = setTimeout(() => onChange({ q }), 250);
    return () => clearTimeout(timer);
  }, [q]);
  useKeys([{ key: "/", does: w.search, run: () => document.querySelector<HTMLElement>("#search")?.focus() }]);
  return (
    <div class="change-tools" role="search">
      <input
        id="search"
        class="input"
        type="search"
        aria-label={w.search}
        placeholder={w.search}
        maxLength={200}
        value={q}
        onInput={(event) => setQ(event.currentTarget.value)}
      />
      {(["service", "integration"] as const).map((name) => (
        <select
          key={name}
          class="input"
          aria-label={w[name]}
          value={filter[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        >
          <option value="">{w[name]}</option>
          {(name === "service" ? names.services : names.integrations).map((each) => (
            <option key={each.id} value={each.id}>
              {names[name](each.id)}
            </option>
          ))}
        </select>
      ))}
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

function Row({ change, names }: { readonly change: Change; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const labels = Object.entries(change.labels);
  return (
    <li>
      <span class="soft small">
        <Moment at={change.at} />
      </span>
      <div class="what">
        <strong>{change.summary}</strong>
        <span class="soft small">
          {change.service === null ? w.noService : names.service(change.service)} · {w.via(names.integration(change.integration))}
        </span>
        <ChangeLinks change={change} />
        {(labels.length > 0 || change.body !== "") && (
          <details class="small">
            <summary>{w.details}</summary>
            {change.body !== "" && <p class="text">{change.body}</p>}
            <div class="labels">
              {labels.map(([name, value]) => (
                <span key={name} class="cut" title={`${name}=${value}`}>
                  {name}={value}
                </span>
              ))}
            </div>
          </details>
        )}
      </div>
    </li>
  );
}
