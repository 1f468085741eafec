// Owns the contract of writing expressions: what one may write, and what is wrong with what is written.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { instant, t, type Endpoint } from "./endpoint.ts";
import { canonicalAlert } from "./simulate.ts";

const over = z
  .enum(["alert", "incident", "opening"])
  .default("alert")
  .describe(
    "What it is about: an alert (routes, lookups, maintenance, silences), an incident (steps of policies, connectors), or both at the moment one opens the other (SLAs)",
  );

export const expressions = {
  checkExpression: {
    method: "post",
    path: `${t}/expressions/check`,
    summary: "What is wrong with an expression and where, by the compiler that runs it; with a sample, what it comes to",
    tenant: true,
    may: "responder",
    body: z.strictObject({
      expression: z.string().max(limits.expression.charsMax * 2),
      over,
      as: z.enum(["condition", "value"]).default("condition").describe("A condition is true or false"),
      alert: canonicalAlert.optional(),
      integration: z.string().max(64).optional().describe("Where the alert comes in"),
      incident: z.string().max(200).optional().describe("A sample for what is about incidents"),
      at: instant.optional().describe("When it is asked; now by default"),
    }),
    answers: {
      200: "{ok, type, errors: [{from, to, line, column, message, nearest}], warnings, sample: {value, reason, why, reads} | null}",
      404: "No such incident",
    },
  },
  getExpressionWords: {
    method: "get",
    path: `${t}/expressions/words`,
    summary: "What an expression may be made of: fields, functions, and the labels that recent alerts really had",
    tenant: true,
    may: "responder",
    query: z.strictObject({ over }),
    answers: { 200: "{fields: [{path, type, values}], labels: [{path, seen, values}], functions: [{name, signatures}]}" },
  },
} as const satisfies Record<string, Endpoint>;
