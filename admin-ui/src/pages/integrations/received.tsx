// Owns what an integration received: the list as it grows, one body whole with what became of it, and the way to let it in again.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { More } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { useIncidentChanges } from "../../lib/live.ts";
import { said } from "../../lib/messages.ts";
import { usePaged } from "../../lib/paging.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { ReceivedBody, ReceivedRow } from "../../lib/received-shapes.ts";
import { Became, laidOut, Outcome } from "./received-marks.tsx";
import "./received.css";
import { words } from "./received-words.ts";
import { ReplayDialog, type Which } from "./replay-dialog.tsx";

const filters = ["", "unreadable", "readable", "ignored", "refused"] as const;

export function Received({ integration, mayReplay }: { readonly integration: string; readonly mayReplay: boolean }): JSX.Element {
  const w = said(words);
  const [outcome, setOutcome] = useState<(typeof filters)[number]>("");
  const [chosen, setChosen] = useState<number | null>(null);
  const [ticked, setTicked] = useState<readonly number[]>([]);
  const [replaying, setReplaying] = useState<Which | null>(null);
  const key = `received/${integration}?${outcome}`;
  const read = usePaged(
    key,
    (cursor) =>
      call("listReceived", {
        id: integration,
        query: { limit: 50, ...(outcome === "" ? {} : { outcome }), ...(cursor === undefined ? {} : { cursor }) },
      }),
    { everyMs: 4_000 },
  );
  useIncidentChanges(() => refresh(`received/${integration}`));
  const items = read.data?.items ?? [];
  const tick = (n: number, on: boolean): void => setTicked(on ? [...ticked, n] : ticked.filter((each) => each !== n));
  if (read.error !== null && read.data === null) return <Trouble problem={read.error} onAgain={() => refresh("received")} />;
  if (read.data === null) return <Skeleton lines={5} />;
  if (items.length === 0 && outcome === "") return <First />;
  return (
    <div class="stack">
      <div class="spread">
        <div class="chips" role="group" aria-label={w.bodies}>
          {filters.map((each) => (
            <button key={each} type="button" class="chip" aria-pressed={outcome === each} onClick={() => setOutcome(each)}>
              {each === "" ? w.all : w.outcomes[each]}
            </button>
          ))}
        </div>
        {mayReplay && (
          <div class="row">
            {ticked.length > 0 ? (
              <Button icon="back" tone="go" size="small" onClick={() => setReplaying({ ids: ticked })}>
                {w.replayN(ticked.length)}
              </Button>
            ) : (
              items.some((each) => each.present === "unreadable") && (
                <Button icon="back" size="small" onClick={() => setReplaying({ outcome: "unreadable" })}>
                  {w.replayAll}
                </Button>
              )
            )}
          </div>
        )}
      </div>
      <div class={`received ${chosen === null ? "" : "chosen"}`}>
        <div class="side stack">
          {items.length === 0 ? (
            <p class="soft">{w.noneHere}</p>
          ) : (
            <ul class="card body-list">
              {items.map((row) => (
                <li key={row.n} aria-current={row.n === chosen}>
                  {mayReplay && row.outcome !== "refused" && !row.cut ? (
                    <label class="tick">
                      <input
                        type="checkbox"
                        aria-label={w.choose(row.n)}
                        checked={ticked.includes(row.n)}
                        onChange={(event) => tick(row.n, event.currentTarget.checked)}
                      />
                    </label>
                  ) : (
                    <span class="tick" />
                  )}
                  <Row row={row} onOpen={() => setChosen(row.n)} />
                </li>
              ))}
            </ul>
          )}
          <More onMore={read.more} />
        </div>
        <div class="whole">
          {chosen === null ? (
            <p class="soft">{w.pick}</p>
          ) : (
            <Whole
              key={chosen}
              integration={integration}
              n={chosen}
              mayReplay={mayReplay}
              onBack={() => setChosen(null)}
              onReplay={() => setReplaying({ ids: [chosen] })}
            />
          )}
        </div>
      </div>
      {replaying !== null && (
        <ReplayDialog
          integration={integration}
          which={replaying}
          onClose={() => {
            setReplaying(null);
            setTicked([]);
          }}
        />
      )}
    </div>
  );
}

function First(): JSX.Element {
  const w = said(words);
  return (
    <div class="card">
      <Empty icon="plug" title={w.none}>
        <p>{w.noneHint}</p>
        <div style={{ width: "min(44rem, 100%)", textAlign: "left" }}>
          <Copyable
            label="curl"
            value={`curl -d '{"id":"disk-db1","title":"Disk of db1 is full"}' ${location.origin}/v1/ingest/KEY`}
          />
        </div>
      </Empty>
    </div>
  );
}

function Row({ row, onOpen }: { readonly row: ReceivedRow; readonly onOpen: () => void }): JSX.Element {
  const w = said(words);
  const [first] = row.alerts;
  const told =
    row.outcome === "readable" && first !== undefined ? first.title || first.dedupKey : (row.reason ?? first?.reason ?? "");
  return (
    <button type="button" class="body-row" onClick={onOpen}>
      <span class="first">
        <span class="row">
          <Outcome outcome={row.outcome} />
          {row.present !== row.outcome && <span class="small soft">{w.now(w.outcomes[row.present] ?? row.present)}</span>}
        </span>
        <span class="small soft">
          <Moment at={row.at} as="ago" />
        </span>
      </span>
      {told !== "" && <span class="line">{told}</span>}
      {row.start !== "" && <span class="line-mono">{row.start.replaceAll(/\s+/g, " ")}</span>}
    </button>
  );
}

function Whole({
  integration,
  n,
  mayReplay,
  onBack,
  onReplay,
}: {
  readonly integration: string;
  readonly n: number;
  readonly mayReplay: boolean;
  readonly onBack: () => void;
  readonly onReplay: () => void;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const read = useRead(`received/${integration}/${n}`, () => call("getReceived", { id: integration, n: String(n) }));
  if (read.error !== null) return <Trouble problem={read.error} onAgain={() => refresh("received")} />;
  if (read.data === null) return <Skeleton lines={6} />;
  const body = read.data;
  return (
    <div class="stack">
      <div class="only-narrow">
        <Button icon="left" size="small" onClick={onBack}>
          {w.back}
        </Button>
      </div>
      <section class="card" aria-labelledby="whole">
        <header>
          <div class="row">
            <h2 id="whole">{w.number(n)}</h2>
            <Outcome outcome={body.outcome} />
            <span class="soft small">
              <Moment at={body.at} zone={names.timeZone} />
            </span>
          </div>
          {mayReplay && body.outcome !== "refused" && !body.cut && (
            <Button icon="back" size="small" onClick={onReplay}>
              {w.replay}
            </Button>
          )}
        </header>
        <div class="body stack">
          {body.reason !== null && <p class="note">{body.outcome === "refused" ? w.refusedWhy(body.reason) : body.reason}</p>}
          {body.outcome !== "refused" && (
            <div>
              <h3>{w.became}</h3>
              <Became alerts={body.alerts} />
            </div>
          )}
          {body.replays.toReversed().map((each) => (
            <div key={each.at}>
              <h3>{w.replays}</h3>
              <p class="row small soft">
                <Moment at={each.at} /> {w.replayBy(names.person(each.by.id))} <Outcome outcome={each.outcome} />
              </p>
              {each.reason === null ? <Became alerts={each.alerts} /> : <p>{each.reason}</p>}
            </div>
          ))}
          <Text body={body} />
          <Facts body={body} />
        </div>
      </section>
    </div>
  );
}

function Text({ body }: { readonly body: ReceivedBody }): JSX.Element {
  const w = said(words);
  const formatted = laidOut(body.raw);
  const [plain, setPlain] = useState(false);
  if (body.outcome === "refused") return <p class="soft">{w.noBody}</p>;
  return (
    <div class="stack-s">
      <div class="spread">
        <h3>{w.body}</h3>
        {formatted !== null && (
          <div class="chips">
            <button type="button" class="chip" aria-pressed={!plain} onClick={() => setPlain(false)}>
              {w.formatted}
            </button>
            <button type="button" class="chip" aria-pressed={plain} onClick={() => setPlain(true)}>
              {w.asCame}
            </button>
          </div>
        )}
      </div>
      {body.cut && <p class="note">{w.cut}</p>}
      <pre class="raw" tabIndex={0}>
        {plain ? body.raw : (formatted ?? body.raw)}
      </pre>
    </div>
  );
}

function Facts({ body }: { readonly body: ReceivedBody }): JSX.Element {
  const w = said(words);
  const headers = Object.entries(body.headers);
  return (
    <>
      {headers.length > 0 && (
        <details>
          <summary>
            {w.headers} <span class="soft">({headers.length})</span>
          </summary>
          <dl class="facts">
            {headers.map(([name, value]) => (
              <>
                <dt key={name}>{name}</dt>
                <dd>{value}</dd>
              </>
            ))}
          </dl>
        </details>
      )}
      <dl class="facts">
        <dt>{w.read}</dt>
        <dd>
          {body.plugin}, {w.config(body.version)}
        </dd>
        {body.door !== undefined && (
          <>
            <dt>{w.door}</dt>
            <dd>
              <code>{addressOf(body.method, body.door)}</code>
            </dd>
          </>
        )}
        <dt>{w.size}</dt>
        <dd>{w.bytes(body.bytes)}</dd>
        {body.deliveryId !== null && (
          <>
            <dt>{w.delivery}</dt>
            <dd>{body.deliveryId}</dd>
          </>
        )}
      </dl>
      {body.skipped > 0 && <p class="soft small">{w.skipped(body.skipped)}</p>}
    </>
  );
}

/** `POST /v2/alerts/disk%2Fdb1/close?identifierType=alias`; the key, which is kept nowhere, stays as the name of its place. */
function addressOf(method: string, { path, params, query }: NonNullable<ReceivedBody["door"]>): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    return value === undefined ? `{${name}}` : encodeURIComponent(value);
  });
  const search = new URLSearchParams(query).toString();
  return `${method} ${filled}${search === "" ? "" : `?${search}`}`;
}
