// Owns how expressions are coloured: words only, no meaning. What is right and wrong, the hub's compiler says.

import type { StreamParser } from "@codemirror/language";

interface State {
  /** The quote a text that goes on over lines ends with; null: none is open. */
  quote: string | null;
}

export const celTokens: StreamParser<State> = {
  name: "cel",
  startState: () => ({ quote: null }),
  token(stream, state) {
    if (state.quote !== null) {
      if (stream.skipTo(state.quote)) {
        stream.match(state.quote);
        state.quote = null;
      } else stream.skipToEnd();
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    for (const quote of ['"""', "'''"])
      if (stream.match(quote)) {
        state.quote = quote;
        return "string";
      }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?/)) return "number";
    if (stream.match(/^(?:true|false|null)\b/)) return "bool";
    if (stream.match(/^in\b/)) return "keyword";
    if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return "variableName.function";
    if (stream.match(/^\.[A-Za-z_]\w*/)) return stream.peek() === "(" ? "variableName.function" : "propertyName";
    if (stream.match(/^[A-Za-z_]\w*/)) return "variableName";
    if (stream.match(/^(?:&&|\|\||[!=<>]=|[!<>?:+\-*/%])/)) return "operator";
    stream.next();
    return null;
  },
};
