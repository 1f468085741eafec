// The responder's link on the real runtime: objects, their storage and the Worker's own door.

import { env, exports } from "./runtime.ts";
import { expect, test } from "vitest";
import { alertIdentity } from "../../worker/core/ids.ts";
import { rosterFor } from "../../worker/core/roster.ts";
import type { Snapshot } from "../../worker/core/snapshot.ts";
import { directoryStub, incidentStub } from "../../worker/objects/places.ts";
import { signToken } from "../../worker/respond/link.ts";
import { decisionFor, snapshotOf } from "./respond-tenant.ts";

const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";

/** A tenant in its Directory and one incident of it, paged to ana. */
async function incidentOf(tenant: string): Promise<{
  snapshot: Snapshot;
  incident: string;
  token: (user: string) => Promise<string>;
  status: () => Promise<string | undefined>;
}> {
  const snapshot = snapshotOf(tenant);
  await directoryStub(env, tenant, null).publish(snapshot);
  const identity = alertIdentity(tenant, null, "datadog-prod", "checkout");
  const stub = incidentStub(env, identity);
  const decision = decisionFor(snapshot);
  const alert = {
    dedupKey: "checkout",
    action: "trigger" as const,
    severity: "critical" as const,
    title: "Checkout is failing",
    body: "",
    labels: { cluster: "eu-1" },
    links: [],
    source: "datadog",
    sourceAt: null,
    test: false,
  };
  const roster = rosterFor(snapshot, { policy: decision.policy, users: [] });
  const received = { alert, integration: "datadog-prod", deliveryId: null, actor: null };
  const answer = await stub.receive({ v: 1, identity, alerts: [received], decision, roster, raw: null });
  const incident = answer.results[0]?.incident ?? "";
  return {
    snapshot,
    incident,
    token: (user) =>
      // Handed off a minute ago: this is a person, not a scanner in the first seconds.
      signToken(env, {
        tenant,
        jurisdiction: null,
        incident,
        user,
        linkEpoch: 0,
        delivery: `dlv_of_${user}`,
        issuedAt: Date.now() - 60_000,
      }),
    status: async () => (await stub.view(incident))?.episode.status,
  };
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`http://localhost:8787${path}`, { redirect: "manual", ...init }));
}

/** Gets the page, keeps the cookie and submits the first form's fields. */
async function press(token: string, action: string, extra: Record<string, string> = {}): Promise<Response> {
  const page = await ask(`/r/${token}`, { headers: { "User-Agent": phone } });
  const html = await page.text();
  const fields = [...(html.split("</form>")[0] ?? "").matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
    (m): [string, string] => [m[1] ?? "", m[2] ?? ""],
  );
  return ask(`/r/${token}/${action}`, {
    method: "POST",
    headers: { "User-Agent": phone, Cookie: (page.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "" },
    body: new URLSearchParams({ ...Object.fromEntries(fields), ...extra }),
  });
}

test("a link is looked at by scanners without effect, acknowledges once, tells the next person who has it, and closes", async () => {
  const { incident, token, status } = await incidentOf("respond-flow");
  const ana = await token("ana");
  for (let n = 0; n < 20; n++) {
    for (const agent of [phone, "Slackbot-LinkExpanding 1.0", "Microsoft Office Outlook 16.0"]) {
      expect((await ask(`/r/${ana}`, { method: n % 2 ? "HEAD" : "GET", headers: { "User-Agent": agent } })).status).toBe(200);
    }
  }
  expect(await status()).toBe("triggered");

  const answer = await press(ana, "ack");
  expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/r/${ana}?done=ack`]);
  expect(await status()).toBe("acknowledged");
  const after = await (await ask(`/r/${ana}?done=ack`)).text();
  expect(after).toMatch(/You have it since \d\d:\d\d/);
  expect(after).toContain(`/r/${ana}/undo`);

  const again = await press(ana, "ack");
  expect(again.status).toBe(200);
  expect(await again.text()).toContain("Already yours since");
  const eva = await press(await token("eva"), "ack");
  expect(eva.status).toBe(200);
  expect(await eva.text()).toContain("Ana Ruiz has it since");

  expect((await press(ana, "note", { text: "rolling back" })).status).toBe(303);
  expect(await (await ask(`/r/${ana}`)).text()).toContain("rolling back");
  expect((await press(ana, "resolve")).status).toBe(303);
  expect(await status()).toBe("resolved");
  expect((await ask(`/r/${ana}`)).status).toBe(410);
  expect(incident).toMatch(/^inc_/);
});

test("a link of one tenant opens nothing of another", async () => {
  const one = await incidentOf("respond-one");
  await incidentOf("respond-two");
  const foreign = await signToken(env, {
    tenant: "respond-two",
    jurisdiction: null,
    incident: one.incident,
    user: "ana",
    linkEpoch: 0,
    delivery: "dlv_x",
    issuedAt: Date.now() - 60_000,
  });
  const answer = await ask(`/r/${foreign}`);
  expect(answer.status).toBe(410);
  expect(await answer.text()).not.toContain("Checkout is failing");
  expect((await press(foreign, "ack")).status).not.toBe(303);
  expect(await one.status()).toBe("triggered");
});

test("a press without cookie and header is asked once more on the real door", async () => {
  const { token, status } = await incidentOf("respond-confirm");
  const asked = await ask(`/r/${await token("ana")}/ack`, { method: "POST", headers: { "User-Agent": phone } });
  expect(asked.status).toBe(200);
  expect(await asked.text()).toContain("Yes, acknowledge");
  expect(await status()).toBe("triggered");
});

test("a person without any link left is refused by the Directory's present word", async () => {
  const { snapshot } = await incidentOf("respond-revoked");
  const revoked = { ...snapshot, tenant: "respond-revoked", version: snapshot.version + 1, users: {} };
  await directoryStub(env, "respond-revoked", null).publish(revoked);
  const identity = alertIdentity("respond-revoked", null, "datadog-prod", "checkout");
  const incident = `inc_0000000000${identity.hash}`;
  const token = await signToken(env, {
    tenant: "respond-revoked",
    jurisdiction: null,
    incident,
    user: "ana",
    linkEpoch: 0,
    delivery: "dlv_x",
    issuedAt: Date.now(),
  });
  const answer = await ask(`/r/${token}`);
  expect(answer.status).toBe(403);
  expect(answer.headers.get("Cache-Control")).toBe("no-store");
});
