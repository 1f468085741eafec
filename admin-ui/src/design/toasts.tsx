// Owns how the short messages of lib/toast.ts and the lasting ones of lib/advice.ts look and are read out.

import type { JSX } from "preact";
import { advice, heeded } from "../lib/advice.ts";
import { catalogue, said } from "../lib/messages.ts";
import { dismiss, toasts } from "../lib/toast.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

const words = catalogue({
  en: { dismiss: "Dismiss", worth: (name: string) => `${name} is saved, but look at this` },
  es: { dismiss: "Descartar", worth: (name: string) => `${name}: guardado, pero revisa esto` },
});

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {advice.value.map(({ about, name, lines }) => (
        <div key={about} class="advice">
          <Icon name="warn" size={18} />
          <div class="grow">
            <strong>{said(words).worth(name)}</strong>
            <ul>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
          <Button size="small" tone="quiet" icon="cross" label={said(words).dismiss} onClick={() => heeded(about)} />
        </div>
      ))}
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
