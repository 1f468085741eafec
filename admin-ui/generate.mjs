// Writes admin-ui/src/lib/operations.gen.ts from the API's contract: where each operation is, who may call it, and the
// types of what it takes.
// `npm run gen`; with --check it changes nothing and exits 1 when stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { contract } from "../worker/api/contract.ts";

const target = new URL("./src/lib/operations.gen.ts", import.meta.url);
const depthMax = 6;

/** @param {import("zod").ZodType | undefined} schema */
function typeOfSchema(schema) {
  if (schema === undefined) return "undefined";
  return typeOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), 0);
}

/** JSON Schema to TypeScript, as far as the contract uses it; what is not understood is `unknown`, never wrong. */
function typeOf(schema, depth) {
  if (depth > depthMax || schema === true || schema.$ref !== undefined) return "unknown";
  const either = schema.anyOf ?? schema.oneOf;
  if (either !== undefined) return [...new Set(either.map((each) => typeOf(each, depth + 1)))].join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return kinds.map((kind) => typeOfKind(kind, schema, depth)).join(" | ");
}

function typeOfKind(kind, schema, depth) {
  if (kind === "string" || kind === "boolean" || kind === "null") return kind;
  if (kind === "number" || kind === "integer") return "number";
  if (kind === "array") return `readonly (${schema.items === undefined ? "unknown" : typeOf(schema.items, depth + 1)})[]`;
  if (kind !== "object") return "unknown";
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, each]) =>
      `${JSON.stringify(name)}${required.has(name) && each.default === undefined ? "" : "?"}: ${typeOf(each, depth + 1)}${required.has(name) ? "" : " | undefined"}`,
  );
  const rest = schema.additionalProperties;
  if (fields.length === 0)
    return rest ? `Readonly<Record<string, ${typeOf(rest, depth + 1)}>>` : "Readonly<Record<string, never>>";
  return `{ ${fields.join("; ")} }${rest && Object.keys(rest).length === 0 ? " & Readonly<Record<string, unknown>>" : ""}`;
}

const entries = Object.entries(contract);
const places = entries.map(([name, { method, path, may, self }]) => {
  const parts = [method, path.replace("/api/v1", ""), may, ...(self === undefined ? [] : [self])];
  return `  ${name}: [${parts.map((part) => JSON.stringify(part)).join(", ")}],`;
});
const inputs = entries.map(
  ([name, { query, body, describes }]) =>
    `  ${name}: { query: ${query === undefined ? "undefined" : typeOfSchema(query)}; body: ${typeOfSchema(body ?? describes)} };`,
);
const text = `// Generated from worker/api/contract.ts by admin-ui/generate.mjs (\`npm run gen\`). Do not edit.

/** Method; path, below /api/v1; the least role; the path's parameter that names a person who may call it whatever their role. */
export const operations = {
${places.join("\n")}
} as const;

/** What each operation takes besides its path. */
export interface Inputs {
${inputs.join("\n")}
}
`;
if (process.argv.includes("--check")) {
  if (existsSync(target) && readFileSync(target, "utf8") === text) process.exit(0);
  console.error("admin-ui/src/lib/operations.gen.ts is stale: run `npm run gen`");
  process.exit(1);
}
writeFileSync(target, text);
