// Owns the language: which one, and catalogues that must say everything in each. A page brings its own catalogue beside it.

import { signal } from "@preact/signals";
import { keep, kept } from "./kept.ts";

export type Language = "en" | "es";
export const languages: Readonly<Record<Language, string>> = { en: "English", es: "Español" };

function first(): Language {
  const chosen = kept("language");
  if (chosen === "en" || chosen === "es") return chosen;
  return navigator.language.toLowerCase().startsWith("es") ? "es" : "en";
}

export const language = signal<Language>(first());
document.documentElement.lang = language.value;

export function speak(next: Language): void {
  language.value = next;
  document.documentElement.lang = next;
  keep("language", next);
}

export type Catalogue<T> = Readonly<Record<Language, T>>;

/** Both languages say the same keys, or it does not compile. What takes a value is a function. */
export function catalogue<T>(messages: { readonly en: T; readonly es: NoInfer<T> }): Catalogue<T> {
  return messages;
}

/** Words for what the API may say, and may say more of some day: a key that is not there is `undefined`. */
export function table<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return entries;
}

/** What the catalogue says in the present language; whoever renders it is drawn again when that changes. */
export function said<T>(messages: Catalogue<T>): T {
  return messages[language.value];
}
