// Owns the foot of an editor: what is not saved yet, what stands in the way, and the choice when somebody else was faster.

import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Saving } from "../lib/editing.ts";
import { useKeys } from "../lib/keys.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Conflict } from "./conflict.tsx";
import "./editing.css";

const words = catalogue({
  en: {
    save: "Save",
    discard: "Discard",
    unsaved: "Not saved yet",
  },
  es: {
    save: "Guardar",
    discard: "Descartar",
    unsaved: "Sin guardar",
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
      <Conflict saving={saving} onTheirs={onDiscard} onMine={onOver} />
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
