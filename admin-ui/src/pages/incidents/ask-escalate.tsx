// Owns the question before an escalation: it pages people, and that cannot be taken back.

import type { JSX } from "preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { said } from "../../lib/messages.ts";
import { escalate } from "./act.ts";
import { words } from "./words.ts";

/** `quiet`: nobody was paged for it so far, and its first step begins. */
export function AskEscalate({
  ids,
  quiet = false,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly quiet?: boolean;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  return (
    <Dialog title={quiet ? w.pageAsk : w.escalateAsk} onClose={onClose}>
      <p>{quiet ? w.pageText : w.escalateText}</p>
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" autofocus onClick={() => escalate(ids).finally(onClose)}>
          {quiet ? w.pageNow : w.escalate}
        </Button>
      </div>
    </Dialog>
  );
}
