// Owns tenants of the hub as a resource: list, one, make, delete.

import { limits } from "../../core/limits.ts";
import { withLimit } from "../../objects/limit.ts";
import { listTenants as tenantRows, type TenantRow } from "../../store/tenant.ts";
import { removeTenant } from "../../tenant/remove.ts";
import { ApiError } from "../error.ts";
import { jsonBody, type Handler } from "../mount.ts";
import { applied } from "./config.ts";

const { askMs } = limits.api;

export const listTenants: Handler = async ({ c, env, principal }) => {
  const rows = await withLimit(tenantRows(env.DB), askMs);
  return c.json({ items: rows.filter((row) => principal.kind === "hub-owner" || principal.tenant === row.id), next: null });
};

export const getTenant: Handler = async ({ c, env, params }) => {
  const row: TenantRow | undefined = (await withLimit(tenantRows(env.DB), askMs)).find((each) => each.id === params["tenant"]);
  if (row === undefined) throw new ApiError("not-found", "there is nothing at this address");
  return c.json(row, 200, { etag: `"${row.version}"` });
};

export const createTenant: Handler = async (call) => {
  const { c } = call;
  const given = await jsonBody(c, limits.api.documentBytesMax);
  const { id, ...document } = (typeof given === "object" && given !== null ? given : {}) as Record<string, unknown>;
  // Lists call it `id`, the document calls it `tenant`: either will do.
  const tenant = document["tenant"] ?? id;
  if (typeof tenant !== "string")
    throw new ApiError("invalid", "tenant: the new tenant's id", {
      errors: [{ in: "body", path: "tenant", message: "the new tenant's id" }],
    });
  const text = JSON.stringify({ ...document, tenant });
  const result = await applied(call, {
    tenant,
    text,
    contentType: "application/json",
    ifMatch: null,
    dryRun: false,
    create: true,
  });
  const { version, changes, told, warnings, inForce } = result;
  const body = { id: tenant, name: document["name"] ?? tenant, version, changes, issued: told, warnings };
  return c.json(body, inForce ? 201 : 202, { etag: `"${version}"`, location: `/api/v1/tenants/${tenant}` });
};

export const deleteTenant: Handler = async ({ c, env, params, query, now }) => {
  const input = { tenant: params["tenant"] ?? "", force: query["force"] === true, actor: "hub-owner" };
  const result = await removeTenant(env, input, now);
  switch (result.kind) {
    case "gone":
      return c.body(null, 204);
    case "absent":
      throw new ApiError("not-found", "there is nothing at this address");
    case "open":
      throw new ApiError("conflict", `${result.open} incidents are open: resolve them, or delete with ?force=true`, {
        open: result.open,
      });
    case "unfinished":
      throw new ApiError("unavailable", `${result.what}: delete it again to go on`);
  }
};
