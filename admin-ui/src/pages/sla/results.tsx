// Owns how promises went lately: met or missed, the newest first.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { More } from "../../design/listing.tsx";
import { Moment, Severity } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import type { Clock } from "../../lib/setup-shapes.ts";
import type { Filter } from "./board.tsx";
import { words } from "./words.ts";

const backMs = 7 * 86_400_000;
const pageSize = 100;

/** Whether nothing of it runs any more: missed, and answered or resolved since; or met. */
function isOver({ state, kind, status, acknowledgedBy }: Clock): boolean {
  return state === "met" || status === "resolved" || (kind === "respond" && acknowledgedBy !== null);
}

export function Results({ filter: { team, service, sla } }: { readonly filter: Filter }): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  const [since] = useState(() => new Date(Date.now() - backMs).toISOString());
  const list = usePaged(`sla/results?${team}|${service}|${sla}`, (cursor) =>
    call("listSla", {
      query: {
        state: "met,breached",
        status: "triggered,acknowledged,resolved",
        order: "newest",
        since,
        team,
        service,
        sla,
        limit: pageSize,
        cursor,
      },
    }),
  );
  const over = (list.data?.items ?? []).filter(isOver);
  const met = over.filter(({ state }) => state === "met").length;
  if (list.error !== null) return <Trouble problem={list.error} onAgain={() => refresh("sla")} />;
  if (list.data === null) return <Skeleton lines={5} />;
  if (over.length === 0)
    return (
      <div class="card">
        <Empty icon="clock" title={w.noResults} />
      </div>
    );
  return (
    <>
      <p class="soft">
        {list.more === null ? w.summary(met, over.length - met) : w.summaryOf(over.length, met, over.length - met)}
      </p>
      <ul class="card results">
        {over.map((clock) => (
          <li key={`${clock.incident} ${clock.id} ${clock.kind}`}>
            <span class={`badge ${clock.state === "met" ? "go" : "bad"}`}>
              <span class={`dot ${clock.state === "met" ? "hollow" : ""}`} />
              {clock.state === "met" ? w.marks.met : w.wasMissed}
            </span>
            <span class="grow">
              <span class="about">
                <Severity name={clock.severity} rank={d.rank(clock.severity)} />
                <Link class="title" href={`/t/${tenant.value}/incidents/${clock.incident}`}>
                  {clock.title}
                </Link>
              </span>
              <span class="soft small">
                {w.kinds[clock.kind]} · {clock.name}
                {clock.service !== null && ` · ${d.service(clock.service)}`}
              </span>
            </span>
            <span class="soft small">
              <Moment at={clock.openedAt} as="ago" />
            </span>
          </li>
        ))}
      </ul>
      <More onMore={list.more} />
    </>
  );
}
