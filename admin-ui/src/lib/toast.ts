// Owns the short messages at the foot of the page: what was done, with the way back while there is one.

import { signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "bad";
  readonly action?: { readonly label: string; readonly run: () => void };
}

export const toasts = signal<readonly Toast[]>([]);
let last = 0;
const shownMax = 3;

/** `forMs`: how long it stays; one with a way back stays as long as the way is open. */
export function tell(
  text: string,
  { tone = "plain", action, forMs = 6_000 }: Partial<Pick<Toast, "tone" | "action">> & { readonly forMs?: number } = {},
): void {
  const id = ++last;
  const toast: Toast = { id, text, tone, ...(action === undefined ? {} : { action }) };
  toasts.value = [...toasts.value.slice(1 - shownMax), toast];
  setTimeout(() => dismiss(id), forMs);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}
