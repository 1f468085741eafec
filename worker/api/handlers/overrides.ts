// Owns overrides over HTTP. 201, 200 and 204 only when the Directory has them in force; else 202.

import type { Override } from "../../core/oncall/schedule.ts";
import { dbFor } from "../../store/db.ts";
import { loadTenant } from "../../store/tenant.ts";
import { schedulesOf } from "../../tenant/compile-schedules.ts";
import { fromStored } from "../../tenant/definitions.ts";
import { changeOverride, type OverrideEdit, type OverrideResult, type OverrideWords } from "../../tenant/overrides.ts";
import { principalName } from "../../auth/principal.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";

export const listOverrides: Handler = async ({ c, env, params, query, now }) => {
  const tenant = params["tenant"] ?? "";
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  if (stored === null) throw new ApiError("not-found", "there is nothing at this address");
  const all = fromStored(stored);
  const schedule = schedulesOf(all).find((each) => each.id === params["id"]);
  if (schedule === undefined) throw new ApiError("not-found", `there is no schedule ${params["id"] ?? ""}`);
  const made = new Set(all.overrides.filter((each) => each.schedule === schedule.id).map((each) => each.override.id));
  const items = schedule.overrides
    .filter((each) => query["past"] === true || each.to > now)
    .toSorted((a, b) => a.from - b.from)
    .map((each) => ({ ...overrideJson(each, now), origin: made.has(each.id) ? "runtime" : "document" }));
  return c.json({ items, next: null });
};

export const createOverride: Handler = async (call) => {
  const done = await changed(call, { verb: "create", words: wordsOf(call) });
  const { override, inForce } = done;
  if (override === null) throw new ApiError("unavailable", "the override could not be made");
  const { tenant, id } = call.params;
  const location = `/api/v1/tenants/${tenant ?? ""}/schedules/${id ?? ""}/overrides/${override.id}`;
  return call.c.json(answer(override, done, call.now), inForce ? 201 : 202, { location });
};

export const patchOverride: Handler = async (call) => {
  const edit: OverrideEdit = { verb: "change", id: call.params["override"] ?? "", words: wordsOf(call) };
  const done = await changed(call, edit);
  const { override, inForce } = done;
  if (override === null) throw new ApiError("unavailable", "the override could not be changed");
  return call.c.json(answer(override, done, call.now), inForce ? 200 : 202);
};

export const deleteOverride: Handler = async (call) => {
  const { inForce, version } = await changed(call, { verb: "end", id: call.params["override"] ?? "" });
  return inForce ? call.c.body(null, 204) : call.c.json(later(version), 202);
};

async function changed(call: Call, edit: OverrideEdit): Promise<Extract<OverrideResult, { kind: "done" }>> {
  const { env, params, principal, now } = call;
  const actor = principalName(principal);
  const input = { tenant: params["tenant"] ?? "", schedule: params["id"] ?? "", edit, actor };
  const result = await changeOverride(env, input, now).catch((error: unknown) => {
    console.error("could not change an override", String(error));
    throw new ApiError("unavailable", "the override could not be stored; nothing changed, try again");
  });
  switch (result.kind) {
    case "done":
      return result;
    case "absent":
      throw new ApiError("not-found", result.message);
    case "exists":
    case "over":
      throw new ApiError("conflict", result.message);
    case "busy":
      throw new ApiError("unavailable", "too many changes of this tenant at once; nothing changed, try again");
    case "invalid":
      throw new ApiError("invalid", `${result.field === "" ? "" : `${result.field}: `}${result.message}`, {
        errors: [{ in: "body", path: result.field, message: result.message }],
      });
  }
}

/** The body as the contract read it: times are numbers by then. */
function wordsOf({ body }: Call): OverrideWords {
  return body;
}

function answer(
  override: Override,
  { inForce, version, origin }: Extract<OverrideResult, { kind: "done" }>,
  now: number,
): Record<string, unknown> {
  return { ...overrideJson(override, now), origin, ...(inForce ? { meta: { version, inForce } } : later(version)) };
}

function later(version: number): Record<string, unknown> {
  return { meta: { version, inForce: false }, detail: "saved, not yet in force: it will be within a minute or two" };
}

function overrideJson(override: Override, now: number): Record<string, unknown> {
  const { from, to, createdAt, ...rest } = override;
  return {
    ...rest,
    from: iso(from),
    to: iso(to),
    createdAt: createdAt === 0 ? null : iso(createdAt),
    state: to <= now ? "past" : from <= now ? "current" : "future",
  };
}
