// Owns what a plugin's schema says of a configuration, in our words: which field, what is wrong, and, where the field holds an
// expression or a template, the place inside it.

import type * as z from "zod";
import type { Finding } from "./check.ts";
import { toldOfIssue } from "./issue-told.ts";

export function configIssues(result: z.ZodSafeParseResult<unknown>): Finding[] {
  return (result.error?.issues ?? []).flatMap((issue): Finding[] => {
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: [...pathOf(issue.path), key],
        message: `the plugin knows no key \`${key}\``,
        told: { code: "schema-keys", keys: [key] },
      }));
    const inside = issue.code === "custom" ? placeOf(issue.params) : null;
    return [{ path: pathOf(issue.path), message: issue.message, ...toldOfIssue(issue), ...(inside === null ? {} : { inside }) }];
  });
}

function pathOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((part) => (typeof part === "symbol" ? String(part) : part));
}

/** Plugins put the place into the issue's `params` as `line` and `column`, from 1. */
function placeOf(params: Readonly<Record<string, unknown>> | undefined): NonNullable<Finding["inside"]> | null {
  const { line, column } = params ?? {};
  return typeof line === "number" && typeof column === "number" ? { line, column } : null;
}
