// Owns regular expressions that cannot hang: compiled by re2js, which takes linear time, and remembered by their text. The native
// engine can be held for seconds by a pattern of 26 characters.

import { RE2JS } from "re2js";
import { limits } from "./limits.ts";

const patterns = new Map<string, RE2JS>();

/** Throws with re2's own words when it does not compile. */
export function linearPattern(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (pattern.length > limits.expression.patternCharsMax)
    throw new Error(`a pattern has at most ${limits.expression.patternCharsMax} characters`);
  const made = RE2JS.compile(pattern);
  if (patterns.size >= limits.expression.patternsKept) patterns.clear();
  patterns.set(pattern, made);
  return made;
}
