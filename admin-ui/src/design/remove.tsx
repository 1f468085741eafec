// Owns asking before something is deleted for good, and saying what still needs it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Problem } from "../lib/api.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Trouble } from "./states.tsx";

const words = catalogue({
  en: { remove: "Delete", title: (name: string) => `Delete ${name}?`, keep: "Keep it" },
  es: { remove: "Eliminar", title: (name: string) => `¿Eliminar ${name}?`, keep: "Conservar" },
});

export function Remove({
  name,
  why,
  problem,
  onRemove,
}: {
  readonly name: string;
  readonly why: string;
  readonly problem: Problem | null;
  readonly onRemove: () => Promise<unknown>;
}): JSX.Element {
  const w = said(words);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button tone="bad" icon="trash" onClick={() => setAsking(true)}>
        {w.remove}
      </Button>
      {asking && (
        <Dialog title={w.title(name)} onClose={() => setAsking(false)}>
          <p>{why}</p>
          {problem !== null && <Trouble problem={problem} />}
          <div class="actions">
            <Button onClick={() => setAsking(false)}>{w.keep}</Button>
            <Button tone="bad" onClick={onRemove}>
              {w.remove}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
