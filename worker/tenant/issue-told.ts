// Owns what a schema's refusal is as data: which rule and its bounds, for whoever says it in another language. Sentences of our
// own have no rule to name and stay as they are.

import type * as z from "zod";
import type { Told } from "../core/page.ts";

export function toldOfIssue(issue: z.core.$ZodIssue): { readonly told?: Told } {
  // Zod's own words; a schema that says it better has written its own.
  if (!/^(Invalid|Too |Unrecognized)/.test(issue.message)) return {};
  switch (issue.code) {
    case "invalid_type":
      return told("type", issue.message.endsWith("received undefined") ? { missing: true } : { expected: issue.expected });
    case "too_small":
      return told("small", { of: issue.origin, min: Number(issue.minimum), over: issue.inclusive === false });
    case "too_big":
      return told("big", { of: issue.origin, max: Number(issue.maximum), under: issue.inclusive === false });
    case "invalid_format":
      return told("format", { format: issue.format });
    case "invalid_value":
      return told("value", { values: issue.values.map(String) });
    case "unrecognized_keys":
      return told("keys", { keys: issue.keys });
    case "not_multiple_of":
      return told("multiple", { of: issue.divisor });
    default:
      return {};
  }
}

function told(code: string, params: Readonly<Record<string, unknown>>): { readonly told: Told } {
  return { told: { code: `schema-${code}`, ...params } };
}
