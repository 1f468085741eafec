// Owns what to do about an expression that does not compile: the compiler's own word, and the sentence that helps. What it
// does not know keeps the compiler's words.

import { functionsKnown, signaturesOf, type Compiled, type SubjectKind } from "../core/expression.ts";
import { namesOf } from "../core/expression-names.ts";
import { nearestOf } from "../lib/nearest.ts";

type Failure = Extract<Compiled, { ok: false }>;

export interface Advice {
  readonly message: string;
  readonly nearest?: string | null;
}

const closing: Readonly<Record<string, string>> = { RPAREN: ")", RBRACKET: "]", RBRACE: "}" };

export function adviceOn(text: string, { message, from, to }: Failure, over: SubjectKind): Advice {
  const open = /^Expected (RPAREN|RBRACKET|RBRACE), got/.exec(message);
  if (open !== null) return { message: `a bracket is left open: ${closing[open[1] ?? ""] ?? ""} is missing here` };
  if (message.startsWith("Unexpected token: EOF"))
    return { message: "the expression ends too soon: something is missing at its end" };
  if (message.startsWith("Unterminated string")) return { message: "a text is left open: its closing quote is missing" };
  if (message.startsWith("Unexpected character")) return unexpected(text, message, from);
  const variable = /^Unknown variable: (\w+)/.exec(message)?.[1];
  if (variable !== undefined) return unknownVariable(variable, { text, from, over });
  const overload = /^found no matching overload for '(?:.*\.)?(\w+)\(.*\)'/.exec(message)?.[1];
  if (overload !== undefined) return noSuchCall(overload);
  if (/^no such overload: .*(double|int)/.test(message)) {
    if (/string/.test(message)) return { message: `${message}: num(…) makes a number of a text, string(…) a text of a number` };
    if (/double/.test(message) && /\bint\b/.test(message))
      return { message: `${message}: num(…) gives a number with a decimal point, compare it with one: 3.0` };
  }
  if (message.startsWith("a condition is true or false"))
    return { message: `${message}: compare it with something, as in ${text.trim().slice(0, to).slice(0, 40)} == "…"` };
  return { message };
}

function unexpected(text: string, message: string, from: number): Advice {
  const around = text.slice(Math.max(0, from - 2), from + 3);
  if (/=/.test(around) && !/[!<>]=/.test(around)) return { message: "to compare, write two equal signs: ==" };
  const word = /\b(and|or|not)\b/i.exec(text.slice(Math.max(0, from - 2), from + 4))?.[1]?.toLowerCase();
  if (word !== undefined)
    return { message: `${word} is written ${word === "and" ? "&&" : word === "or" ? "||" : "!"} in an expression` };
  if (/[“”‘’]/.test(around)) return { message: 'these are typographic quotes: a text stands in "straight" ones' };
  return { message };
}

function unknownVariable(
  name: string,
  { text, from, over }: { readonly text: string; readonly from: number; readonly over: SubjectKind },
): Advice {
  const roots = namesOf[over];
  const [subject] = Object.keys(roots);
  if (name === "incident" && over === "alert")
    return { message: "there is no incident yet when this is asked: it is about the alert", nearest: "alert" };
  if (name === "alert" && over === "incident")
    return {
      message: "this is asked of the incident, which has taken the alert's labels over: incident.labels",
      nearest: "incident",
    };
  const fields = subject === undefined ? [] : Object.keys(roots[subject] ?? {});
  if (fields.includes(name))
    return { message: `${name} alone is nothing: write ${subject}.${name}`, nearest: `${subject}.${name}` };
  const nearest = nearestOf(name, Object.keys(roots));
  const compared = /(==|!=|,|\[|\()\s*$/.test(text.slice(0, from));
  if (compared && nearest === null) return { message: `there is nothing called ${name}: a text stands in quotes, "${name}"` };
  if (text.slice(0, from).endsWith("-"))
    return { message: `there is nothing called ${name}: a label's name with - in it is written alert.labels["a-b"]` };
  if (/^(and|or|not)$/i.test(name)) return { message: `${name} is written && for and, || for or, ! for not` };
  const hint = nearest === null ? `: an expression begins with ${Object.keys(roots).join(", ")}` : `, did you mean ${nearest}?`;
  return { message: `there is nothing called ${name}${hint}`, nearest };
}

function noSuchCall(name: string): Advice {
  const signatures = signaturesOf(name);
  if (signatures.length > 0) return { message: `${name} is not called so: it is ${signatures.slice(0, 3).join(", or ")}` };
  const nearest = nearestOf(name, functionsKnown());
  return { message: `there is no function ${name}${nearest === null ? "" : `, did you mean ${nearest}?`}`, nearest };
}
