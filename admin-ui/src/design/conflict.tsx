// Owns what stands in the way of saving: a refusal in words, or that somebody else was faster, and then whose is kept.

import type { JSX } from "preact";
import type { Saving } from "../lib/editing.ts";
import { catalogue, said } from "../lib/messages.ts";
import { Button } from "./button.tsx";
import { Trouble } from "./states.tsx";

const words = catalogue({
  en: {
    conflict: "Somebody changed this while you were editing. Nothing of theirs is lost yet.",
    theirs: "Show theirs, drop mine",
    mine: "Save mine over theirs",
  },
  es: {
    conflict: "Alguien lo cambió mientras editabas. Lo suyo aún no se ha perdido.",
    theirs: "Ver lo suyo y descartar lo mío",
    mine: "Guardar lo mío encima",
  },
});

export function Conflict({
  saving,
  onTheirs,
  onMine,
}: {
  readonly saving: Saving;
  readonly onTheirs: () => unknown;
  readonly onMine: () => unknown;
}): JSX.Element | null {
  const w = said(words);
  if (saving.problem === null) return null;
  if (!saving.conflict) return <Trouble problem={saving.problem} />;
  return (
    <div class="note stack-s" role="alert">
      <p>{w.conflict}</p>
      <div class="row">
        <Button size="small" onClick={onTheirs}>
          {w.theirs}
        </Button>
        <Button size="small" tone="bad" onClick={onMine}>
          {w.mine}
        </Button>
      </div>
    </div>
  );
}
