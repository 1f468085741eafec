// Owns what is wrong with an expression and what to do about it, in a sentence with its place: what the compiler refuses,
// fields there are none of, calendars that are missing, and comparisons that can never hold. One for saving and for typing.

import { severities as canonicalSeverities } from "../core/alert.ts";
import { compileCondition, compileExpression, type SubjectKind } from "../core/expression.ts";
import { namesUsed, type Compared, type Span, type Stray } from "../core/expression-names.ts";
import { nearestOf } from "../lib/nearest.ts";
import type { Context, Finding } from "./check.ts";
import { defaultSeverities } from "./compile.ts";
import { adviceOn } from "./expression-advice.ts";

export interface ExpressionKind {
  readonly over: SubjectKind;
  /** A condition is true or false; anything goes for a value. */
  readonly as: "condition" | "value";
}

/** Characters of the text, from 0, and the same as line and column from 1. */
export interface Mark extends Span {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly nearest?: string;
}

export interface ExpressionFindings {
  /** What the expression yields; null: it does not compile. */
  readonly type: string | null;
  readonly errors: readonly Mark[];
  /** Allowed, and surely not meant. */
  readonly warnings: readonly Mark[];
}

/** The names of a tenant that an expression may hold as texts. */
export interface Names {
  readonly severities: readonly string[];
  readonly businessHours: readonly string[];
  readonly services: readonly string[];
  readonly policies: readonly string[];
  readonly integrations: readonly string[];
}

export function expressionFindings(text: string, { over, as }: ExpressionKind, names: Names): ExpressionFindings {
  const compiled = as === "condition" ? compileCondition(text, over) : compileExpression(text, over);
  if (!compiled.ok) {
    const { from, to } = compiled;
    const said = adviceOn(text, compiled, over);
    return { type: null, errors: [markAt(text, { from, to: Math.max(to, from) }, said.message, said.nearest)], warnings: [] };
  }
  const used = namesUsed(text, over);
  const calendars = used.calendars.filter(({ id }) => !names.businessHours.includes(id));
  return {
    type: compiled.program.type,
    errors: [
      ...used.strays.map((stray) => strayMark(text, stray)),
      ...calendars.map(({ id, ...span }) => {
        const nearest = nearestOf(id, names.businessHours);
        const hint = nearest === null ? "" : `, did you mean ${nearest}?`;
        return markAt(text, span, `no business hours is called ${id}${hint}`, nearest);
      }),
    ].toSorted((a, b) => a.from - b.from),
    warnings: [
      ...used.compared.flatMap((each) => neverEqual(text, each, { over, names })),
      ...(over === "incident" ? used.reads.filter((read) => read === "hour" || read === "weekday") : []).map((read) =>
        markAt(text, { from: 0, to: text.length }, `${read} is not told of an incident: ask within("…", now)`),
      ),
    ],
  };
}

/** The text must pass; an error says where in the document it stands. */
export function checkExpression(
  context: Context,
  text: string,
  path: Finding["path"],
  as: ExpressionKind["as"] = "value",
  over: SubjectKind = "alert",
): void {
  const { errors, warnings } = expressionFindings(text, { over, as }, namesIn(context));
  const placed = ({ line, column, message }: Mark): string => `${message} (in the expression: line ${line}, column ${column})`;
  for (const mark of errors) {
    const { line, column, nearest } = mark;
    context.errors.push({ path, message: placed(mark), ...(nearest === undefined ? {} : { nearest }), inside: { line, column } });
  }
  for (const { line, column, message } of warnings) context.warnings.push({ path, message, inside: { line, column } });
}

function namesIn({ all }: Context): Names {
  const ids = (list: readonly { readonly id: string }[]): string[] => list.map((each) => each.id);
  return {
    severities: all.settings.severities ?? defaultSeverities,
    businessHours: ids(all.businessHours),
    services: ids(all.services),
    policies: ids(all.policies),
    integrations: ids(all.integrations),
  };
}

function strayMark(text: string, { root, name, below, known, ...span }: Stray): Mark {
  if (below === null) {
    const nearest = nearestOf(name, known);
    if (root === "alert" && name === "raw")
      return markAt(text, span, "rules do not see the body as it came: what they may read of it stands in alert.labels");
    const hint = nearest === null ? `: there are ${known.join(", ")}` : `, did you mean ${root}.${nearest}?`;
    const label = (root === "alert" || root === "incident") && nearest === null ? `; a label is ${root}.labels.${name}` : "";
    return markAt(text, span, `${root} has no field ${name}${hint}${label}`, nearest);
  }
  const [, field, label] = below.split(".");
  if (field === "labels" && label !== undefined)
    return markAt(
      text,
      span,
      `a label is a text, and .${name} leads nowhere: a name with a dot in it is written ${root}.labels["${label}.${name}"]`,
    );
  return markAt(text, span, `${below} is a text: there is nothing called ${name} in it`);
}

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const statuses = ["held", "suppressed", "triggered", "acknowledged", "resolved", "merged"];

/** What a field can be; null: anything. */
export function valuesOf(path: string, over: SubjectKind, names: Names): readonly string[] | null {
  switch (path) {
    case "alert.severity":
      return canonicalSeverities;
    case "alert.action":
      return ["trigger", "acknowledge", "resolve", "responded", "ignore"];
    case "incident.severity":
      return names.severities.length === 0 ? null : names.severities;
    case "incident.urgency":
      return ["high", "low"];
    case "incident.status":
      return statuses;
    case "weekday":
      return over === "incident" ? null : weekdays;
    case "service":
    case "incident.service":
      return [...names.services, ""];
    case "incident.policy":
      return [...names.policies, ""];
    case "integration.id":
    case "incident.integration":
      return [...names.integrations, ""];
    default:
      return null;
  }
}

function neverEqual(
  whole: string,
  { path, text, ...span }: Compared,
  { over, names }: { readonly over: SubjectKind; readonly names: Names },
): Mark[] {
  const values = valuesOf(path, over, names);
  if (values === null || values.includes(text)) return [];
  if (path === "alert.severity" && names.severities.includes(text))
    return [
      markAt(
        whole,
        span,
        `alert.severity is what the source says (${canonicalSeverities.join(", ")}): ${text} is your own scale, and this never equals it`,
      ),
    ];
  const nearest = nearestOf(
    text,
    values.filter((value) => value !== ""),
  );
  const some = values.filter((value) => value !== "").slice(0, 8);
  const hint = nearest === null ? (some.length === 0 ? "" : `: it is ${some.join(", ")}`) : `, did you mean ${nearest}?`;
  return [markAt(whole, span, `${path} is never ${JSON.stringify(text)}${hint}`, nearest)];
}

function markAt(text: string, { from, to }: Span, message: string, nearest: string | null = null): Mark {
  const before = text.slice(0, from).split("\n");
  return {
    from,
    to,
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    message,
    ...(nearest === null ? {} : { nearest }),
  };
}
