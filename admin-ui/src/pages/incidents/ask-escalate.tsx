// Owns the question before an escalation: it pages people, and that cannot be taken back.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { said } from "../../lib/messages.ts";
import { escalate } from "./act.ts";
import { words } from "./words.ts";

export function AskEscalate({ ids, onClose }: { readonly ids: readonly string[]; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  return (
    <Dialog title={w.escalateAsk} onClose={onClose}>
      <p>{w.escalateText}</p>
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" autofocus onClick={() => escalate(ids).finally(onClose)}>
          {w.escalate}
        </Button>
      </div>
    </Dialog>
  );
}
