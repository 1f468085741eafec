// A secret that is replaced through the API: what the old one proves is taken on for a while, and no longer.

import { expect, test } from "vitest";
import { api, ask, tenant, until, type Json } from "./hub.ts";

const call = (method: string, path: string, body?: unknown) => api(method, `/api/v1/tenants/${path}`, body);

test("a rotated secret: both are taken for the overlap, until it ends or is revoked; it is listed, logged and never shown", async () => {
  await tenant("swap");
  const old = "the-sender-presents-this";
  const made = await call("POST", "swap/integrations", { id: "door", source: "generic", secret: { value: old } });
  const { key } = made.body["issued"][0];
  const fire = async (secret: string) =>
    (
      await ask(`/v1/ingest/${key}`, {
        method: "POST",
        headers: { "x-tocsin-secret": secret },
        body: JSON.stringify({ dedupKey: "a", title: "A" }),
      })
    ).status;
  const rotate = (body: object) => call("POST", "swap/integrations/door/rotate-secret", body);
  expect([await fire(old), await fire("wrong")]).toEqual([202, 401]);
  const turned = await rotate({ overlap: "1h", secret: "the-vendor-made-this-one" });
  expect(turned.body["meta"]["oldSecretUntil"]).toMatch(/Z$/);
  expect(JSON.stringify(turned.body)).not.toContain("the-vendor-made");
  expect([await fire(old), await fire("the-vendor-made-this-one"), await fire("wrong")]).toEqual([202, 202, 401]);
  // What else is changed, and the document applied again, leave the overlap as it is.
  await call("PATCH", "swap/integrations/door", { name: "In" });
  const { text } = (await api("GET", "/api/v1/tenants/swap/config")).body as { text: string };
  expect(await api("PUT", "/api/v1/tenants/swap/config", text)).toMatchObject({ status: 200, body: { changes: [] } });
  expect(await fire(old)).toBe(202);
  // A second rotation would end the first old secret before its time: it is refused, and says how to go on.
  const second = await rotate({ overlap: "1h", secret: "a-third-one" });
  expect([second.status, String(second.body["detail"])]).toEqual([409, expect.stringContaining("revoke-old")]);
  expect([await fire(old), await fire("a-third-one")]).toEqual([202, 401]);
  const revoked = await call("POST", "swap/integrations/door/revoke-old", { what: "secret" });
  expect(revoked.body["meta"]["oldSecretUntil"]).toBeUndefined();
  expect([await fire(old), await fire("the-vendor-made-this-one")]).toEqual([401, 202]);
  const own = (await rotate({ overlap: "1s" })).body["newSecret"] as string;
  expect([await fire("the-vendor-made-this-one"), await fire(own)]).toEqual([202, 202]);
  await until("the overlap's end", async () => (await fire("the-vendor-made-this-one")) === 401);
  expect(await fire(own)).toBe(202);
  expect(await rotate({ secret: own })).toMatchObject({ status: 422, body: { errors: [{ path: "secret" }] } });
  await call("POST", "swap/integrations", { id: "bare", source: "generic" });
  expect((await call("POST", "swap/integrations/bare/rotate-secret", {})).status).toBe(409);
  const log = (await call("GET", "swap/audit")).body["items"] as Json[];
  expect(log.map((row) => row["action"])).toEqual(
    expect.arrayContaining(["integrations.rotate-secret", "integrations.revoke-old"]),
  );
  const kept = JSON.stringify([log, (await call("GET", "swap/integrations/door/received")).body]);
  for (const word of [own, old, "the-vendor-made"]) expect(kept).not.toContain(word);
});
