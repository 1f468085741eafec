// Owns the list of heartbeats: which are alive, which are missing, a new one with its key shown once, a pause.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { DurationField } from "../../design/duration.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { More } from "../../design/listing.tsx";
import { Moment } from "../../design/marks.tsx";
import { Empty, Skeleton, Trouble } from "../../design/states.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { pageMax, usePaged } from "../../lib/paging.ts";
import { refresh } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { HeartbeatState, Issued } from "../../lib/setup-shapes.ts";
import { countdown, now } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import "../integrations/integrations.css";
import { words } from "./words.ts";

const tones = { new: "", up: "go", down: "bad", paused: "look", unknown: "" } as const;
const rank = { down: 0, unknown: 1, paused: 2, new: 3, up: 4 } as const;

export default function Heartbeats(_: PageProps): JSX.Element {
  const w = said(words);
  const read = usePaged("heartbeats", (cursor) => call("listHeartbeatStates", { query: { limit: pageMax, cursor } }), {
    everyMs: 15_000,
  });
  const [making, setMaking] = useState(false);
  const [issued, setIssued] = useState<Issued | null>(null);
  const add = allowed("createHeartbeat") && (
    <Button icon="plus" tone="go" onClick={() => setMaking(true)}>
      {w.add}
    </Button>
  );
  const items = read.data?.items.toSorted((a, b) => rank[a.state] - rank[b.state]);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        {items?.length !== 0 && add}
      </div>
      <Withheld by="createHeartbeat" />
      {read.error !== null && <Trouble problem={read.error} onAgain={() => refresh("heartbeats")} />}
      {read.data === null && read.error === null && <Skeleton />}
      {items?.length === 0 && (
        <Empty icon="pulse" title={w.none}>
          <p>{w.noneHint}</p>
          {add}
        </Empty>
      )}
      {items !== undefined && items.length > 0 && (
        <ul class="card lines">
          {items.map((each) => (
            <Line key={each.id} beat={each} onIssued={setIssued} />
          ))}
        </ul>
      )}
      <More onMore={read.more} />
      {making && (
        <Make
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setIssued(made);
          }}
        />
      )}
      {issued !== null && <ShowKey issued={issued} onClose={() => setIssued(null)} />}
    </>
  );
}

function Line({ beat, onIssued }: { readonly beat: HeartbeatState; readonly onIssued: (issued: Issued) => void }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const { id } = beat;
  async function act(run: () => Promise<unknown>, done: string | null): Promise<void> {
    try {
      await run();
      if (done !== null) tell(done);
    } catch (error) {
      tell(error instanceof Problem ? error.message : String(error), { tone: "bad" });
    }
    refresh("heartbeats");
  }
  async function rotate(): Promise<void> {
    const made = await call("rotateHeartbeat", { id, body: {} });
    const first = made.issued?.[0];
    if (first !== undefined) onIssued(first);
  }
  const left = beat.missingAt ? Date.parse(beat.missingAt) - now.value : null;
  return (
    <li>
      <div class="grow">
        <strong>{beat.name}</strong>
        <p class="soft small">
          {beat.service !== null && `${names.service(beat.service)} · `}
          {beat.lastBeatAt ? (
            <>
              {w.last} <Moment at={beat.lastBeatAt} as="ago" />
            </>
          ) : (
            w.states["new"]
          )}
          {beat.state === "up" && left !== null && <span class="num"> · {w.due(countdown(left))}</span>}
        </p>
        {beat.down && <p class="small">{beat.down.reason}</p>}
      </div>
      <div class="row">
        <span class={`badge ${tones[beat.state]}`}>
          <span class={`dot ${beat.state === "down" ? "" : "hollow"}`} />
          {w.states[beat.state]}
          {beat.paused?.until && (
            <>
              {" "}
              {w.until} <Moment at={beat.paused.until} />
            </>
          )}
        </span>
        {beat.incident && (
          <Link class="button small" href={`/t/${tenant.value}/incidents/${beat.incident}`}>
            {w.incident}
          </Link>
        )}
        {beat.state === "paused" ? (
          <Button size="small" onClick={() => act(() => call("resumeHeartbeat", { id, body: {} }), w.resumed)}>
            {w.resume}
          </Button>
        ) : (
          <Button size="small" onClick={() => act(() => call("pauseHeartbeat", { id, body: {} }), w.paused)}>
            {w.pause}
          </Button>
        )}
        {allowed("rotateHeartbeat") && (
          <Button size="small" icon="key" title={w.rotateText} onClick={() => act(rotate, null)}>
            {w.rotate}
          </Button>
        )}
      </div>
    </li>
  );
}

function Make({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (issued: Issued | null) => void;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [name, setName] = useState("");
  const [every, setEvery] = useState("1d");
  const [grace, setGrace] = useState("30m");
  const [service, setService] = useState("");
  const saving = useSaving();
  async function submit(): Promise<void> {
    if (saving.busy) return;
    const chosen = service === "" ? {} : { service };
    let made: Issued | null = null;
    const done = await saving.save(null, async () => {
      const answer = await call("createHeartbeat", { body: { id: slugOf(name), name, every, grace, ...chosen } });
      made = answer.issued?.[0] ?? null;
    });
    if (!done) return;
    refresh("heartbeats");
    onMade(made);
  }
  return (
    <Dialog title={w.add} onClose={onClose} onSubmit={() => void submit()}>
      {saving.problem !== null && <Trouble problem={saving.problem} />}
      <TextField label={w.name} value={name} onInput={setName} wrong={saving.wrongAt("id")} required autofocus maxLength={64} />
      <DurationField label={w.every} value={every} onChange={setEvery} wrong={saving.wrongAt("every")} />
      <DurationField label={w.grace} value={grace} onChange={setGrace} wrong={saving.wrongAt("grace")} />
      <SelectField
        label={w.service}
        value={service}
        onChange={setService}
        choices={[{ value: "", text: w.noService }, ...names.services.map((each) => ({ value: each.id, text: each.name }))]}
      />
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.make}
        </Button>
      </div>
    </Dialog>
  );
}

function ShowKey({ issued, onClose }: { readonly issued: Issued; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  return (
    <Dialog title={issued.id} onClose={onClose}>
      <p class="note">{w.once}</p>
      {issued.url !== undefined && <Copyable label={w.url} value={issued.url} />}
      <Copyable label={w.key} value={issued.key} />
      {issued.url !== undefined && (
        <div class="field">
          <span class="label">{w.how}</span>
          <pre class="raw" tabIndex={0}>
            {`backup.sh && curl -fsS -m 10 --retry 3 ${issued.url}`}
          </pre>
        </div>
      )}
      <div class="actions">
        <Button tone="go" onClick={onClose}>
          {w.close}
        </Button>
      </div>
    </Dialog>
  );
}
