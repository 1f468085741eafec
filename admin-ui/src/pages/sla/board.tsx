// Owns the board of service level clocks: what is missed, what is due next, what stands still and why, and how it went lately.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { More } from "../../design/listing.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { useIncidentChanges } from "../../lib/live.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Clock } from "../../lib/setup-shapes.ts";
import type { PageProps } from "../../pages.ts";
import "./board.css";
import { Row } from "./clock.tsx";
import { Results } from "./results.tsx";
import { words } from "./words.ts";

const states = ["", "at-risk", "breached", "paused", "running", "results"] as const;
type State = (typeof states)[number];
export interface Filter {
  readonly state: State;
  readonly team: string;
  readonly service: string;
  readonly sla: string;
}
/** The projection that the board is read from is behind by up to three seconds (the core's flush.everyMs). */
const settledMs = 4_000;
const askMs = 15_000;

function readFilter(search: string): Filter {
  const asked = new URLSearchParams(search);
  const text = (name: string): string => asked.get(name) ?? "";
  return {
    state: states.find((each) => each === text("state")) ?? "",
    team: text("team"),
    service: text("service"),
    sla: text("sla"),
  };
}

/** Asked anew now, and again when the lists have heard too. */
function useSettling(): void {
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useIncidentChanges(() => {
    refresh("sla");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => refresh("sla"), settledMs);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

export default function SlaBoard(_: PageProps): JSX.Element {
  const w = said(words);
  const [location, go] = useLocation();
  const search = useSearch();
  const filter = readFilter(search);
  const { team, service, sla } = filter;
  useSettling();
  const list = usePaged(
    `sla?${team}|${service}|${sla}`,
    (cursor) =>
      call("listSla", {
        query: {
          state: "running,at-risk,breached,paused",
          status: "held,suppressed,triggered,acknowledged",
          team,
          service,
          sla,
          limit: pageMax,
          cursor,
        },
      }),
    { everyMs: askMs },
  );
  function change(next: Partial<Filter>): void {
    const text = new URLSearchParams(Object.entries({ ...filter, ...next }).filter(([, value]) => value !== "")).toString();
    go(text === "" ? location : `${location}?${text}`, { replace: true });
  }
  // An answer that came too late is a result: nothing runs any more.
  const clocks = (list.data?.items ?? []).filter((clock) => !isAnsweredLate(clock));
  const inState = (state: State): readonly Clock[] => clocks.filter((clock) => clock.state === state);
  const plain = team === "" && service === "" && sla === "";
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        <Link class="button" href={`/t/${tenant.value}/service-levels`}>
          {w.define}
        </Link>
      </div>
      <div class="board-tools">
        <div class="chips" role="group" aria-label={w.state}>
          {states.map((state) => (
            <button
              key={state}
              type="button"
              class="chip"
              aria-pressed={filter.state === state}
              onClick={() => change({ state })}
            >
              {w.states[state]}
              {state !== "results" && list.data !== null && (
                <span class="num count">{state === "" ? clocks.length : inState(state).length}</span>
              )}
            </button>
          ))}
        </div>
        <Selects filter={filter} onChange={change} />
      </div>
      {list.data?.degraded === true && <p class="note">{w.degraded}</p>}
      {list.error !== null && <Trouble problem={list.error} onAgain={() => refresh("sla")} />}
      {filter.state === "results" ? (
        <Results filter={filter} />
      ) : (
        <>
          {list.data === null && list.error === null && <Skeleton lines={6} />}
          {list.data !== null && clocks.length === 0 && (
            <None plain={plain} onClear={() => change({ team: "", service: "", sla: "" })} />
          )}
          <Part title={w.missed} clocks={show(filter.state, "breached") ? inState("breached") : []} />
          <Part
            title={w.next}
            clocks={clocks.filter(({ state }) => (state === "at-risk" || state === "running") && show(filter.state, state))}
          />
          <Part title={w.still} clocks={show(filter.state, "paused") ? inState("paused") : []} />
          {list.data !== null && filter.state !== "" && clocks.length > 0 && inState(filter.state).length === 0 && (
            <p class="soft">{w.noneSo}</p>
          )}
          <More onMore={list.more} />
        </>
      )}
    </>
  );
}

function show(chosen: State, state: State): boolean {
  return chosen === "" || chosen === state;
}

function isAnsweredLate({ kind, state, acknowledgedBy }: Clock): boolean {
  return kind === "respond" && state === "breached" && acknowledgedBy !== null;
}

function Part({ title, clocks }: { readonly title: string; readonly clocks: readonly Clock[] }): JSX.Element | null {
  if (clocks.length === 0) return null;
  return (
    <section class="stack-s" aria-label={title}>
      <h2>{title}</h2>
      <ul class="card clocks">
        {clocks.map((clock) => (
          <Row key={`${clock.incident} ${clock.id} ${clock.kind}`} clock={clock} />
        ))}
      </ul>
    </section>
  );
}

function None({ plain, onClear }: { readonly plain: boolean; readonly onClear: () => void }): JSX.Element {
  const w = said(words);
  const slas = useRead("slas?any", () => call("listSlas", { query: { limit: 1 } }));
  const undefinedYet = slas.data?.items.length === 0;
  if (!plain)
    return (
      <div class="card">
        <Empty icon="search" title={w.noFit}>
          <Button onClick={onClear}>{w.clear}</Button>
        </Empty>
      </div>
    );
  return (
    <div class="card">
      <Empty icon="clock" title={undefinedYet ? w.noSla : w.calm}>
        <p>{undefinedYet ? w.noSlaWhy : w.calmWhy}</p>
        {undefinedYet && (
          <Link class="button go" href={`/t/${tenant.value}/service-levels`}>
            {w.define}
          </Link>
        )}
      </Empty>
    </div>
  );
}

function Selects({
  filter,
  onChange,
}: {
  readonly filter: Filter;
  readonly onChange: (next: Partial<Filter>) => void;
}): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const slas = useRead("slas?names", () => call("listSlas", { query: { limit: pageMax } }));
  const named = (slas.data?.items ?? []).map(({ id, name }) => ({ id, name: name ?? id }));
  const select = (
    name: "team" | "service" | "sla",
    label: string,
    options: readonly { id: string; name: string }[],
  ): JSX.Element => (
    <select
      class="input"
      aria-label={label}
      value={filter[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    >
      <option value="">{label}</option>
      {options.map((option) => (
        <option key={option.id} value={option.id}>
          {option.name}
        </option>
      ))}
    </select>
  );
  return (
    <div class="selects">
      {select("team", w.team, d.teams)}
      {select("service", w.service, d.services)}
      {select("sla", w.sla, named)}
    </div>
  );
}
