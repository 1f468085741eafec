// Owns that every bound in limits.ts binds something: a limit nobody reads is a promise nobody keeps.

import { expect, test } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { code, textOf } from "./repository.ts";

const readers = code
  .filter((file) => /^(worker|plugins)\//.test(file) && file !== "worker/core/limits.ts")
  .map(textOf)
  .filter((text) => /\blimits\b/.test(text))
  .join("\n");

function leaves(value: object, at: readonly string[]): readonly (readonly string[])[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null ? leaves(inner, [...at, name]) : [[...at, name]],
  );
}

test("every limit is read somewhere", () => {
  const all = leaves(limits, []);
  expect(all.length).toBeGreaterThan(50);
  const unread = all.filter(([group = "", ...rest]) => {
    const name = rest.at(-1) ?? group;
    // By whatever name the group is held: `limits.group.name`, `bound.name`, `const { name } = limits.group`.
    return !new RegExp(`\\.${group}\\b`).test(readers) || !new RegExp(`(\\.|[{,]\\s*)${name}\\b`).test(readers);
  });
  expect(unread.map((path) => path.join("."))).toEqual([]);
});
