// Owns light and dark: what the system says, unless the person chose.

import { signal } from "@preact/signals";
import { keep, kept } from "./kept.ts";

export type Theme = "system" | "light" | "dark";

function first(): Theme {
  const chosen = kept("theme");
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

export const theme = signal<Theme>(first());
show(theme.value);

export function paint(next: Theme): void {
  theme.value = next;
  keep("theme", next === "system" ? null : next);
  show(next);
}

function show(next: Theme): void {
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}
