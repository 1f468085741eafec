// Owns trying a version against a body: one typed in, or one that an integration received, with that integration's settings; and the
// alerts it becomes, as a person reads them.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import type { OwnTried } from "../../lib/own-plugins-shapes.ts";
import { useRead } from "../../lib/query.ts";
import { dateTime } from "../../lib/time.ts";
import { Would } from "../integrations/would.tsx";
import { words } from "./words.ts";

interface Chosen {
  readonly id: string;
  readonly settings: string;
  readonly format: "any" | "json" | "form" | "xml" | "text";
}

export function Try({
  id,
  version,
  usedBy,
}: {
  readonly id: string;
  readonly version: number;
  readonly usedBy: readonly string[];
}): JSX.Element {
  const w = said(words);
  const integrations = useRead("integrations?try", () => call("listIntegrations", { query: { limit: 200 } }));
  const [from, setFrom] = useState<Chosen | null>(null);
  const received = useRead(`received/${from?.id ?? ""}?try`, async () =>
    from === null ? null : call("listReceived", { id: from.id, query: { limit: 20 } }),
  );
  const [settings, setSettings] = useState("{}");
  const [body, setBody] = useState("");
  const [headers, setHeaders] = useState<Readonly<Record<string, string>>>({});
  const [tried, setTried] = useState<OwnTried | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [broken, setBroken] = useState<string | null>(null);
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    setTried(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
  };
  function choose(integration: string): void {
    const found = integrations.data?.items.find((each) => each.id === integration);
    if (found === undefined) return setFrom(null);
    const own = usedBy.includes(found.id) ? (found.config ?? {}) : {};
    const text = JSON.stringify(own["settings"] ?? {}, null, 2);
    setFrom({ id: found.id, settings: text, format: (own["format"] as Chosen["format"] | undefined) ?? "any" });
    setSettings(text);
    setTried(null);
  }
  const take = (n: string): Promise<void> =>
    guarded(async () => {
      const whole = await call("getReceived", { id: from?.id ?? "", n });
      setBody(whole.raw);
      setHeaders(whole.headers);
    });
  async function read(): Promise<void> {
    setBroken(null);
    let given: Readonly<Record<string, never>>;
    try {
      given = settings.trim() === "" ? {} : (JSON.parse(settings) as typeof given);
    } catch (error) {
      return setBroken(w.notJson + (error instanceof Error ? error.message : ""));
    }
    const asked = { body, headers, settings: given, format: from?.format ?? ("any" as const) };
    await guarded(async () => setTried(await call("tryOwnPlugin", { id, version: String(version), body: asked })));
  }
  const names = integrations.data?.items.toSorted((a, b) => Number(usedBy.includes(b.id)) - Number(usedBy.includes(a.id))) ?? [];
  const bodies = received.data?.items.filter((each) => each.outcome !== "refused") ?? [];
  return (
    <section class="card padded stack">
      <div>
        <h2>{w.tryIt}</h2>
        <p class="soft small">
          {w.tryHint} ({w.version(version)})
        </p>
      </div>
      <div class="form-grid">
        <SelectField
          label={w.asOf}
          hint={w.asOfHint}
          value={from?.id ?? ""}
          onChange={choose}
          choices={[{ value: "", text: w.asOfNone }, ...names.map((each) => ({ value: each.id, text: each.name ?? each.id }))]}
        />
        {from !== null && (
          <SelectField
            label={w.take}
            {...(received.data !== null && bodies.length === 0 ? { hint: w.nothingCame } : {})}
            value=""
            onChange={(n) => n !== "" && void take(n)}
            choices={[
              { value: "", text: w.takeNone },
              ...bodies.map((each) => ({
                value: String(each.n),
                text: `${dateTime(each.at)} ${each.start.replaceAll(/\s+/g, " ").slice(0, 40)}`,
              })),
            ]}
          />
        )}
      </div>
      <TextField
        label={w.body}
        value={body}
        onInput={(value) => {
          setBody(value);
          setHeaders({});
          setTried(null);
        }}
        lines={6}
      />
      <TextField label={w.settings} hint={w.settingsHint} value={settings} onInput={setSettings} lines={3} wrong={broken} />
      <div>
        <Button tone="go" onClick={read}>
          {w.read}
        </Button>
      </div>
      {problem !== null && <Trouble problem={problem} />}
      <div role="status" class="stack-s">
        {tried !== null &&
          (tried.unreadable === null ? (
            <>
              <p>{w.becomes(tried.total)}</p>
              {tried.alerts.map((alert, i) => (
                <Would key={i} alert={alert} />
              ))}
            </>
          ) : (
            <p class="wrong">
              {w.unreadable} {tried.unreadable}
              {tried.line !== null && ` (${w.line(tried.line)})`}
            </p>
          ))}
      </div>
    </section>
  );
}
