// Writes worker/api/openapi.gen.json from the contract: `npm run gen`. With --check it changes nothing and exits 1 when stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { contract } from "./contract.ts";

const target = new URL("./openapi.gen.json", import.meta.url);

/** @param {import("zod").ZodType} schema */
const jsonSchema = (schema) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};

/** Objects of the tenant, described once: operations that take the same schema refer to it by the noun of the first. */
const components = new Map();
/** @param {string} operationId @param {import("zod").ZodType} schema */
const described = (operationId, schema) => {
  if (!/^(create|replace)/.test(operationId)) return jsonSchema(schema);
  if (!components.has(schema))
    components.set(schema, { name: operationId.replace(/^(create|replace)/, ""), schema: jsonSchema(schema) });
  return { $ref: `#/components/schemas/${components.get(schema).name}` };
};

const problem = {
  description: "A problem document (RFC 9457)",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};
const paths = {};
for (const [operationId, endpoint] of Object.entries(contract)) {
  const parameters = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  if (endpoint.query) {
    const { properties = {}, required = [] } = jsonSchema(endpoint.query);
    for (const [name, schema] of Object.entries(properties))
      parameters.push({ name, in: "query", required: required.includes(name) && schema.default === undefined, schema });
  }
  const responses = Object.fromEntries(
    Object.entries(endpoint.answers).map(([status, description]) => [
      status,
      Number(status) < 300 ? { description, content: { [endpoint.raw ?? "application/json"]: {} } } : { ...problem, description },
    ]),
  );
  paths[endpoint.path] ??= {};
  paths[endpoint.path][endpoint.method] = {
    operationId,
    summary: endpoint.summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.body ? { requestBody: { content: { "application/json": { schema: jsonSchema(endpoint.body) } } } } : {}),
    ...(endpoint.describes
      ? { requestBody: { content: { "application/json": { schema: described(operationId, endpoint.describes) } } } }
      : {}),
    "x-role": endpoint.may,
    ...(endpoint.raw && endpoint.method === "put"
      ? { requestBody: { required: true, content: { "application/yaml": {}, "application/json": {} } } }
      : {}),
    responses: { ...responses, 401: problem, default: problem },
  };
}
const text = `${JSON.stringify(
  {
    openapi: "3.1.0",
    info: { title: "Tocsin", version: "1", description: "An open escalation hub: any alert in, the right person out." },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: {
        ...Object.fromEntries([...components.values()].map(({ name, schema }) => [name, schema])),
        Problem: {
          type: "object",
          required: ["type", "title", "status"],
          properties: {
            type: { type: "string" },
            title: { type: "string" },
            status: { type: "integer" },
            detail: { type: "string" },
            instance: { type: "string" },
            legal: { type: "array", items: { type: "string" } },
            errors: { type: "array", items: { type: "object" } },
          },
        },
      },
    },
  },
  null,
  1,
)}\n`;

if (process.argv.includes("--check")) {
  const fresh = existsSync(target) && readFileSync(target, "utf8") === text;
  if (!fresh) console.error("worker/api/openapi.gen.json is stale: run npm run gen");
  process.exit(fresh ? 0 : 1);
}
writeFileSync(target, text);
