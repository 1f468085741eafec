// Owns what a plugin's schema says of a configuration, in our words: which field, what is wrong, and, where the field holds an
// expression or a template, the place inside it.

import type * as z from "zod";
import type { Finding } from "./check.ts";
import { nearestOf } from "../lib/nearest.ts";
import { toldOfIssue } from "./issue-told.ts";
import { keysAt } from "./schema-keys.ts";

/** What the schema refuses of a configuration; keys that it does not know come first, because one misspelt misses elsewhere, too. */
export function configIssues(schema: z.ZodType, value: unknown): Finding[] {
  const issues = schema.safeParse(value).error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => unknownKey(schema, issue.path, key)) : [],
  );
  const others = issues.flatMap((issue): Finding[] => {
    if (issue.code === "unrecognized_keys") return [];
    const inside = issue.code === "custom" ? placeOf(issue.params) : null;
    return [{ path: pathOf(issue.path), message: issue.message, ...toldOfIssue(issue), ...(inside === null ? {} : { inside }) }];
  });
  return [...unknown, ...others];
}

function unknownKey(schema: z.ZodType, path: readonly PropertyKey[], key: string): Finding {
  const nearest = nearestOf(key, keysAt(schema, path));
  return {
    path: [...pathOf(path), key],
    message: `the plugin knows no key \`${key}\`${nearest === null ? "" : `, did you mean \`${nearest}\`?`}`,
    told: { code: "schema-keys", keys: [key], nearest },
    ...(nearest === null ? {} : { nearest }),
  };
}

function pathOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((part) => (typeof part === "symbol" ? String(part) : part));
}

/** Plugins put the place into the issue's `params` as `line` and `column`, from 1. */
function placeOf(params: Readonly<Record<string, unknown>> | undefined): NonNullable<Finding["inside"]> | null {
  const { line, column } = params ?? {};
  return typeof line === "number" && typeof column === "number" ? { line, column } : null;
}
