// Owns how TypeScript, JavaScript and JSON are coloured: words, texts, numbers and comments, no grammar. What is right and wrong, the
// hub says.

import type { StreamParser } from "@codemirror/language";

interface State {
  /** What goes on over lines: a comment, a template; null: nothing does. */
  within: "comment" | "template" | null;
}

const keywords =
  /^(?:abstract|as|async|await|break|case|catch|class|const|continue|default|delete|do|else|enum|export|extends|finally|for|from|function|if|implements|import|in|instanceof|interface|is|keyof|let|new|of|readonly|return|satisfies|static|super|switch|this|throw|try|type|typeof|var|void|while|yield)\b/;

export const scriptTokens: StreamParser<State> = {
  name: "script",
  startState: () => ({ within: null }),
  token(stream, state) {
    if (state.within === "comment") {
      if (stream.skipTo("*/")) {
        stream.match("*/");
        state.within = null;
      } else stream.skipToEnd();
      return "comment";
    }
    if (state.within === "template") {
      if (stream.match(/^(?:[^`\\]|\\.)*`/)) state.within = null;
      else stream.skipToEnd();
      return "string";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.within = "comment";
      return "comment";
    }
    if (stream.match("`")) {
      state.within = "template";
      return "string";
    }
    // A key of JSON, or of an object that is written like it.
    if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:)/)) return "propertyName";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^\/(?![/*\s])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*(?=\s*[.),;\]}]|$)/)) return "string";
    if (stream.match(/^(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)n?/)) return "number";
    if (stream.match(/^(?:true|false|null|undefined)\b/)) return "bool";
    if (stream.match(/^\.?[A-Za-z_$][\w$]*(?=\()/)) return keywords.test(stream.current()) ? "keyword" : "variableName.function";
    if (stream.match(/^\.[A-Za-z_$][\w$]*/)) return "propertyName";
    if (stream.match(keywords)) return "keyword";
    if (stream.match(/^[A-Za-z_$][\w$]*/)) return "variableName";
    if (stream.match(/^(?:=>|[!=]==?|[<>]=?|&&|\|\||\?\?|\.\.\.|[+\-*%!?:|&=])/)) return "operator";
    stream.next();
    return null;
  },
};
