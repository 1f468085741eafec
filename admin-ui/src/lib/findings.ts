// Owns how what the hub says of a definition reads here: in the reader's language where its data allows, else in the hub's own
// English. The Spanish comes only to whoever reads Spanish, so that nobody else waits for it.

import { effect, signal } from "@preact/signals";
import { language } from "./messages.ts";

interface Finding {
  readonly message: string;
  readonly told?: Readonly<Record<string, unknown>>;
}

const spanish = signal<((told: Readonly<Record<string, unknown>>) => string | null) | null>(null);

effect(() => {
  if (language.value !== "es" || spanish.peek() !== null) return;
  // Without it, English does.
  void import("./findings-es.ts").then(
    (module) => (spanish.value = module.findingInSpanish),
    () => undefined,
  );
});

export function findingText({ message, told }: Finding): string {
  const own = language.value === "es" && told !== undefined ? (spanish.value?.(told) ?? null) : null;
  return own ?? message;
}
