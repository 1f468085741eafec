// Owns how the inside of an editor looks: the tokens of the pages reach into its shadow root, so it knows both schemes.

import { HighlightStyle } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours that reach AA on the card in both schemes; weight and slant say the same without them. */
export const colours = HighlightStyle.define([
  { tag: tags.string, color: "var(--go)" },
  { tag: tags.number, color: "var(--info)" },
  { tag: tags.bool, color: "var(--info)", fontWeight: "600" },
  { tag: tags.keyword, color: "var(--rank-1)", fontWeight: "600" },
  { tag: tags.propertyName, color: "var(--info)" },
  { tag: tags.function(tags.variableName), color: "var(--rank-2)" },
  { tag: tags.operator, color: "var(--soft)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.meta, color: "var(--rank-1)" },
]);

export function looks(tall: boolean): Extension {
  return EditorView.theme({
    "&": {
      boxSizing: "border-box",
      color: "var(--ink)",
      backgroundColor: "var(--card)",
      border: "1px solid var(--strong-line)",
      borderRadius: "var(--round)",
      fontSize: "0.875rem",
      minHeight: "40px",
      ...(tall ? { height: "min(70vh, 46rem)" } : { maxHeight: "16rem" }),
    },
    "&.cm-focused": { outline: "3px solid var(--focus)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto", borderRadius: "var(--round)" },
    ".cm-content": { padding: "0.4rem 0", caretColor: "var(--ink)" },
    ".cm-line": { padding: "0 0.7rem" },
    ".cm-placeholder": { color: "var(--soft)" },
    ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--soft)", border: "0" },
    ".cm-content ::selection, .cm-line::selection": { backgroundColor: "var(--info-wash)" },
    ".mark-bad": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px", textDecorationSkipInk: "none" },
    ".mark-look": {
      textDecoration: "underline wavy var(--rank-2)",
      textUnderlineOffset: "3px",
      textDecorationSkipInk: "none",
    },
    ".cm-matchingBracket": { backgroundColor: "var(--sunk)", outline: "1px solid var(--strong-line)" },
    ".line-bad": { backgroundColor: "var(--bad-wash)" },
    ".line-look": { backgroundColor: "var(--look-wash)" },
    ".cm-tooltip": {
      backgroundColor: "var(--card)",
      color: "var(--ink)",
      border: "1px solid var(--strong-line)",
      borderRadius: "var(--round-s)",
      boxShadow: "var(--high)",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "0.8125rem", maxHeight: "15rem" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.3rem 0.6rem", lineHeight: "1.4" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
      backgroundColor: "var(--go)",
      color: "var(--go-ink)",
    },
    ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--font)", color: "var(--soft)", marginLeft: "1em" },
    "li[aria-selected] .cm-completionDetail": { color: "var(--go-ink)" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  });
}
