// Owns trying a notifier or connector: one page or post by its real provider, and in words what came of it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import type { SendTest } from "../../lib/board-shapes.ts";
import { useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { session } from "../../lib/session.ts";
import type { Plugin } from "../../lib/setup-shapes.ts";
import { ways, type Kind } from "./kind.ts";
import { words } from "./words.ts";

export function Test({
  kind,
  id,
  plugin,
  dirty,
}: {
  readonly kind: Kind;
  readonly id: string;
  readonly plugin: Plugin;
  /** What is typed is not what would be tried. */
  readonly dirty: boolean;
}): JSX.Element {
  const w = said(words);
  const own = useOwnAddress(kind, id, plugin);
  const [typed, setTyped] = useState<string | null>(null);
  const [result, setResult] = useState<SendTest | null>(null);
  const saving = useSaving();
  const to = typed ?? own;
  async function submit(): Promise<void> {
    setResult(null);
    await saving.save(null, async () => setResult(await ways[kind].test(id, to)));
    refresh(ways[kind].topic, "sent");
  }
  const good = result !== null && (result.status === "accepted" || result.status === "delivered");
  return (
    <form
      class="card padded stack-s"
      aria-labelledby="test"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 id="test">{w.test[kind]}</h2>
      {kind === "connector" && <p class="soft small">{w.testText}</p>}
      {kind === "notifier" && (
        <TextField
          label={plugin.target?.label ?? w.to}
          value={to}
          wrong={saving.wrongAt("to")}
          onInput={setTyped}
          {...(plugin.target === undefined ? {} : { placeholder: plugin.target.example })}
        />
      )}
      <div class="row">
        <Button type="submit" icon="send" busy={saving.busy} disabled={dirty}>
          {w.try[kind]}
        </Button>
        {dirty && <span class="soft small">{w.saveFirst}</span>}
      </div>
      <div role="status">
        {saving.problem !== null && saving.wrongAt("to") === null && <Trouble problem={saving.problem} />}
        {result !== null && (
          <p class={`note ${good ? "go" : ""}`}>
            {good ? w.testGood[kind] : w.testBad}
            {result.detail !== "" && `: ${result.detail}`}
            {!good && result.fix !== null && (
              <>
                <br />
                {w.fixes[result.fix]}
              </>
            )}
          </p>
        )}
      </div>
    </form>
  );
}

/** The signed-in person's own contact by it, else what fits of what is known of them. */
function useOwnAddress(kind: Kind, id: string, plugin: Plugin): string {
  const user = session.value?.tenant === null ? null : (session.value?.user ?? null);
  const person = useRead(`users/${user ?? "-"}`, async () =>
    user === null || kind === "connector" ? null : call("getUser", { id: user }),
  );
  const contact = person.data?.contacts.find((each) => each.via === id);
  return contact?.to ?? (plugin.channel === "email" ? (person.data?.email ?? "") : "");
}
