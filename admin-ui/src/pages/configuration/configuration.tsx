// Owns the tenant's document as text: read, changed, planned, applied; nothing of it happens before its plan was seen.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Copyable } from "../../design/copy.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Code, type CodeMark } from "../../design/editor/code.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Problem, send, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { useKeys } from "../../lib/keys.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { ConfigAnswer, DocumentFinding } from "../../lib/shapes-routes.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import { Findings, Plan } from "./plan.tsx";
import { words } from "./words.ts";
import { yamlProposals, type Ids, type SchemaNode } from "./yaml-proposals.ts";
import "../../design/editing.css";
import "./configuration.css";

interface Stored {
  readonly text: string;
  readonly version: number;
}
interface Planned {
  readonly text: string;
  readonly prune: string;
  readonly answer: ConfigAnswer | null;
  readonly problem: Problem | null;
}

const prunable = ["overrides", "maintenance", "silences", "contacts", "rules"] as const;
const fileBytesMax = 2_000_000;
/** A document this long is planned when asked, not while one types. */
const plannedUnasked = 200_000;
const waitMs = 900;

export default function Configuration(_: PageProps): JSX.Element {
  const w = said(words);
  const [stored, setStored] = useState<Stored | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [text, setText] = useState("");
  const [prune, setPrune] = useState<readonly string[]>([]);
  const [planned, setPlanned] = useState<Planned | null>(null);
  const [busy, setBusy] = useState(false);
  const [issued, setIssued] = useState<ConfigAnswer["issued"]>([]);
  const schema = useSchema();
  const ids = useIds();
  const goTo = useRef<(from: number) => void>(() => undefined);
  const file = useRef<HTMLInputElement>(null);
  const pruned = prune.join(",");
  const dirty = stored !== null && (text !== stored.text || pruned !== "");
  const present = planned !== null && planned.text === text && planned.prune === pruned;

  async function load(): Promise<void> {
    setFailed(null);
    try {
      const answer = await send("getConfig", {});
      const version = Number((answer.headers.get("etag") ?? "").replaceAll('"', ""));
      const read = await answer.text();
      setStored({ text: read, version });
      setText(read);
      setPrune([]);
      setPlanned(null);
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), []);

  /** `version` null: whatever is there. */
  async function put(dryRun: boolean, version: number | null): Promise<ConfigAnswer> {
    const headers = {
      "content-type": "application/yaml",
      ...(version === null ? {} : { "if-match": `"${version}"` }),
    };
    const answer = await send("putConfig", { query: { dryRun, prune: pruned }, body: text, headers });
    return (await answer.json()) as ConfigAnswer;
  }
  async function plan(version: number | null = stored?.version ?? null): Promise<void> {
    const of = { text, prune: pruned };
    setBusy(true);
    try {
      const answer = await put(true, version);
      setPlanned({ ...of, answer, problem: null });
      if (version === null && stored !== null) setStored({ ...stored, version: answer.version });
    } catch (error) {
      setPlanned({ ...of, answer: null, problem: error instanceof Problem ? error : new Problem(0, String(error)) });
    }
    setBusy(false);
  }
  async function apply(): Promise<void> {
    if (stored === null || !present) return;
    try {
      const answer = await put(false, stored.version);
      setIssued(answer.issued);
      tell(answer.detail === undefined ? w.applied(answer.version) : w.later);
      refresh("directory", "routes", "policies", "services", "teams", "users", "schedules", "integrations", "oncall");
      await load();
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, String(error));
      setPlanned({ text, prune: pruned, answer: null, problem });
    }
  }
  useEffect(() => {
    if (!dirty) return setPlanned(null);
    if (text.length > plannedUnasked) return undefined;
    const timer = setTimeout(() => void plan(), waitMs);
    return () => clearTimeout(timer);
  }, [text, pruned, dirty]);
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  useKeys([{ key: "mod+s", does: w.plan, run: () => dirty && void plan(), always: true }]);

  const errors = findingsOf(planned?.problem ?? null);
  const marks = useMemo(
    (): readonly CodeMark[] =>
      present
        ? [
            ...errors.flatMap((each) => markOf(text, each, "bad")),
            ...(planned?.answer?.warnings ?? []).flatMap((each) => markOf(text, each, "look")),
          ]
        : [],
    [planned, present],
  );
  if (failed !== null) return <Trouble problem={failed} onAgain={load} />;
  if (stored === null) return <Skeleton lines={10} />;
  const changes = planned?.answer?.changes ?? [];
  const toLine = (line: number, column: number | null = null): void => goTo.current(offsetOf(text, line, column ?? 1));
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
        <div class="row">
          <Button icon="file" onClick={() => file.current?.click()}>
            {w.upload}
          </Button>
          <Button icon="down" onClick={() => download(text)}>
            {w.download}
          </Button>
          <input
            ref={file}
            type="file"
            hidden
            aria-label={w.upload}
            accept=".yaml,.yml,.json,application/yaml,application/json"
            onChange={(event) => {
              const [chosen] = event.currentTarget.files ?? [];
              event.currentTarget.value = "";
              if (chosen === undefined) return;
              if (chosen.size > fileBytesMax) return tell(w.tooBig, { tone: "bad" });
              void chosen.text().then(setText);
            }}
          />
        </div>
      </div>
      <div class="configuration">
        <div class="stack">
          <div class="field">
            <span class="spread">
              <span class="fields-label">{w.document}</span>
              <span class="soft small num">{w.version(stored.version)}</span>
            </span>
            <Code
              language="yaml"
              tall
              label={w.document}
              value={text}
              onInput={setText}
              marks={marks}
              invalid={errors.length > 0}
              handle={(to) => {
                goTo.current = to;
              }}
              complete={(whole, pos, explicit) => (schema === null ? null : yamlProposals(schema, ids, whole, pos, explicit))}
            />
          </div>
          <details class="card padded" open={prune.length > 0}>
            <summary>{w.prune}</summary>
            <fieldset class="stack-s">
              <legend class="soft small">{w.pruneHint}</legend>
              {prunable.map((kind) => (
                <label key={kind} class="tick">
                  <input
                    type="checkbox"
                    checked={prune.includes(kind)}
                    onChange={(event) =>
                      setPrune(event.currentTarget.checked ? [...prune, kind] : prune.filter((each) => each !== kind))
                    }
                  />
                  <span>{w.prunes[kind]}</span>
                </label>
              ))}
            </fieldset>
          </details>
        </div>
        <section class="card" aria-labelledby="plan">
          <header>
            <h2 id="plan">{w.planTitle}</h2>
            {dirty && <span class="soft small">{w.unsaved}</span>}
          </header>
          <div class="body stack" aria-live="polite">
            {planned === null && <p class="soft">{w.planNone}</p>}
            {planned !== null && !present && <p class="note">{w.planOld}</p>}
            {planned?.problem?.status === 412 && (
              <div class="note stack-s" role="alert">
                <p>{w.conflict}</p>
                <div class="row">
                  <Button size="small" onClick={load}>
                    {w.theirs}
                  </Button>
                  <Button size="small" tone="bad" onClick={() => plan(null)}>
                    {w.mine}
                  </Button>
                </div>
              </div>
            )}
            {planned?.problem != null && planned.problem.status !== 412 && (
              <>
                {errors.length > 0 ? (
                  <Findings title={w.errors(errors.length)} findings={errors} onLine={toLine} bad />
                ) : (
                  <Trouble problem={planned.problem} />
                )}
              </>
            )}
            {planned?.answer != null && <Plan plan={planned.answer} onLine={toLine} />}
            <div class="row">
              {changes.length > 0 && (
                <Button tone="go" disabled={!present} onClick={apply}>
                  {w.apply(changes.length)}
                </Button>
              )}
              <Button busy={busy} disabled={!dirty} onClick={() => plan()}>
                {w.plan}
              </Button>
              {dirty && <Button onClick={load}>{w.discard}</Button>}
            </div>
          </div>
        </section>
      </div>
      {issued.length > 0 && (
        <Dialog title={w.keys} wide onClose={() => setIssued([])}>
          {issued.map(({ kind, id, key, url }) => (
            <Copyable key={`${kind}/${id}`} label={`${w.kinds[kind] ?? kind} ${id}`} value={url ?? key} />
          ))}
          <div class="actions">
            <Button tone="go" onClick={() => setIssued([])}>
              {w.done}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function useSchema(): SchemaNode | null {
  const [schema, setSchema] = useState<SchemaNode | null>(null);
  useEffect(() => {
    // Without it, nothing is proposed.
    fetch("/api/v1/schema/tenant.json").then(
      async (answer) => answer.ok && setSchema((await answer.json()) as SchemaNode),
      () => undefined,
    );
  }, []);
  return schema;
}

/** Ids that are there, by the key that names them. */
function useIds(): Ids {
  const { users, teams, services, policies, schedules, businessHours, severities } = useDirectory();
  const of = (list: readonly { readonly id: string }[]): readonly string[] => list.map((each) => each.id);
  return {
    user: of(users),
    users: of(users),
    members: of(users),
    managers: of(users),
    team: of(teams),
    service: of(services),
    policy: of(policies),
    policies: of(policies),
    schedule: of(schedules),
    hours: of(businessHours),
    waitFor: of(businessHours),
    severity: severities,
  };
}

function findingsOf(problem: Problem | null): readonly DocumentFinding[] {
  const errors = problem?.members["errors"];
  return problem?.status === 422 && Array.isArray(errors) ? (errors as readonly DocumentFinding[]) : [];
}

function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", at);
    if (next < 0) break;
    at = next + 1;
  }
  return Math.min(at + column - 1, text.length);
}

/** From its place to the end of the line. */
function markOf(text: string, { line, column, message }: DocumentFinding, tone: CodeMark["tone"]): CodeMark[] {
  if (line === null) return [];
  const from = offsetOf(text, line, column ?? 1);
  const end = text.indexOf("\n", from);
  return [{ from, to: end < 0 ? text.length : end, message, tone, wholeLine: true }];
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${tenant.value ?? "tenant"}.yaml`;
  link.click();
  URL.revokeObjectURL(url);
}
