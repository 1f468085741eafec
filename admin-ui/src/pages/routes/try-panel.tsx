// Owns choosing what the routes are tried on, and saying where it goes.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Field, SelectField, TextField } from "../../design/field.tsx";
import { Severity } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, tenant, type Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import { clock, dateTime } from "../../lib/time.ts";
import type { ReceivedRow } from "../../lib/received-shapes.ts";
import type { RouteWords } from "../../lib/shapes-routes.ts";
import { Compare } from "./compare.tsx";
import { words } from "./route-words.ts";
import type { Sample, Trying } from "./trial.ts";

const severities = ["critical", "error", "warning", "info", "unknown"] as const;
const written = "-";

export function TryPanel({
  trying,
  routes,
  draft,
  onSample,
}: {
  readonly trying: Trying;
  /** Those that are tried. */
  readonly routes: readonly RouteWords[];
  /** The routes tried are not those in force. */
  readonly draft: boolean;
  readonly onSample: (sample: Sample | null) => void;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const recent = useRead("incidents?routes", () => call("listIncidents", { query: { limit: 30, status: everyStatus } }));
  const received = useReceived(names.integrations);
  const came = recent.data?.items.filter((each) => each.source !== "manual") ?? [];
  const [picked, setPicked] = useState<string | null>(null);
  // Until somebody chooses: what came in last, or one that is written where nothing did.
  const chosen = picked ?? came[0]?.id ?? (recent.data === null ? "" : written);
  const body = receivedOf(chosen);
  return (
    <section class="card try" aria-labelledby="try">
      <header>
        <h2 id="try">{w.tryTitle}</h2>
        {draft && <span class="badge info">{w.tryDraft}</span>}
      </header>
      <div class="body stack">
        <p class="soft small">{w.tryLead}</p>
        <Field label={w.tryWhat}>
          {(tied) => (
            <select class="input" value={chosen} onChange={(event) => setPicked(event.currentTarget.value)} {...tied}>
              <option value="">{w.tryNone}</option>
              <option value={written}>{w.tryWritten}</option>
              <optgroup label={w.tryRecent}>
                {came.map((each) => (
                  <option key={each.id} value={each.id}>
                    {each.title}
                  </option>
                ))}
              </optgroup>
              {received.map(({ integration, bodies }) => (
                <optgroup key={integration.id} label={w.tryReceived(integration.name)}>
                  {bodies.map((each) => (
                    <option key={each.n} value={`${receivedPrefix}${integration.id} ${each.n}`}>
                      {`${clock(each.at)} ${each.alerts[0]?.title ?? w.tryEmpty}`}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Field>
        {chosen === written ? (
          <WrittenAlert integrations={names.integrations} onSample={onSample} />
        ) : body !== null ? (
          <ReceivedBody key={chosen} integration={body.integration} n={body.n} onSample={onSample} />
        ) : (
          <ReceivedAlert incident={chosen === "" ? null : chosen} onSample={onSample} />
        )}
        <div aria-live="polite" class="stack">
          <Decided trying={trying} routes={routes} />
        </div>
        {draft && allowed("replay") && <Compare routes={routes} />}
      </div>
    </section>
  );
}

const everyStatus = "held,suppressed,triggered,acknowledged,resolved";

/** An incident's id begins otherwise. */
const receivedPrefix = "received ";
const bodiesShown = 8;
const integrationsAsked = 12;

function receivedOf(chosen: string): { readonly integration: string; readonly n: string } | null {
  const [, integration, n] = /^received (\S+) (\d+)$/.exec(chosen) ?? [];
  return integration === undefined || n === undefined ? null : { integration, n };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The last bodies of each integration that received any. */
function useReceived(
  integrations: readonly Named[],
): readonly { readonly integration: Named; readonly bodies: readonly ReceivedRow[] }[] {
  const asked = integrations.slice(0, integrationsAsked);
  const found = useRead(`routes/received/${asked.map((each) => each.id).join(",")}`, () =>
    Promise.all(
      asked.map(async (integration) => {
        const answer = await call("listReceived", { id: integration.id, query: { limit: bodiesShown } }).catch(() => null);
        return { integration, bodies: answer?.items.filter((each) => !each.cut) ?? [] };
      }),
    ),
  );
  return found.data?.filter((each) => each.bodies.length > 0) ?? [];
}

function ReceivedBody({
  integration,
  n,
  onSample,
}: {
  readonly integration: string;
  readonly n: string;
  readonly onSample: (sample: Sample | null) => void;
}): JSX.Element {
  const w = said(words);
  const body = useRead(`routes/received/${integration}/${n}`, () => call("getReceived", { id: integration, n }));
  const { data } = body;
  useEffect(() => {
    if (data === null) return onSample(null);
    onSample({ integration, body: data.raw, headers: data.headers, dedupKey: null, at: data.at });
  }, [data]);
  if (body.error !== null) return <p class="soft small">{w.tryGone}</p>;
  return data === null ? <Skeleton lines={1} /> : <p class="soft small">{w.tryAt(dateTime(data.at))}</p>;
}

function ReceivedAlert({
  incident,
  onSample,
}: {
  readonly incident: string | null;
  readonly onSample: (sample: Sample | null) => void;
}): JSX.Element | null {
  const w = said(words);
  const [state, setState] = useState<"none" | "reading" | "gone" | { readonly at: string }>("none");
  useEffect(() => {
    onSample(null);
    if (incident === null) return setState("none");
    let here = true;
    setState("reading");
    Promise.all([call("getIncidentAlerts", { incident }), call("getIncident", { incident })]).then(
      ([{ items }, { labels }]) => {
        if (!here) return;
        const alert = items.find((each) => each.raw !== null && each.integration !== null);
        if (alert?.integration == null || alert.raw === null) return setState("gone");
        const { integration, raw, dedupKey, title, severity, firstAt } = alert;
        setState({ at: firstAt });
        onSample({ integration, body: raw, dedupKey, at: firstAt, instead: { title, severity, labels } });
      },
      () => here && setState("gone"),
    );
    return () => {
      here = false;
    };
  }, [incident]);
  if (state === "none") return null;
  if (state === "reading") return <Skeleton lines={2} />;
  return <p class="soft small">{state === "gone" ? w.tryGone : w.tryAt(dateTime(state.at))}</p>;
}

function WrittenAlert({
  integrations,
  onSample,
}: {
  readonly integrations: readonly { readonly id: string; readonly name: string }[];
  readonly onSample: (sample: Sample | null) => void;
}): JSX.Element {
  const w = said(words);
  const [chosen, setChosen] = useState("");
  const [title, setTitle] = useState("Payments fail");
  const [severity, setSeverity] = useState<string>("critical");
  const [labels, setLabels] = useState("");
  const integration = chosen === "" ? (integrations[0]?.id ?? "") : chosen;
  const read = labelsOf(labels);
  useEffect(() => {
    onSample(
      integration === "" || read === null
        ? null
        : { integration, alert: { title, severity, labels: read }, dedupKey: null, at: null },
    );
  }, [integration, title, severity, labels]);
  return (
    <>
      <SelectField
        label={w.tryIntegration}
        value={integration}
        onChange={setChosen}
        choices={integrations.map(({ id, name }) => ({ value: id, text: name }))}
      />
      <TextField label={w.tryAlertTitle} value={title} onInput={setTitle} maxLength={255} />
      <SelectField
        label={w.trySeverity}
        value={severity}
        onChange={setSeverity}
        choices={severities.map((value) => ({ value, text: value }))}
      />
      <TextField
        label={w.tryLabels}
        hint={w.tryLabelsHint}
        lines={3}
        value={labels}
        onInput={setLabels}
        wrong={read === null ? w.tryLabelsWrong : null}
      />
    </>
  );
}

/** A draft that is not whole yet says which route is in the way; anything else is trouble. */
function Refused({ problem, routes }: { readonly problem: Problem; readonly routes: readonly RouteWords[] }): JSX.Element {
  const w = said(words);
  const errors = (problem.members["errors"] ?? []) as readonly { readonly path: string; readonly message: string }[];
  const named = errors.flatMap(({ path, message }) => {
    const at = /^routes\[(\d+)\]/.exec(path)?.[1];
    return at === undefined ? [] : [{ id: routes[Number(at)]?.id ?? path, message }];
  });
  if (named.length === 0) return <Trouble problem={problem} />;
  return (
    <div class="note stack-s">
      <b>{w.tryTrouble}</b>
      {named.map(({ id, message }) => (
        <p key={id + message}>
          <b>{id}</b>: {message.replace(/ \(in the expression: .*\)$/, "")}
        </p>
      ))}
    </div>
  );
}

function Decided({
  trying: { trial, problem, busy },
  routes,
}: {
  readonly trying: Trying;
  readonly routes: readonly RouteWords[];
}): JSX.Element | null {
  const w = said(words);
  const names = useDirectory();
  if (problem !== null) return <Refused problem={problem} routes={routes} />;
  if (trial === null) return busy ? <Skeleton lines={3} /> : null;
  const { result, alerts, instead } = trial;
  const pages = result.action === "triggered";
  const decided = result.routes.filter((each) => each.matched).map((each) => each.id);
  return (
    <div class={`stack-s decided ${busy ? "stale" : ""}`}>
      <div class="row">
        <span class={`badge ${pages ? "bad" : "look"}`}>{w.actions[result.action] ?? result.action}</span>
        {result.severity !== null && <Severity name={result.severity} rank={names.rank(result.severity)} />}
        {result.urgency === "low" && <span class="badge">{w.urgencies.low}</span>}
      </div>
      <dl class="facts">
        <dt>{w.decided}</dt>
        <dd>{decided.length === 0 ? w.byIntegration : decided.join(", ")}</dd>
        <dt>{w.service}</dt>
        <dd>{result.service === null ? w.noService : names.service(result.service)}</dd>
        <dt>{w.policy}</dt>
        <dd>{result.policies.length === 0 ? w.noPolicy : result.policies.map(names.policy).join(", ")}</dd>
      </dl>
      {result.suppressedBy !== null && <p>{w.suppressed(result.suppressedBy)}</p>}
      {result.notes.map((note) => (
        <p key={note} class="note">
          {note}
        </p>
      ))}
      {alerts > 1 && <p class="soft small">{w.whichAlert(alerts)}</p>}
      {instead && <p class="soft small">{w.tryWithout}</p>}
      <p class="small">
        <Link href={`/t/${tenant.value}/simulator`}>{w.trySimulator}</Link>
      </p>
    </div>
  );
}

/** Null: some line is none. */
function labelsOf(text: string): Record<string, string> | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*([^=\s]+)\s*=(.*)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", (pair?.[2] ?? "").trim()]));
}
