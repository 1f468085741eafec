// Owns trying a version against a body: one typed in, or the last that an integration received.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import type { OwnTried } from "../../lib/own-plugins-shapes.ts";
import { useRead } from "../../lib/query.ts";
import { tell } from "../../lib/toast.ts";
import { words } from "./words.ts";

export function Try({ id, version }: { readonly id: string; readonly version: number }): JSX.Element {
  const w = said(words);
  const integrations = useRead("integrations?try", () => call("listIntegrations", { query: { limit: 200 } }));
  const [body, setBody] = useState("");
  const [headers, setHeaders] = useState<Readonly<Record<string, string>>>({});
  const [tried, setTried] = useState<OwnTried | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
  };
  const take = (integration: string): Promise<void> =>
    guarded(async () => {
      const { items } = await call("listReceived", { id: integration, query: { limit: 1 } });
      const last = items[0];
      if (last === undefined) return tell(w.nothingCame);
      const whole = await call("getReceived", { id: integration, n: String(last.n) });
      setBody(whole.raw);
      setHeaders(whole.headers);
    });
  const read = (): Promise<void> =>
    guarded(async () => setTried(await call("tryOwnPlugin", { id, version: String(version), body: { body, headers } })));
  return (
    <section class="card padded stack">
      <div>
        <h2>{w.tryIt}</h2>
        <p class="soft small">
          {w.tryHint} ({w.version(version)})
        </p>
      </div>
      <SelectField
        label={w.take}
        value=""
        onChange={(value) => value !== "" && void take(value)}
        choices={[
          { value: "", text: w.takeNone },
          ...(integrations.data?.items.map((each) => ({ value: each.id, text: each.name ?? each.id })) ?? []),
        ]}
      />
      <TextField
        label={w.body}
        value={body}
        onInput={(value) => {
          setBody(value);
          setTried(null);
        }}
        lines={6}
      />
      <div>
        <Button onClick={read}>{w.read}</Button>
      </div>
      {problem !== null && <Trouble problem={problem} />}
      <div role="status" class="stack-s">
        {tried !== null &&
          (tried.unreadable === null ? (
            <>
              <p>{w.becomes(tried.alerts.length)}</p>
              <pre class="raw" tabIndex={0}>
                {JSON.stringify(tried.alerts, null, 2)}
              </pre>
            </>
          ) : (
            <p class="wrong">
              {w.unreadable} {tried.unreadable}
            </p>
          ))}
      </div>
    </section>
  );
}
