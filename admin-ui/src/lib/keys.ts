// Owns the keyboard: what a page listens to while it is shown, and what the help (?) says of it.

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

export interface Shortcut {
  /** As KeyboardEvent.key has it; with Ctrl or ⌘ as "mod+k". */
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
  /** Also while a field has the focus. */
  readonly always?: boolean;
}

/** Those in force, the newest last: a later one wins. */
export const shortcuts = signal<readonly Shortcut[]>([]);

export function useKeys(list: readonly Shortcut[]): void {
  // The functions are looked up at the press: they close over what the page shows then.
  const latest = useRef(list);
  latest.current = list;
  const names = list.map((each) => each.key + each.does).join();
  useEffect(() => {
    const mine = latest.current.map((each, i) => ({ ...each, run: () => latest.current[i]?.run() }));
    shortcuts.value = [...shortcuts.peek(), ...mine];
    return () => {
      shortcuts.value = shortcuts.peek().filter((each) => !mine.includes(each));
    };
  }, [names]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && target.type === "checkbox")
  );
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  const pressed = (event.ctrlKey || event.metaKey ? "mod+" : "") + event.key;
  const found = shortcuts.peek().findLast((each) => each.key === pressed);
  if (found === undefined) return;
  const blocked = isTyping(event.target) || document.querySelector("dialog[open]") !== null;
  if (blocked && !found.always) return;
  event.preventDefault();
  found.run();
});
