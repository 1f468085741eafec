// What the hub says of a definition, in Spanish: every warning that the checks give, and every rule a schema refuses by.

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { findingCodes, findingInSpanish } from "../../admin-ui/src/lib/findings-es.ts";
import { toldOfIssue } from "../../worker/tenant/issue-told.ts";
import { parseDocument } from "../../worker/tenant/parse.ts";

const checks = readdirSync("worker/tenant")
  .filter((file) => /^check.*\.ts$/.test(file))
  .map((file) => readFileSync(`worker/tenant/${file}`, "utf8"))
  .join("\n");

test("every warning has a code, and a Spanish sentence for it", () => {
  const codes = [...checks.matchAll(/\{\s*code: "([a-z-]+)"/g)].map(([, code]) => code ?? "");
  expect(codes.length).toBe([...checks.matchAll(/\bwarn\(\s*context,/g)].length);
  expect(codes.filter((code) => !findingCodes.includes(code))).toEqual([]);
});

const spanishOf = (schema: z.ZodType, value: unknown): (string | null)[] =>
  (schema.safeParse(value).error?.issues ?? []).map((issue) => {
    const { told } = toldOfIssue(issue);
    return told === undefined ? null : findingInSpanish(told);
  });

test("what a schema refuses is said in Spanish, with its bounds", () => {
  const schema = z.strictObject({
    name: z.string().min(1),
    note: z.string().max(3),
    n: z.number().int().min(2).max(9),
    level: z.enum(["high", "low"]),
    mail: z.email(),
    list: z.array(z.string()).max(1),
    gone: z.string(),
  });
  const given = { name: "", note: "long", n: 12, level: "middle", mail: "no", list: ["a", "b"], more: 1 };
  expect(spanishOf(schema, given)).toEqual([
    "no puede estar vacío",
    "como mucho 3 caracteres",
    "como mucho 9",
    "tiene que ser uno de estos: high, low",
    "no es una dirección de correo",
    "como mucho 1 elemento",
    "falta, y hace falta",
    "aquí no hay ninguna clave more",
  ]);
  expect(spanishOf(schema.pick({ n: true }), { n: "two" })).toEqual(["tiene que ser un número"]);
});

test("a sentence of our own has no rule to name, and stays as it is", () => {
  expect(spanishOf(z.string().min(3, "at least three letters"), "a")).toEqual([null]);
});

test("a document's errors carry the rule", () => {
  const parsed = parseDocument("tenant: acme\nusers: [ { id: ana, nam: Ana, contacts: 7 } ]\n", "");
  expect(parsed.ok ? [] : parsed.errors.map(({ path, told }) => [path, told?.code])).toEqual([
    ["users[0].contacts", "schema-type"],
    ["users[0].nam", "schema-keys"],
  ]);
});
