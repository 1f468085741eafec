// Owns what is proposed while one types an expression: the names, labels and values the hub knows of. Finds only where one is
// in the text; what is right and wrong, the hub's compiler says.

import type { ExpressionWords } from "../../lib/shapes-routes.ts";
import type { Proposal, Proposals } from "./proposals.ts";

const path = String.raw`([A-Za-z_][\w.]*(?:\["[^"]*"\])?)`;
const comparedText = new RegExp(String.raw`${path}\s*(?:==|!=)\s*"([^"]*)$`);
const listedText = new RegExp(String.raw`${path}\s+in\s+\[[^\]]*"([^"]*)$`);

/** Null: nothing to propose here. */
export function celProposals(words: ExpressionWords, text: string, pos: number, explicit: boolean): Proposals | null {
  const before = text.slice(0, pos);
  const hours = /\bwithin\(\s*"([^"]*)$/.exec(before);
  if (hours !== null) return texts(words.businessHours, pos - (hours[1] ?? "").length, text, pos);
  const compared = comparedText.exec(before) ?? (insideText(before) ? listedText.exec(before) : null);
  if (compared !== null) {
    const [, of = "", typed = ""] = compared;
    const found = [...words.fields, ...words.labels].find((each) => each.path === of);
    return found === undefined ? null : texts(found.values, pos - typed.length, text, pos);
  }
  if (insideText(before)) return null;
  const token = /[A-Za-z_][\w.]*(?:\["[^"]*"\]\.\w*)?$/.exec(before)?.[0] ?? "";
  if (token === "" && !explicit) return null;
  const from = pos - token.length;
  const owner = /^(.*)\.\w*$/.exec(token)?.[1];
  const field = owner === undefined ? undefined : words.fields.find((each) => each.path === owner);
  const isText = field?.type === "string" || words.labels.some((each) => each.path === owner);
  if (owner !== undefined && (isText || field?.type === "timestamp")) {
    const kind = isText ? "string" : "google.protobuf.Timestamp";
    return { from: from + owner.length + 1, options: methods(words, kind) };
  }
  return { from, options: [...names(words), ...(owner === undefined ? calls(words) : [])] };
}

/** A quote is open: an even number of them would have closed it. */
function insideText(before: string): boolean {
  return (before.match(/"/g)?.length ?? 0) % 2 === 1;
}

function texts(values: readonly string[], from: number, text: string, pos: number): Proposals {
  const close = text[pos] === '"' ? "" : '"';
  return { from, options: values.map((value) => ({ label: value, apply: `${JSON.stringify(value).slice(1, -1)}${close}` })) };
}

function names(words: ExpressionWords): Proposal[] {
  return [
    ...words.labels.map(({ path: label, values }) => ({ label, detail: values.slice(0, 3).join(", ").slice(0, 40) })),
    ...words.fields.map(({ path: label, type, values }) => ({
      label,
      detail: values.length > 0 ? values.slice(0, 4).join(", ").slice(0, 40) : type,
    })),
  ];
}

/** Functions that stand by themselves. */
function calls(words: ExpressionWords): Proposal[] {
  return words.functions.flatMap(({ name, signatures }): Proposal[] => {
    const own = signatures.find((each) => each.startsWith(`${name}(`));
    if (own === undefined) return [];
    const apply = name === "within" ? `within("${words.businessHours[0] ?? ""}", now)` : `${name}(`;
    return [{ label: name, detail: own, apply }];
  });
}

/** Functions that are asked of a value of this kind. */
function methods(words: ExpressionWords, kind: string): Proposal[] {
  return words.functions.flatMap(({ name, signatures }): Proposal[] => {
    const own = signatures.find((each) => each.startsWith(`${kind}.`));
    return own === undefined ? [] : [{ label: name, detail: own.slice(kind.length + 1), apply: `${name}(` }];
  });
}
