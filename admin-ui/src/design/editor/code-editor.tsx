// Owns the editor for text with a grammar: a chunk of its own, loaded where one types expressions, YAML or code. It lives in a shadow
// root, because its styles are made as it runs: there they are constructed sheets, which the pages' policy allows, and not a
// style element, which it does not.

import { autocompletion, completionKeymap, type Completion, type CompletionContext } from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { bracketMatching, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, StateEffect, StateField, type Range } from "@codemirror/state";
import { Decoration, EditorView, keymap, lineNumbers, placeholder, type DecorationSet } from "@codemirror/view";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { celTokens } from "./cel-tokens.ts";
import type { CodeProps, CodeMark } from "./code.tsx";
import { colours, looks } from "./looks.ts";
import { scriptTokens } from "./script-tokens.ts";
import { yamlTokens } from "./yaml-tokens.ts";

const setMarks = StateEffect.define<readonly CodeMark[]>();

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    let next = marks.map(change.changes);
    for (const effect of change.effects) if (effect.is(setMarks)) next = decorated(change.state, effect.value);
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A mark of no length is put on the character before it, or on the line where there is none. */
function decorated(state: EditorState, marks: readonly CodeMark[]): DecorationSet {
  const { length } = state.doc;
  const ranges = marks.flatMap(({ from, to, message, tone, wholeLine }): Range<Decoration>[] => {
    const start = Math.min(Math.max(0, from), length);
    const end = Math.min(Math.max(start, to), length);
    const [a, b] = end > start ? [start, end] : [Math.max(0, start - 1), start];
    const whole = wholeLine ? [Decoration.line({ class: `line-${tone}` }).range(state.doc.lineAt(start).from)] : [];
    return b > a ? [...whole, Decoration.mark({ class: `mark-${tone}`, attributes: { title: message } }).range(a, b)] : whole;
  });
  return Decoration.set(ranges, true);
}

const languages = {
  cel: StreamLanguage.define(celTokens),
  yaml: StreamLanguage.define(yamlTokens),
  script: StreamLanguage.define(scriptTokens),
};

export default function CodeEditor(props: CodeProps & { readonly focused: boolean }): JSX.Element {
  const { value, label, language, marks = [], invalid = false, placeholder: hint = "", tall = false, readOnly = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const attributes = useRef(new Compartment());
  const named = (): Record<string, string> => ({
    "aria-label": label,
    "aria-invalid": String(invalid),
    tabindex: "0",
    autocapitalize: "off",
    spellcheck: "false",
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const made = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          history(),
          languages[language],
          syntaxHighlighting(colours),
          looks(tall),
          marksField,
          EditorView.lineWrapping,
          attributes.current.of(EditorView.contentAttributes.of(named())),
          autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 }),
          keymap.of([...completionKeymap, ...historyKeymap, ...standardKeymap]),
          ...(tall || language === "script" ? [lineNumbers()] : []),
          ...(language === "script" ? [bracketMatching()] : []),
          ...(hint === "" ? [] : [placeholder(hint)]),
          EditorState.readOnly.of(readOnly),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onInput(update.state.doc.toString());
          }),
          EditorView.domEventHandlers({ blur: () => latest.current.onBlur?.() }),
        ],
      }),
    });
    view.current = made;
    latest.current.handle?.((from) => {
      const at = Math.min(from, made.state.doc.length);
      made.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      made.focus();
    });
    if (latest.current.focused) {
      made.dispatch({ selection: { anchor: made.state.doc.length } });
      made.focus();
    }
    return () => made.destroy();
  }, []);

  function complete(context: CompletionContext): { from: number; options: Completion[]; validFor: RegExp } | null {
    const proposed = latest.current.complete?.(context.state.doc.toString(), context.pos, context.explicit) ?? null;
    return proposed === null ? null : { ...proposed, options: [...proposed.options], validFor: /^[\w.-]*$/ };
  }
  // With the rendering, not after the next paint: by then more may have been typed, and an older text would be put back.
  useLayoutEffect(() => {
    const there = view.current;
    if (there === null) return;
    const now = there.state.doc.toString();
    if (now !== value) there.dispatch({ changes: { from: 0, to: now.length, insert: value } });
  }, [value]);
  useEffect(() => view.current?.dispatch({ effects: setMarks.of(marks) }), [marks]);
  useEffect(
    () => view.current?.dispatch({ effects: attributes.current.reconfigure(EditorView.contentAttributes.of(named())) }),
    [label, invalid],
  );
  return <div ref={host} class="code" data-invalid={invalid} />;
}
