// The shared cases of other products, those whose choices are ours. Says how many passed, by file and by origin, and what was
// not adopted and why; one that fails fails the test.

import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { shared } from "../vectors.ts";
import { adopted, notAdopted, notAdoptedCases, notOurKinds } from "./adopted-tags.ts";
import { asks } from "./vector-kinds.ts";
import { NotOurs, type Json } from "./vector-schedule.ts";

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly policy: readonly string[];
  readonly input: Json;
  readonly expect: Json;
  readonly origin: { readonly repo?: string; readonly product?: string };
}

const schema = shared("vectors/SCHEMA.md");
const families =
  /^(rotation|schedule|spans|window|override|coverage|shifts|recurrence|ical|report|swap|tempschedule|support_hours)\./;

function verdict(each: Case): { readonly kind: "passed" | "not adopted" | "failed"; readonly reason: string } {
  const other = each.policy.find((tag) => !(tag in adopted));
  if (other !== undefined) return { kind: "not adopted", reason: `${other}: ${notAdopted[other] ?? "NOT DECIDED"}` };
  const ask = asks[each.kind];
  if (!ask) return { kind: "not adopted", reason: `${each.kind}: ${notOurKinds[each.kind] ?? "NOT DECIDED"}` };
  const own = notAdoptedCases[each.id];
  if (own !== undefined) return { kind: "not adopted", reason: own };
  try {
    const found = ask(each.input, each.expect);
    return found === null ? { kind: "passed", reason: "" } : { kind: "failed", reason: found };
  } catch (error) {
    if (error instanceof NotOurs) return { kind: "not adopted", reason: `not in our model: ${error.message}` };
    return { kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Cases of the same form that lie somewhere else. */
const elsewhere = process.env["TOCSIN_VECTORS"];

test.skipIf(schema === null && elsewhere === undefined)("the shared cases", () => {
  const folder = elsewhere ?? dirname(schema ?? "");
  const failures: string[] = [];
  const undecided = new Set<string>();
  const table = new Map<string, Record<string, number>>();
  const reasons = new Map<string, number>();
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith(".json") && (elsewhere !== undefined || !name.includes("holdout")),
  )) {
    for (const each of JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Case[]) {
      if (!families.test(each.kind)) continue;
      const { kind, reason } = verdict(each);
      if (reason.includes("NOT DECIDED")) undecided.add(reason);
      for (const row of [file, `  from ${each.origin.repo ?? each.origin.product ?? "documentation"}`]) {
        const counts = table.get(row) ?? {};
        counts[kind] = (counts[kind] ?? 0) + 1;
        table.set(row, counts);
      }
      if (kind === "not adopted") reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (kind === "failed") failures.push(`${each.id} [${each.policy.join(" ")}] ${reason.slice(0, 2_000)}`);
    }
  }
  const line = (name: string, { passed = 0, "not adopted": left = 0, failed = 0 }: Record<string, number>): string =>
    `${name.padEnd(44)} ${String(passed).padStart(4)} passed ${String(left).padStart(4)} not adopted ${String(failed).padStart(4)} failed`;
  const rows = [...table].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, counts]) => line(name, counts));
  const why = [...reasons].toSorted(([, a], [, b]) => b - a).map(([reason, n]) => `${String(n).padStart(4)} × ${reason}`);
  console.log([...rows, "not adopted:", ...why, ...failures].join("\n"));
  expect([...undecided]).toEqual([]);
  expect(failures).toEqual([]);
  // A run that read nothing has shown nothing.
  const passed = [...table]
    .filter(([name]) => !name.startsWith(" "))
    .reduce((sum, [, counts]) => sum + (counts["passed"] ?? 0), 0);
  expect(passed).toBeGreaterThan(elsewhere === undefined ? 420 : 0);
});
