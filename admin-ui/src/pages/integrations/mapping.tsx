// Owns the editor of a source without code: the mapping beside what the last bodies would become by it, as it is typed. Nothing is
// sent by that; saving puts it in force, and offers what could not be read before.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import "../../design/editing.css";
import { SelectField, TextField } from "../../design/field.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useSaving, wordsOf } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Preview } from "../../lib/received-shapes.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import { dateTime } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { Config } from "./mapping-config.ts";
import { MappingFields } from "./mapping-fields.tsx";
import { proposal } from "./mapping-guess.ts";
import { laidOut } from "./received-marks.tsx";
import { Would } from "./would.tsx";
import "./received.css";
import { words } from "./received-words.ts";

const waitMs = 350;
const last = 10;

export function Mapping({
  integration,
  onUnreadable,
}: {
  readonly integration: Integration;
  readonly onUnreadable: () => void;
}): JSX.Element {
  const w = said(words);
  const stored: Config = integration.config ?? {};
  const [config, setConfig] = useState<Config>(stored);
  const [anew, setAnew] = useState(0);
  const [pasted, setPasted] = useState("");
  const saving = useSaving();
  const preview = usePreview(integration.id, config, pasted);
  const dirty = JSON.stringify(config) !== JSON.stringify(stored);
  function take(next: Config): void {
    setConfig(next);
    // Rows that are being typed are the form's own: another mapping is another form.
    setAnew(anew + 1);
    saving.clear();
  }
  async function save(etag: string | null): Promise<void> {
    const body = {
      ...wordsOf(integration),
      config,
      ...(integration.secret === undefined ? {} : { secret: { sealed: true as const } }),
    };
    const { issued: _issued, service, name, ...rest } = body;
    const whole = { ...rest, ...(service ? { service } : {}), ...(name === undefined ? {} : { name }) };
    const done = await saving.save(etag, (headers) =>
      call("replaceIntegration", { id: integration.id, body: whole as never, headers }),
    );
    if (!done) return;
    refresh("integrations");
    tell(w.saved, { action: { label: w.savedReplay, run: onUnreadable }, forMs: 12_000 });
  }
  const wrongAt = (path: string): string | null => {
    const error = preview.data?.errors.find((each) => each.path === `config.${path}`);
    if (error === undefined) return saving.wrongAt(`config.${path}`);
    return error.line === undefined ? error.message : `${error.message} (${w.line(error.line, error.column ?? 1)})`;
  };
  return (
    <div class="stack">
      <p class="soft">{w.lead}</p>
      <div class="mapping">
        <MappingFields key={anew} config={config} onChange={setConfig} wrongAt={wrongAt} />
        <Tried
          id={integration.id}
          preview={preview}
          pasted={pasted}
          onPaste={setPasted}
          {...(Object.keys(stored).length === 0 && !dirty ? { onPropose: take } : {})}
        />
      </div>
      <SaveBar
        saving={saving}
        dirty={dirty}
        label={w.save}
        onSave={() => save(integration.meta.etag)}
        onOver={() => save(null)}
        onDiscard={() => take(stored)}
      />
    </div>
  );
}

interface Previewed {
  readonly data: Preview | null;
  readonly problem: Problem | null;
}

/** What the last bodies and the pasted one would become, a moment after the last key. */
function usePreview(id: string, config: Config, body: string): Previewed {
  const [state, setState] = useState<Previewed>({ data: null, problem: null });
  const text = JSON.stringify(config);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const draft = { source: "custom", config: JSON.parse(text) as Config, last, ...(body.trim() === "" ? {} : { body }) };
        const data = await call("previewIntegration", { id, body: draft, signal: stop.signal });
        // With an error nothing can be read: what was there stays, so that the eye keeps its place.
        setState((before) => ({
          data: data.errors.length > 0 ? { items: before.data?.items ?? [], errors: data.errors } : data,
          problem: null,
        }));
      } catch (error) {
        if (!stop.signal.aborted)
          setState((before) => ({ ...before, problem: error instanceof Problem ? error : new Problem(0, "") }));
      }
    };
    const timer = setTimeout(() => void ask(), waitMs);
    const again = setInterval(() => document.visibilityState === "visible" && void ask(), 10_000);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
      stop.abort();
    };
  }, [id, text, body]);
  return state;
}

function Tried({
  id,
  preview: { data, problem },
  pasted,
  onPaste,
  onPropose,
}: {
  readonly id: string;
  readonly preview: Previewed;
  readonly pasted: string;
  readonly onPaste: (body: string) => void;
  readonly onPropose?: (config: Config) => void;
}): JSX.Element {
  const w = said(words);
  const [chosen, setChosen] = useState<string | null>(null);
  const items = data?.items ?? [];
  const kept = items.filter((each) => each.n !== null);
  const first = kept[0]?.n;
  const choice = chosen ?? (first == null ? "paste" : String(first));
  const item = items.find((each) => String(each.n ?? "paste") === choice);
  const read = useRead(`received/${id}/${choice}`, async () =>
    choice === "paste" ? null : call("getReceived", { id, n: choice }),
  );
  const raw = choice === "paste" ? pasted : (read.data?.raw ?? "");
  const guess = useMemo(() => proposal(raw), [raw]);
  const readable = kept.filter((each) => each.unreadable === null).length;
  return (
    <section class="card preview" aria-label={w.would}>
      <header>
        <h2>{w.would}</h2>
        {kept.length > 0 && (
          <span class={`badge ${readable === kept.length ? "go" : "look"}`}>{w.reads(readable, kept.length)}</span>
        )}
      </header>
      <div class="body stack">
        <SelectField
          label={w.example}
          value={choice}
          onChange={setChosen}
          choices={[
            ...kept.map((each) => ({
              value: String(each.n),
              text: `${each.unreadable === null ? "✓" : "✗"} ${w.number(each.n ?? 0)}, ${each.at === null ? "" : dateTime(each.at)}`,
            })),
            { value: "paste", text: w.pasteIt },
          ]}
        />
        {choice === "paste" && (
          <TextField
            label={w.paste}
            lines={6}
            value={pasted}
            onInput={onPaste}
            {...(kept.length === 0 ? { hint: w.noneToTry } : {})}
          />
        )}
        {onPropose !== undefined && guess !== null && (
          <div class="stack-s">
            <div>
              <Button icon="pen" tone="go" size="small" onClick={() => onPropose(guess)}>
                {w.propose}
              </Button>
            </div>
            <p class="soft small">{w.proposed}</p>
          </div>
        )}
        {problem !== null && <Trouble problem={problem} />}
        {data === null && problem === null && <Skeleton lines={3} />}
        <div class="stack" aria-live="polite">
          {item?.unreadable != null && <p class="note">{item.unreadable}</p>}
          {item !== undefined && item.unreadable === null && item.alerts.length === 0 && (
            <p class="soft">{item.orders ?? w.wouldNone}</p>
          )}
          {item?.alerts.map((alert, i) => (
            <Would key={`${i}-${alert.dedupKey}`} alert={alert} />
          ))}
        </div>
        {choice !== "paste" && raw !== "" && (
          <details open>
            <summary>{w.body}</summary>
            <pre class="raw" tabIndex={0}>
              {laidOut(raw) ?? raw}
            </pre>
          </details>
        )}
      </div>
    </section>
  );
}
