// Owns what single kinds can do beside being read and written: the order of routes, a new key of an integration.

import { parseDuration } from "../../core/duration.ts";
import { limits } from "../../core/limits.ts";
import { keyHash } from "../../objects/key-cache.ts";
import type { IntegrationDefinition } from "../../tenant/definitions.ts";
import { orderTag, reorderRoutes } from "../../tenant/object.ts";
import { withLimit } from "../../objects/limit.ts";
import { gateStub } from "../../objects/places.ts";
import { iso, isoOrNull } from "../shapes.ts";
import { snapshotOf } from "./tenant.ts";
import { addressesOf, newKey, newKeyFor, sealAt, secretPlace } from "../../tenant/secrets.ts";
import { principalName } from "../../auth/principal.ts";
import { ifMatchOf } from "../conditional.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { change, doneJson } from "./resources.ts";

export const orderRoutes: Handler = async ({ c, env, params, body, principal, now }) => {
  const actor = principalName(principal);
  const ifMatch = ifMatchOf(c.req.header("if-match"));
  const result = await reorderRoutes(env, { tenant: params["tenant"] ?? "", ids: body["ids"] as string[], ifMatch, actor }, now);
  switch (result.kind) {
    case "absent":
      throw new ApiError("not-found", "there is nothing at this address");
    case "busy":
      throw new ApiError("unavailable", "too many changes of this tenant at once; nothing changed, try again");
    case "invalid":
      throw new ApiError("invalid", `ids: ${result.message}`, { errors: [{ in: "body", path: "ids", message: result.message }] });
    case "moved":
      throw new ApiError("precondition-failed", "routes were added, taken away or moved since: list them again", {
        etag: result.etag,
      });
    case "done": {
      const etag = orderTag(result.ids);
      const meta = { version: result.version, inForce: result.inForce, etag };
      return c.json({ ids: result.ids, meta }, result.inForce ? 200 : 202, { etag });
    }
  }
};

export const getIntegrationRate: Handler = async (call) => {
  const { tenant, jurisdiction, integrations } = await snapshotOf(call);
  const integration = integrations[call.params["id"] ?? ""];
  if (!integration) throw new ApiError("not-found", "there is nothing at this address");
  const gate = gateStub(call.env, tenant, jurisdiction, `rate:${integration.id}`);
  const { from, used, refused, lastRefusedAt } = await withLimit(gate.rate(), limits.gate.askMs * 10);
  return call.c.json({
    limit: integration.rateLimit ?? null,
    window: from === null ? null : { from: iso(from), used },
    refused,
    lastRefusedAt: isoOrNull(lastRefusedAt),
  });
};

function overlapOf(call: Call): number {
  const overlapMs = parseDuration(String(call.body["overlap"]));
  if (overlapMs === null || overlapMs > limits.keys.overlapMsMax)
    throw new ApiError("invalid", "overlap: a duration from 0s to 30d", {
      errors: [{ in: "body", path: "overlap", message: "a duration from 0s to 30d" }],
    });
  return overlapMs;
}

export const rotateIntegration: Handler = async (call) => {
  const overlapMs = overlapOf(call);
  const id = call.params["id"] ?? "";
  const source = (await snapshotOf(call)).integrations[id]?.source ?? "";
  const key = newKeyFor(source);
  const rewrite = (present: { readonly id: string }): IntegrationDefinition => {
    // The kind is integrations: this is its stored form. Only the last key has an overlap; one that had one still ends now.
    const { retiredKey: _, ...rest } = present as IntegrationDefinition;
    const retired = overlapMs > 0 ? { retiredKey: { hash: rest.keyHash, until: call.now + overlapMs } } : {};
    return { ...rest, ...retired, keyHash: keyHash(key) };
  };
  const edit = { verb: "rewrite" as const, rewrite, issued: { kind: "integrations" as const, id, key, ...addressesOf(source) } };
  return doneJson(call, "integrations", await change(call, { kind: "integrations", id, edit, action: "integrations.rotate" }));
};

export const rotateIntegrationSecret: Handler = async (call) => {
  const overlapMs = overlapOf(call);
  const id = call.params["id"] ?? "";
  const given = call.body["secret"] as string | undefined;
  const plain = given ?? newKey();
  const sealed = await sealAt(call.env, secretPlace(call.params["tenant"] ?? "", id), plain, null);
  const rewrite = (present: { readonly id: string }): IntegrationDefinition => {
    const { retiredSecret: older, ...rest } = present as IntegrationDefinition;
    // Only the last secret has an overlap. A sender that still signs with the one before must not be shut out by surprise.
    if (overlapMs > 0 && older !== undefined && older.until > call.now)
      throw new ApiError(
        "conflict",
        `the secret before this one is still taken until ${iso(older.until)}: wait for that, or end it with POST integrations/${id}/revoke-old {"what":"secret"}, then rotate; with "overlap":"0s" both end at once`,
      );
    if (rest.secret === null) throw new ApiError("conflict", "this integration has no secret: give it one first");
    if (rest.secret.print === sealed.print)
      throw new ApiError("invalid", "secret: it is the one in use already", {
        errors: [{ in: "body", path: "secret", message: "it is the one in use already" }],
      });
    const retired = overlapMs > 0 ? { retiredSecret: { ...rest.secret, until: call.now + overlapMs } } : {};
    return { ...rest, ...retired, secret: sealed };
  };
  const edit = { verb: "rewrite" as const, rewrite };
  const done = await change(call, { kind: "integrations", id, edit, action: "integrations.rotate-secret" });
  return doneJson(call, "integrations", done, { more: given === undefined ? { newSecret: plain } : {} });
};

export const revokeOldKeys: Handler = async (call) => {
  const what = call.body["what"] as "key" | "secret" | "both";
  const rewrite = (present: { readonly id: string }): IntegrationDefinition => {
    const { retiredKey, retiredSecret, ...rest } = present as IntegrationDefinition;
    return {
      ...rest,
      ...(what === "secret" && retiredKey !== undefined ? { retiredKey } : {}),
      ...(what === "key" && retiredSecret !== undefined ? { retiredSecret } : {}),
    };
  };
  const id = call.params["id"] ?? "";
  const edit = { verb: "rewrite" as const, rewrite };
  return doneJson(
    call,
    "integrations",
    await change(call, { kind: "integrations", id, edit, action: "integrations.revoke-old" }),
  );
};
