// Owns how YAML is coloured: keys, texts, numbers and comments. What is right and wrong, the hub says.

import type { StreamParser } from "@codemirror/language";

interface State {
  /** Indentation of the key whose block of text (| or >) goes on; -1: none. */
  block: number;
  flow: number;
}

const key = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[\w./$-][^:#,[\]{}"']*?)(?=\s*:(?:\s|$))/;

export const yamlTokens: StreamParser<State> = {
  name: "yaml",
  startState: () => ({ block: -1, flow: 0 }),
  token(stream, state) {
    if (stream.sol() && state.block >= 0) {
      if (stream.indentation() > state.block || /^\s*$/.test(stream.string)) {
        stream.skipToEnd();
        return "string";
      }
      state.block = -1;
    }
    if (stream.eatSpace()) return null;
    if (stream.peek() === "#") {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match(/^(?:---|\.\.\.)\s*$/)) return "meta";
    if (stream.match(/^[[{]/)) {
      state.flow++;
      return null;
    }
    if (stream.match(/^[\]}]/)) {
      state.flow = Math.max(0, state.flow - 1);
      return null;
    }
    if (stream.match(/^-(?=\s|$)/) || stream.match(/^[,:](?=\s|$)/)) return "operator";
    if (stream.match(key)) return "propertyName";
    if (stream.match(/^[|>][+-]?\d?\s*(?:#.*)?$/)) {
      state.block = stream.indentation();
      return "keyword";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^']|'')*'?/)) return "string";
    if (stream.match(/^(?:true|false|null|~)(?=\s*(?:[,\]}#]|$))/)) return "bool";
    if (stream.match(/^-?\d+(?:\.\d+)?(?=\s*(?:[,\]}#]|$))/)) return "number";
    if (stream.match(state.flow > 0 ? /^[^,[\]{}#]+/ : /^[^#]+?(?=\s+#|$)/)) return null;
    stream.next();
    return null;
  },
};
