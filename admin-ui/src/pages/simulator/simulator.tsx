// Owns the simulator: an alert or a body, an instant in the tenant's zone, and what would become of it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Field, SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { Empty, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Simulation } from "../../lib/setup-shapes.ts";
import { dateTime, viewerZone } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import { addDays, instantOfWall, wallOf, weekStart } from "../../lib/zones.ts";
import type { PageProps } from "../../pages.ts";
import { Outcome } from "./outcome.tsx";
import "./simulator.css";
import { words } from "./words.ts";

const severities = ["critical", "error", "warning", "info"] as const;

export default function Simulator(_: PageProps): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [, go] = useLocation();
  const asked = new URLSearchParams(useSearch());
  const zone = names.timeZone;
  const [chosen, setChosen] = useState(asked.get("integration") ?? "");
  const [way, setWay] = useState<"alert" | "body">("alert");
  const [title, setTitle] = useState("Payments fail");
  const [severity, setSeverity] = useState<(typeof severities)[number]>("critical");
  const [labels, setLabels] = useState("");
  const [body, setBody] = useState("");
  const [at, setAt] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [result, setResult] = useState<Simulation | null>(null);
  const [busy, setBusy] = useState(false);
  const integration = names.integrations.find((each) => each.id === chosen)?.id ?? names.integrations[0]?.id ?? "";
  const read = labelsOf(labels);
  const instant = at === "" ? null : instantOfWall(at, zone);
  const alert = { title, severity, labels: read ?? {} };

  async function run(): Promise<void> {
    if (busy || read === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const what = way === "alert" ? { alert } : { body };
      const when = instant === null ? {} : { at: new Date(instant).toISOString() };
      setResult(await call("simulate", { body: { integration, ...what, ...when } }));
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
      setResult(null);
    }
    setBusy(false);
  }
  async function sendIt(): Promise<void> {
    try {
      const { results } = await call("sendTestAlert", { id: integration, body: { page: true, alert } });
      const incident = results[0]?.incident ?? null;
      refresh("incidents");
      tell(results[0]?.action === "triggered" ? w.sent : (w.actions[results[0]?.action ?? ""] ?? ""), {
        forMs: 12_000,
        ...(incident === null ? {} : { action: { label: w.show, run: () => go(`/t/${tenant.value}/incidents/${incident}`) } }),
      });
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
    }
  }
  function night(): void {
    const monday = weekStart(Date.now(), zone);
    setAt(`${wallOf(addDays(monday, 6, zone), zone).slice(0, 11)}03:12`);
  }
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
      </div>
      {names.version > 0 && names.integrations.length === 0 ? (
        <Empty icon="flask" title={w.none}>
          <p>{w.noneHint}</p>
          {allowed("createIntegration") && (
            <Link class="button go" href={`/t/${tenant.value}/integrations/add`}>
              {w.add}
            </Link>
          )}
        </Empty>
      ) : (
        <div class="simulator">
          <form
            class="card padded stack"
            onSubmit={(event) => {
              event.preventDefault();
              void run();
            }}
          >
            <SelectField
              label={w.integration}
              value={integration}
              onChange={setChosen}
              choices={names.integrations.map((each) => ({
                value: each.id,
                text: `${each.name} (${names.source(each.source)})`,
              }))}
            />
            <div class="chips" role="group" aria-label={w.what}>
              {(["alert", "body"] as const).map((each) => (
                <button key={each} type="button" class="chip" aria-pressed={way === each} onClick={() => setWay(each)}>
                  {w.ways[each]}
                </button>
              ))}
            </div>
            {way === "alert" ? (
              <>
                <TextField label={w.alertTitle} value={title} onInput={setTitle} maxLength={255} required />
                <SelectField
                  label={w.severity}
                  value={severity}
                  onChange={(value) => setSeverity(severities.find((each) => each === value) ?? "critical")}
                  choices={severities.map((value) => ({ value, text: value }))}
                />
                <TextField
                  label={w.labels}
                  hint={w.labelsHint}
                  lines={2}
                  value={labels}
                  onInput={setLabels}
                  wrong={read === null ? w.labelsWrong : null}
                />
              </>
            ) : (
              <TextField label={w.body} hint={w.bodyHint} lines={8} value={body} onInput={setBody} required />
            )}
            <Field
              label={w.at}
              hint={w.atHint(zone) + (instant === null || zone === viewerZone ? "" : ` · ${w.yours(dateTime(instant))}`)}
            >
              {(tied) => (
                <input
                  class="input"
                  type="datetime-local"
                  value={at === "" ? wallOf(Date.now(), zone) : at}
                  onInput={(event) => setAt(event.currentTarget.value)}
                  {...tied}
                />
              )}
            </Field>
            <div class="row">
              <Button size="small" onClick={() => setAt("")}>
                {w.now}
              </Button>
              <Button size="small" icon="moon" onClick={night}>
                {w.night}
              </Button>
            </div>
            <Button type="submit" tone="go" icon="flask" busy={busy}>
              {w.run}
            </Button>
          </form>
          <div class="stack" aria-live="polite">
            {problem !== null && <Trouble problem={problem} />}
            {problem === null && result === null && (
              <div class="to-come">
                <Icon name="flask" size={34} />
                <h2>{w.toCome}</h2>
                <ol>
                  {w.toComeParts.map((each) => (
                    <li key={each}>{each}</li>
                  ))}
                </ol>
              </div>
            )}
            {result?.alerts.length === 0 && <p>{w.noAlerts}</p>}
            {result?.alerts.map((each, i) => (
              <Outcome key={i} result={each} at={result.at} names={names} />
            ))}
            {result !== null && (
              <details class="card padded">
                <summary>{w.assumed}</summary>
                <ul class="bullets soft small">
                  {result.assumed.map((each) => (
                    <li key={each}>{each}</li>
                  ))}
                </ul>
              </details>
            )}
            {result !== null && way === "alert" && allowed("sendTestAlert") && (
              <div class="row">
                <Button icon="send" onClick={sendIt}>
                  {w.send}
                </Button>
                <span class="soft small">{w.sendHint}</span>
              </div>
            )}
          </div>
        </div>
      )}
    </>
  );
}

/** Null: some line is none. */
function labelsOf(text: string): Record<string, string> | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const pairs = lines.map((line) => /^\s*([^=\s]+)\s*=(.*)$/.exec(line));
  if (pairs.some((pair) => pair === null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", (pair?.[2] ?? "").trim()]));
}
