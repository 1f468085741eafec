// Owns that every bound stands in limits.ts, and that each one there binds something: a limit nobody reads is a promise nobody keeps.

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

/** Not ours to set, each with whose it is; and names of a unit of time. */
const given: Readonly<Record<string, string>> = {
  shiftMsMax: "the world's time zones",
  octetsMax: "RFC 5545's folding",
};
const unit = /^(minute|hour|day|week|fourWeeks|year|block)Ms$/;

test("no bound of the worker stands elsewhere", () => {
  const elsewhere = code
    .filter((file) => /^worker\/.*\.tsx?$/.test(file) && file !== "worker/core/limits.ts" && !file.endsWith(".gen.ts"))
    .flatMap((file) =>
      [...textOf(file).matchAll(/^(?:export )?const (\w+(?:Max|Min|Ms|AtOnce|Tries|Kept|Shown)) = [\d_]+/gm)].map(
        ([, name = ""]) => ({ file, name }),
      ),
    )
    .filter(({ name }) => !(name in given) && !unit.test(name));
  expect(elsewhere).toEqual([]);
});
