// Owns turning the contract into routes: who may, validation with clear field errors, then the handler.

import { Hono, type Context } from "hono";
import { refuseForeignOrigin } from "../auth/origin.ts";
import { authenticate, type Principal } from "../auth/principal.ts";
import { refusalFor } from "../auth/roles.ts";
import { limits } from "../core/limits.ts";
import { toldOfIssue } from "../tenant/issue-told.ts";
import { pathText } from "../tenant/parse.ts";
import { contract, type Endpoint, type Operation } from "./contract.ts";
import { docsPage } from "./docs.ts";
import { ApiError } from "./error.ts";
import { handlers } from "./handlers/index.ts";
import { tenantSchema } from "../tenant/json-schema.ts";

/** What a handler is given: everything already checked against the contract. */
export interface Call {
  readonly c: Context<{ Bindings: Env }>;
  readonly env: Env;
  readonly principal: Principal;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: number;
}

export type Handler = (call: Call) => Promise<Response>;

/** Of an endpoint that asks nobody who they are. */
export type PublicCall = Omit<Call, "principal">;
export type PublicHandler = (call: PublicCall) => Promise<Response>;

export const apiApp = new Hono<{ Bindings: Env }>();

for (const [operation, endpoint] of Object.entries(contract) as [Operation, Endpoint][]) {
  const path = endpoint.path.replaceAll(/\{(\w+)\}/g, ":$1");
  apiApp.on(endpoint.method.toUpperCase(), path, (c) => serve(c, endpoint, handlers[operation]));
}
apiApp.get("/api/openapi.json", async (c) => c.json((await import("./openapi.gen.json")).default));
apiApp.get("/api/docs", (c) =>
  c.html(docsPage(), 200, {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  }),
);
apiApp.get("/api/v1/schema/tenant.json", (c) => c.json(tenantSchema()));

async function serve(c: Context<{ Bindings: Env }>, endpoint: Endpoint, handler: Handler): Promise<Response> {
  refuseForeignOrigin(c);
  const params = c.req.param() as Record<string, string>;
  const principal = endpoint.may === "public" ? null : await authenticate(c);
  if (principal !== null) {
    const refusal = refusalFor(principal, endpoint, params);
    if (refusal === "not-found") throw new ApiError("not-found", "there is nothing at this address");
    if (refusal === "forbidden") throw new ApiError("forbidden", `this takes the role ${endpoint.may} or a higher one`);
  }
  const query = endpoint.query === undefined ? {} : checked(endpoint.query.safeParse(c.req.query()), "query");
  const body =
    endpoint.body === undefined
      ? {}
      : checked(endpoint.body.safeParse(await jsonBody(c, endpoint.bodyBytesMax ?? limits.api.bodyBytesMax)), "body");
  const call: PublicCall = { c, env: c.env, params, query, body, now: Date.now() };
  // A handler of a public endpoint is a PublicHandler: it reads no principal.
  return principal === null ? (handler as PublicHandler)(call) : handler({ ...call, principal });
}

type Result = ReturnType<NonNullable<Endpoint["query"]>["safeParse"]>;

function checked(result: Result, where: "query" | "body"): Record<string, unknown> {
  if (result.success) return result.data;
  const errors = result.error.issues.map((issue) => ({
    in: where,
    path: pathText(issue.path),
    message: issue.code === "unrecognized_keys" ? `unknown: ${issue.keys.join(", ")}` : issue.message,
    ...toldOfIssue(issue),
  }));
  throw new ApiError("invalid", errors.map((error) => `${error.path || error.in}: ${error.message}`).join("; "), { errors });
}

/** The body as JSON; an empty one is an empty object. */
export async function jsonBody(c: Context, bytesMax: number): Promise<unknown> {
  const text = await readText(c.req.raw, bytesMax);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("bad-request", "the body is not JSON");
  }
}

/** The body as text, at most this long. */
export async function readText(request: Request, bytesMax: number): Promise<string> {
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax)
    throw new ApiError("too-large", `the body may have ${bytesMax} bytes`);
  const text = await request.text();
  if (text.length > bytesMax) throw new ApiError("too-large", `the body may have ${bytesMax} bytes`);
  return text;
}
