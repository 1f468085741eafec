// Owns what a sender that was just connected needs: its key, shown once, and the text that says where to put it.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { call } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import type { Integration } from "../../lib/setup-shapes.ts";
import { SetUp } from "../integrations/set-up.tsx";
import { IssuedKey } from "../integrations/dialogs.tsx";
import { words } from "./words.ts";

export default function Made({ made, onNext }: { readonly made: Integration; readonly onNext: () => void }): JSX.Element {
  const w = said(words);
  const plugin = useRead(`plugins/source/${made.source}`, () => call("getPlugin", { kind: "source", plugin: made.source }));
  const issued = made.issued?.[0];
  return (
    <>
      <h3>{w.ready(made.name ?? made.id)}</h3>
      {issued !== undefined && <IssuedKey issued={issued} />}
      <div class="guide-go">
        <Button tone="go" onClick={onNext}>
          {w.next}
        </Button>
      </div>
      {plugin.data !== null && <SetUp plugin={plugin.data} issued={issued} />}
    </>
  );
}
