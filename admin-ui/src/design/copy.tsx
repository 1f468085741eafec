// Owns a value that somebody carries elsewhere: shown whole, copied by one press.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { catalogue, said } from "../lib/messages.ts";
import { tell } from "../lib/toast.ts";
import { Button } from "./button.tsx";

const words = catalogue({
  en: { copy: (what: string) => `Copy ${what}`, copied: "Copied", byHand: "Selected: copy it with Ctrl-C" },
  es: { copy: (what: string) => `Copiar ${what}`, copied: "Copiado", byHand: "Seleccionado: cópialo con Ctrl-C" },
});

export function Copyable({ label, value }: { readonly label: string; readonly value: string }): JSX.Element {
  const shown = useRef<HTMLElement>(null);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
      tell(said(words).copied);
    } catch {
      // Plain http has no clipboard: what can be done is to select it.
      if (shown.current !== null) window.getSelection()?.selectAllChildren(shown.current);
      tell(said(words).byHand);
    }
  }
  return (
    <div class="field">
      <span class="label">{label}</span>
      <div class="row" style={{ flexWrap: "nowrap" }}>
        <code class="input grow" ref={shown} style={{ overflowWrap: "anywhere" }}>
          {value}
        </code>
        <Button icon="copy" label={said(words).copy(label)} onClick={copy} />
      </div>
    </div>
  );
}
