// GitLab's two ways to prove itself: the secret token as it is, and a signing token by Standard Webhooks.

import { describe, expect, it } from "vitest";
import { hmacSha256, type InboundRequest } from "../../plugins/sdk/index.ts";
import { plugin } from "../../plugins/sources/gitlab/index.ts";

const now = Date.parse("2026-11-23T03:12:00Z");
const body = new TextEncoder().encode('{"object_kind":"pipeline"}');
const bytes = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const token = `whsec_${btoa(String.fromCharCode(...bytes))}`;

async function signed(at: number, of: Uint8Array = body): Promise<InboundRequest> {
  const time = String(Math.floor(at / 1_000));
  const { base64 } = await hmacSha256(bytes, `msg-1.${time}.`, of);
  return asked({ "webhook-id": "msg-1", "webhook-timestamp": time, "webhook-signature": `v1,${base64}` });
}

function asked(headers: Readonly<Record<string, string>>): InboundRequest {
  return { method: "POST", path: "/", query: {}, headers, body };
}

async function taken(request: InboundRequest, secret: string): Promise<boolean> {
  const keys = { get: () => Promise.reject(new Error("none")) };
  return (await plugin.verify(request, { secret, config: plugin.config.parse({}), now, keys })).ok;
}

describe("GitLab's proof", () => {
  it("is the signature of a signing token, fresh and of this body", async () => {
    expect(await taken(await signed(now), token)).toBe(true);
    expect(await taken(await signed(now - 600_000), token)).toBe(false);
    expect(await taken(await signed(now, new TextEncoder().encode("{}")), token)).toBe(false);
  });

  it("is the secret token as it is, where that is what the integration holds", async () => {
    expect(await taken(asked({ "x-gitlab-token": "a-secret" }), "a-secret")).toBe(true);
    expect(await taken(asked({ "x-gitlab-token": "another" }), "a-secret")).toBe(false);
    expect(await taken(asked({}), token)).toBe(false);
  });

  it("is the signature wherever there is one: a right secret token beside a wrong signature is refused", async () => {
    const wrong = await signed(now, new TextEncoder().encode("{}"));
    expect(await taken({ ...wrong, headers: { ...wrong.headers, "x-gitlab-token": token } }, token)).toBe(false);
  });
});
