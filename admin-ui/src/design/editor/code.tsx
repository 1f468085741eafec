// Owns text with a grammar as a page uses it: a plain field until the editor is there, and where it cannot be had.

import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Proposals } from "./proposals.ts";
import "./code.css";

/** A place in the text, in characters from 0, and what is said of it. */
export interface CodeMark {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly tone: "bad" | "look";
  /** The whole line is marked as well. */
  readonly wholeLine?: boolean;
}

export interface CodeProps {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  /** Its name for those who do not see it. */
  readonly label: string;
  readonly language: "cel" | "yaml" | "script";
  readonly marks?: readonly CodeMark[];
  readonly invalid?: boolean;
  readonly placeholder?: string;
  /** A document with line numbers, not a line or two. */
  readonly tall?: boolean;
  readonly readOnly?: boolean;
  readonly complete?: (text: string, pos: number, explicit: boolean) => Proposals | null;
  /** Is given what moves the cursor to a place. */
  readonly handle?: (goTo: (from: number) => void) => void;
}

let known: ComponentType<CodeProps & { readonly focused: boolean }> | null = null;

export function Code(props: CodeProps): JSX.Element {
  const [, redraw] = useState(0);
  const plain = useRef<HTMLTextAreaElement>(null);
  const focused = useRef(false);
  useEffect(() => {
    if (known !== null) return;
    // Without the editor the plain field does.
    import("./code-editor.tsx").then(
      (module) => {
        known = module.default;
        focused.current = plain.current !== null && document.activeElement === plain.current;
        redraw((n) => n + 1);
      },
      () => undefined,
    );
  }, []);
  if (known !== null) {
    const Editor = known;
    return <Editor {...props} focused={focused.current} />;
  }
  const { value, label, invalid = false, tall = false, placeholder = "", readOnly = false } = props;
  return (
    <textarea
      ref={plain}
      class="input mono"
      aria-label={label}
      aria-invalid={invalid}
      rows={tall ? 24 : props.language === "script" ? 8 : 2}
      spellcheck={false}
      placeholder={placeholder}
      readOnly={readOnly}
      value={value}
      onInput={(event) => props.onInput(event.currentTarget.value)}
      onBlur={() => props.onBlur?.()}
    />
  );
}
