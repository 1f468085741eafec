// Owns how the short messages of lib/toast.ts look and are read out.

import type { JSX } from "preact";
import { catalogue, said } from "../lib/messages.ts";
import { dismiss, toasts } from "../lib/toast.ts";
import { Button } from "./button.tsx";

const words = catalogue({ en: { dismiss: "Dismiss" }, es: { dismiss: "Descartar" } });

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.tone}`}>
          <span>{toast.text}</span>
          {toast.action !== undefined && (
            <Button
              size="small"
              onClick={() => {
                dismiss(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <Button size="small" icon="cross" label={said(words).dismiss} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
