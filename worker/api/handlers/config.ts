// Owns the tenant document over HTTP: PUT applies it, GET gives it back. Meaning is worker/tenant's.

import { limits } from "../../core/limits.ts";
import { dbFor } from "../../store/db.ts";
import { loadTenant } from "../../store/tenant.ts";
import { applyDocument } from "../../tenant/apply.ts";
import { fromStored } from "../../tenant/definitions.ts";
import { exportDocument, toYaml } from "../../tenant/export.ts";
import { ApiError } from "../error.ts";
import { readText, type Handler } from "../mount.ts";

const tenantId = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;

export const putConfig: Handler = async ({ c, env, params, query, principal, now }) => {
  const tenant = params["tenant"] ?? "";
  if (!tenantId.test(tenant)) throw new ApiError("invalid", "a tenant's id is 1 to 64 of a-z, 0-9 and -");
  const text = await readText(c.req.raw, limits.api.documentBytesMax);
  const actor = principal.kind === "user" ? principal.user : "hub-owner";
  const input = {
    tenant,
    text,
    contentType: c.req.header("content-type") ?? "",
    ifMatch: versionOf(c.req.header("if-match")),
    dryRun: query["dryRun"] === true,
    prune: (query["prune"] as readonly string[] | undefined) ?? [],
    actor,
  };
  const result = await applyDocument(env, input, now).catch((error: unknown) => {
    console.error("could not apply", tenant, String(error));
    throw new ApiError("unavailable", "the definitions could not be stored; nothing changed, try again");
  });
  if (result.kind === "invalid") {
    const first = result.errors[0];
    const where = first?.line ? `line ${first.line}, ` : "";
    throw new ApiError(
      "invalid",
      `nothing was changed: ${where}${first?.path || "document"}: ${first?.message ?? "not valid"}${result.errors.length > 1 ? ` (and ${result.errors.length - 1} more)` : ""}`,
      { errors: result.errors },
    );
  }
  if (result.kind === "moved")
    throw new ApiError(
      "precondition-failed",
      `the tenant is at version ${result.version}: get it again, and apply your change to that`,
      { version: result.version },
    );
  const { version, changes, issued, warnings, inForce, dryRun } = result;
  const told = issued.map((each) => ({
    ...each,
    url: `${env.TOCSIN_PUBLIC_URL.replace(/\/$/, "")}/v1/${each.kind === "heartbeats" ? "heartbeats" : "ingest"}/${each.key}`,
  }));
  const body = {
    applied: !dryRun,
    version,
    changes,
    issued: told,
    warnings,
    ...(dryRun || inForce ? {} : { detail: "saved, not yet in force: it will be within a minute or two" }),
  };
  return c.json(body, dryRun || inForce ? 200 : 202, { etag: `"${version}"` });
};

export const getConfig: Handler = async ({ c, env, params }) => {
  const tenant = params["tenant"] ?? "";
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  if (stored === null) throw new ApiError("not-found", "there is nothing at this address");
  const document = exportDocument(tenant, fromStored(stored));
  const headers = { etag: `"${stored.version}"` };
  if ((c.req.header("accept") ?? "").includes("application/json")) return c.json(document, 200, headers);
  return c.body(toYaml(document), 200, { ...headers, "content-type": "application/yaml; charset=utf-8" });
};

function versionOf(header: string | undefined): number | null {
  if (header === undefined || header === "*") return null;
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (version === undefined) throw new ApiError("bad-request", 'If-Match takes the version in quotes, as ETag gave it: "7"');
  return Number(version);
}
