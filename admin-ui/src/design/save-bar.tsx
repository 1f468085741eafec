// Owns the foot of an editor: what is not saved yet, what stands in the way, and the choice when somebody else was faster.

import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Saving } from "../lib/editing.ts";
import { useKeys } from "../lib/keys.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Trouble } from "./states.tsx";
import "./editing.css";

const words = catalogue({
  en: {
    save: "Save",
    discard: "Discard",
    unsaved: "Not saved yet",
    conflict: "Somebody changed this while you were editing. Nothing of theirs is lost yet.",
    theirs: "Show theirs, drop mine",
    mine: "Save mine over theirs",
  },
  es: {
    save: "Guardar",
    discard: "Descartar",
    unsaved: "Sin guardar",
    conflict: "Alguien lo cambió mientras editabas. Lo suyo aún no se ha perdido.",
    theirs: "Ver lo suyo y descartar lo mío",
    mine: "Guardar lo mío encima",
  },
});

export function SaveBar({
  saving,
  dirty,
  label,
  onSave,
  onOver,
  onDiscard,
  children,
}: {
  readonly saving: Saving;
  readonly dirty: boolean;
  readonly label?: string;
  readonly onSave: () => unknown;
  /** Without If-Match. */
  readonly onOver: () => unknown;
  readonly onDiscard: () => void;
  readonly children?: ComponentChildren;
}): JSX.Element | null {
  const w = said(words);
  useKeys([{ key: "mod+s", does: w.save, run: () => dirty && void onSave(), always: true }]);
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);
  if (!dirty && saving.problem === null) return null;
  return (
    <div class="save-bar">
      {saving.conflict ? (
        <div class="note" role="alert">
          <p>{w.conflict}</p>
          <div class="row">
            <Button size="small" onClick={onDiscard}>
              {w.theirs}
            </Button>
            <Button size="small" tone="bad" onClick={onOver}>
              {w.mine}
            </Button>
          </div>
        </div>
      ) : (
        saving.problem !== null && <Trouble problem={saving.problem} />
      )}
      <div class="spread">
        <span class="soft small">{children ?? w.unsaved}</span>
        <div class="row">
          <Button onClick={onDiscard}>{w.discard}</Button>
          <Button tone="go" busy={saving.busy} onClick={onSave}>
            {label ?? w.save}
          </Button>
        </div>
      </div>
    </div>
  );
}
