// Owns what opens over a page's card: the question before an escalation, how long to snooze, and what is needed less often.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { TextField } from "../../design/field.tsx";
import { Icon, type IconName } from "../../design/icon.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import type { Directory } from "../../lib/directory.ts";
import { lazy } from "../../lib/lazy.tsx";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Move, OwnPage } from "../../lib/shapes.ts";
import { tell } from "../../lib/toast.ts";
import { AskEscalate } from "../incidents/ask-escalate.tsx";
import { resolve } from "./act.ts";
import { words } from "./words.ts";

/** Not needed for the first tap; kept by the service worker along with the page. */
const ActionDialog = lazy(async () => ({ default: (await import("../incidents/dialogs.tsx")).ActionDialog }));

export type Sheet = "escalate" | "snooze" | "more" | "note" | "responders" | "reassign" | "unack";

interface SheetProps {
  readonly page: OwnPage;
  readonly names: Directory;
  readonly onSheet: (sheet: Sheet | null) => void;
}

export function PageSheet({ sheet, ...props }: SheetProps & { readonly sheet: Sheet }): JSX.Element {
  const close = (): void => {
    props.onSheet(null);
    refresh("pages");
  };
  if (sheet === "escalate") return <AskEscalate ids={[props.page.id]} onClose={close} />;
  if (sheet === "note") return <Note page={props.page} onClose={close} />;
  if (sheet === "more") return <More {...props} />;
  return <ActionDialog asked={sheet} incident={props.page} names={props.names} onClose={close} />;
}

function More({ page, onSheet }: SheetProps): JSX.Element {
  const w = said(words);
  const can = (move: Move): boolean => page.moves?.includes(move) ?? false;
  const choices = (
    [
      ["note", "pen", w.note],
      ["responders", "people", w.responders],
      ["reassign", "swap", w.reassign],
      ["unack", "back", w.unack],
    ] as readonly (readonly ["note" | "responders" | "reassign" | "unack", IconName, string])[]
  ).filter(([move]) => can(move));
  return (
    <Dialog title={page.title} onClose={() => onSheet(null)}>
      <div class="sheet">
        {choices.map(([move, icon, text]) => (
          <button key={move} type="button" onClick={() => onSheet(move)}>
            <Icon name={icon} />
            {text}
          </button>
        ))}
        {can("resolve") && page.status === "triggered" && (
          <button type="button" onClick={() => (onSheet(null), void resolve(page))}>
            <Icon name="check" />
            {w.resolve}
          </button>
        )}
        <Link href={`/t/${tenant.value ?? ""}/incidents/${page.id}`}>
          <Icon name="file" />
          {w.open}
        </Link>
      </div>
      <div class="actions">
        <Button autofocus onClick={() => onSheet(null)}>
          {w.close}
        </Button>
      </div>
    </Dialog>
  );
}

function Note({ page, onClose }: { readonly page: OwnPage; readonly onClose: () => void }): JSX.Element {
  const w = said(words);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function save(): Promise<void> {
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      await call("note", { incident: page.id, body: { text: text.trim() } });
      refresh(`incident/${page.id}`);
      tell(w.noteSaved);
      onClose();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(-1, String(error)));
      setBusy(false);
    }
  }
  return (
    <Dialog title={w.note} onClose={onClose} onSubmit={() => void save()}>
      {problem !== null && <Trouble problem={problem} />}
      <TextField label={w.noteLabel} lines={4} value={text} onInput={setText} maxLength={10_000} autofocus />
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={busy} disabled={text.trim() === ""}>
          {w.noteSave}
        </Button>
      </div>
    </Dialog>
  );
}
