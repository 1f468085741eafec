// Owns maintenance windows and silences: which are on, for how long still, ended and made longer by a press.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { More } from "../../design/listing.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import { countdown, dateTime, now } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import "../integrations/integrations.css";
import { MakeQuiet } from "./quiet-dialogs.tsx";
import { silenceStanding, windowStanding, type Standing } from "./quiet-state.ts";
import { words } from "./words.ts";

type Kind = "maintenance" | "silences";

interface Line {
  readonly id: string;
  readonly title: string;
  readonly what: string;
  readonly etag: string;
  readonly standing: Standing;
}

const order = { on: 0, planned: 1, repeats: 2, over: 3 } as const;

export default function Quiet(_: PageProps): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const zone = names.timeZone;
  const windows = usePaged("maintenance", (cursor) => call("listMaintenance", { query: { limit: pageMax, cursor } }));
  const silences = usePaged("silences", (cursor) => call("listSilences", { query: { limit: pageMax, cursor } }));
  const [making, setMaking] = useState<Kind | null>(null);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        {allowed("createSilence") && (
          <div class="row">
            <Button icon="moon" onClick={() => setMaking("silences")}>
              {w.newSilence}
            </Button>
            <Button icon="wrench" tone="go" onClick={() => setMaking("maintenance")}>
              {w.newWindow}
            </Button>
          </div>
        )}
      </div>
      <Withheld by="createSilence" />
      <List
        kind="maintenance"
        title={w.windows}
        none={w.noWindows}
        error={windows.error}
        lines={
          windows.data?.items.map((each) => ({
            id: each.id,
            title: each.name ?? each.id,
            what: [each.when ?? w.every, each.rrule].filter((part) => part).join(" · "),
            etag: each.meta.etag,
            standing: windowStanding(each, zone, now.value),
          })) ?? null
        }
      />
      <More onMore={windows.more} />
      <List
        kind="silences"
        title={w.silences}
        none={w.noSilences}
        error={silences.error}
        lines={
          silences.data?.items.map((each) => ({
            id: each.id,
            title: each.reason === "" ? each.id : each.reason,
            what: each.when,
            etag: each.meta.etag,
            standing: silenceStanding(each, zone, now.value),
          })) ?? null
        }
      />
      <More onMore={silences.more} />
      {making !== null && <MakeQuiet kind={making} zone={zone} onClose={() => setMaking(null)} />}
    </>
  );
}

function List({
  kind,
  title,
  none,
  lines,
  error,
}: {
  readonly kind: Kind;
  readonly title: string;
  readonly none: string;
  readonly lines: readonly Line[] | null;
  readonly error: Problem | null;
}): JSX.Element {
  const w = said(words);
  const sorted = lines?.toSorted((a, b) => order[a.standing.state] - order[b.standing.state]);
  return (
    <section class="card" aria-labelledby={kind}>
      <header>
        <h2 id={kind}>{title}</h2>
      </header>
      {error !== null && (
        <div class="body">
          <Trouble problem={error} onAgain={() => refresh(kind)} />
        </div>
      )}
      {lines === null && error === null && (
        <div class="body">
          <Skeleton lines={2} />
        </div>
      )}
      {sorted?.length === 0 && <p class="body soft">{none}</p>}
      <ul class="lines">
        {sorted?.map((line) => (
          <li key={line.id}>
            <div class="grow">
              <strong>{line.title}</strong>
              <p class="soft small">
                <code>{line.what}</code>
              </p>
            </div>
            <div class="row">
              <State standing={line.standing} w={w} />
              {allowed(kind === "silences" ? "endSilence" : "endMaintenanceWindow") && <Acts kind={kind} line={line} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function State({ standing: { state, from, to }, w }: { readonly standing: Standing; readonly w: typeof words.en }): JSX.Element {
  const text =
    state === "on" && to !== null
      ? w.left(countdown(to - now.value))
      : state === "planned" && from !== null
        ? w.startsIn(countdown(from - now.value))
        : to === null
          ? ""
          : dateTime(to);
  return (
    <>
      <span class="soft small num">{text}</span>
      <span class={`badge ${state === "on" ? "look" : state === "planned" ? "info" : ""}`}>
        <span class={`dot ${state === "on" ? "" : "hollow"}`} />
        {w.states[state]}
      </span>
    </>
  );
}

function Acts({ kind, line }: { readonly kind: Kind; readonly line: Line }): JSX.Element {
  const w = said(words);
  const { id, standing } = line;
  async function act(run: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await run();
      tell(done);
    } catch (error) {
      tell(error instanceof Problem ? error.message : String(error), { tone: "bad" });
    }
    refresh(kind);
  }
  const end = (): Promise<unknown> =>
    kind === "silences" ? call("endSilence", { id, body: {} }) : call("endMaintenanceWindow", { id, body: {} });
  const longer = (): Promise<unknown> => {
    const until = new Date(Math.max(standing.to ?? 0, Date.now()) + 3_600_000).toISOString();
    return kind === "silences"
      ? call("extendSilence", { id, body: { until } })
      : call("extendMaintenanceWindow", { id, body: { until } });
  };
  const headers = { "if-match": line.etag };
  const remove = (): Promise<unknown> =>
    kind === "silences" ? call("deleteSilence", { id, headers }) : call("deleteMaintenanceWindow", { id, headers });
  if (standing.state === "on")
    return (
      <>
        <Button size="small" onClick={() => act(longer, w.extended)}>
          {w.longer}
        </Button>
        <Button size="small" onClick={() => act(end, w.ended)}>
          {w.endNow}
        </Button>
      </>
    );
  return (
    <Button size="small" onClick={() => act(remove, w.over)}>
      {standing.state === "planned" ? w.cancelIt : w.remove}
    </Button>
  );
}
