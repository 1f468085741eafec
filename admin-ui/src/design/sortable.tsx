// Owns a list whose order means something: moved by its handle, with a pointer or with the arrow keys.

import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { catalogue, said } from "../lib/messages.ts";
import { Icon } from "./icon.tsx";
import "./editing.css";

const words = catalogue({
  en: {
    move: (name: string) => `Move ${name}: arrow up or down`,
    moved: (name: string, place: number, of: number) => `${name} is now ${place} of ${of}`,
  },
  es: {
    move: (name: string) => `Mover ${name}: flecha arriba o abajo`,
    moved: (name: string, place: number, of: number) => `${name} es ahora ${place} de ${of}`,
  },
});

export function Sortable<T>({
  items,
  nameOf,
  onMove,
  children,
}: {
  readonly items: readonly T[];
  /** What a place is called when it is read out. */
  readonly nameOf: (item: T, at: number) => string;
  readonly onMove: (from: number, to: number) => void;
  readonly children: (item: T, at: number) => ComponentChildren;
}): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<number | null>(null);
  const [said_, setSaid] = useState("");
  function move(from: number, to: number): void {
    const item = items[from];
    if (item === undefined || to < 0 || to >= items.length || to === from) return;
    onMove(from, to);
    setSaid(said(words).moved(nameOf(item, from), to + 1, items.length));
  }
  function key(event: KeyboardEvent, at: number): void {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    move(at, at + by);
    // Handles belong to places: the focus goes along at once, or a second press in the same frame would move another one.
    handleAt(at + by)?.focus();
  }
  function handleAt(at: number): HTMLElement | null {
    return list.current?.children[at]?.querySelector<HTMLElement>(".handle") ?? null;
  }
  function drag(event: PointerEvent): void {
    if (held === null) return;
    const rows = [...(list.current?.children ?? [])];
    const over = rows.findIndex((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return event.clientY >= top && event.clientY < bottom;
    });
    if (over < 0 || over === held) return;
    move(held, over);
    setHeld(over);
  }
  return (
    <>
      <ol class="sortable" ref={list}>
        {items.map((item, at) => (
          <li key={at} class={held === at ? "held" : ""}>
            <button
              type="button"
              class="handle"
              aria-label={said(words).move(nameOf(item, at))}
              title={said(words).move(nameOf(item, at))}
              onKeyDown={(event) => key(event, at)}
              onPointerDown={(event) => {
                event.preventDefault();
                event.currentTarget.focus();
                event.currentTarget.setPointerCapture(event.pointerId);
                setHeld(at);
              }}
              onPointerMove={drag}
              onPointerUp={() => setHeld(null)}
              onPointerCancel={() => setHeld(null)}
            >
              <Icon name="grip" size={20} />
            </button>
            <div class="grow">{children(item, at)}</div>
          </li>
        ))}
      </ol>
      <span class="unseen" role="status">
        {said_}
      </span>
    </>
  );
}
