// Owns the field above a list that narrows it; `/` goes there.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useKeys } from "../lib/keys.ts";
import "./editing.css";

export function Search({
  label,
  value,
  onInput,
}: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useKeys([{ key: "/", does: label, run: () => field.current?.focus() }]);
  return (
    <div class="list-tools" role="search">
      <input
        ref={field}
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
