// Owns the button: what it is for by tone, busy while its work runs, never pressed twice.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly tone?: "plain" | "go" | "bad" | "quiet";
  readonly size?: "usual" | "small";
  readonly icon?: IconName | undefined;
  /** For a button that shows only its icon. */
  readonly label?: string;
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  readonly busy?: boolean;
  /** A promise keeps the button busy until it settles. */
  readonly onClick?: (event: MouseEvent) => unknown;
  readonly title?: string;
  readonly autofocus?: boolean;
  readonly class?: string;
}

export function Button({
  children,
  tone = "plain",
  size = "usual",
  icon,
  label,
  type = "button",
  disabled = false,
  busy = false,
  onClick,
  title,
  autofocus,
  class: more = "",
}: ButtonProps): JSX.Element {
  const [working, setWorking] = useState(false);
  const waits = working || busy;
  async function press(event: MouseEvent): Promise<void> {
    if (waits) return;
    const work = onClick?.(event);
    if (!(work instanceof Promise)) return;
    setWorking(true);
    await work.finally(() => setWorking(false));
  }
  return (
    <button
      type={type}
      class={`button ${tone} ${size === "small" ? "small" : ""} ${children === undefined ? "icon" : ""} ${more}`}
      disabled={disabled}
      aria-busy={waits}
      aria-label={label}
      title={title ?? (children === undefined ? label : undefined)}
      autofocus={autofocus}
      onClick={(event) => void press(event)}
    >
      {icon !== undefined && <Icon name={icon} size={size === "small" ? 16 : 18} />}
      {children}
    </button>
  );
}
