// Owns what a tenant may write to map a sender's bodies: expressions (CEL) and templates (Liquid), each compiled when the document is
// saved, so that an error names its field and its place.

import * as z from "zod";
import { bodyExpression, bodyTemplate, isTemplate, proofConfig } from "../../sdk/index.ts";

const charsMax = 4_096;
const severity = z.enum(["critical", "error", "warning", "info", "unknown"]);

/** What is read off an item: an expression, or with {{ }} a template. */
const value = z.string().min(1).max(charsMax).superRefine(checkValue);

/** True or false. */
const condition = z
  .string()
  .min(1)
  .max(charsMax)
  .superRefine((text, context) => {
    if (isTemplate(text))
      context.addIssue({ code: "custom", message: "a condition is an expression: write it without {{ }} and {% %}" });
    else checkExpression(text, context);
  });

export const config = z.strictObject({
  format: z
    .enum(["any", "json", "form", "xml", "text"])
    .default("any")
    .describe("How the body is written; any: by its content type and its beginning"),
  items: value.optional().describe("The list of alerts in the body, such as body.alerts; without it the body is one alert"),
  ignore: condition.optional().describe("Says that nothing is to be done; asked first"),
  resolve: condition.optional().describe("Says that the problem is over; asked second"),
  acknowledge: condition.optional().describe("Says that somebody has it; asked third"),
  trigger: condition.optional().describe("Says that it fires; without it whatever is none of the others does"),
  otherwise: z.enum(["trigger", "ignore"]).default("trigger").describe("When a trigger is written and nothing holds"),
  test: condition.optional().describe("Says that it is the sender's own test: an incident that pages nobody"),
  dedupKey: value.optional().describe("What the sender means by the same problem, the same when it fires and when it is over"),
  severity: value.optional().describe("The sender's own word"),
  severities: z
    .record(z.string().min(1).max(64), severity)
    .refine((map) => Object.keys(map).length <= 64, "at most 64 words")
    .default({})
    .describe("What its words mean: critical, error, warning, info; the usual words are known"),
  title: value.optional(),
  body: value.optional(),
  labels: z
    .record(z.string().min(1).max(128), value)
    .refine((labels) => Object.keys(labels).length <= 64, "at most 64 labels")
    .default({})
    .describe("By name; under * an object or a list of tags, all of which become labels"),
  links: z
    .array(z.strictObject({ href: value, text: z.string().min(1).max(100).default("Source") }))
    .max(16)
    .default([]),
  sourceAt: value.optional().describe("The sender's own time of it"),
  proof: proofConfig.optional(),
});
export type Config = z.infer<typeof config>;

function checkValue(text: string, context: z.RefinementCtx): void {
  if (!isTemplate(text)) return checkExpression(text, context);
  const compiled = bodyTemplate(text);
  if (compiled.ok) return;
  const { message, line, column } = compiled;
  context.addIssue({ code: "custom", message, params: { line, column } });
}

function checkExpression(text: string, context: z.RefinementCtx): void {
  const compiled = bodyExpression(text);
  if (compiled.ok) return;
  const { line, column } = compiled;
  // Words without quotes are the commonest slip.
  const hint =
    /^[\p{L}\d ,.:;!?-]+$/u.test(text) && /\s/.test(text) ? '; a text stands in quotes ("…") or is a template with {{ }}' : "";
  context.addIssue({ code: "custom", message: `${compiled.message}${hint}`, params: { line, column } });
}
