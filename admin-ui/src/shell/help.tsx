// Owns the help of the keyboard (?): what the present page listens to.

import type { JSX } from "preact";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { shortcuts } from "../lib/keys.ts";
import { catalogue, said } from "../lib/messages.ts";
import type { OverlayProps } from "./overlay.ts";

const words = catalogue({ en: { title: "Keyboard", close: "Close" }, es: { title: "Teclado", close: "Cerrar" } });

export default function Help({ onClose }: OverlayProps): JSX.Element {
  const seen = new Map(shortcuts.value.map((each) => [each.key, each.does]));
  return (
    <Dialog title={said(words).title} onClose={onClose}>
      <dl class="facts">
        {[...seen].map(([key, does]) => (
          <>
            <dt>
              <kbd>{key.replace("mod+k", "Ctrl K").replace("Enter", "↵")}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <div class="actions">
        <Button onClick={onClose} autofocus>
          {said(words).close}
        </Button>
      </div>
    </Dialog>
  );
}
