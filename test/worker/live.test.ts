// Browsers that look on hear what changed, miss nothing over a reconnect, and only where they may look.

import { beforeAll, expect, test } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import { liveStub } from "../../worker/objects/places.ts";
import { admin, api, ask, migrate, tenant, until } from "./hub.ts";
import { env } from "./runtime.ts";

interface Heard {
  readonly type: "hello" | "changes";
  readonly cursor: string;
  readonly changes: readonly { readonly kind: string; readonly incident?: string; readonly version?: number }[] | null;
}

async function look(id: string, since = "", headers: Record<string, string> = admin) {
  const response = await ask(`/api/v1/tenants/${id}/live?since=${since}`, { headers: { ...headers, upgrade: "websocket" } });
  const heard: Heard[] = [];
  const socket = response.webSocket;
  socket?.addEventListener("message", (event) => {
    heard.push(JSON.parse(String(event.data)) as Heard);
  });
  socket?.accept();
  return { status: response.status, heard, close: () => socket?.close() };
}

beforeAll(migrate);

test("says which incident changed, at once and at each step of it", async () => {
  const acme = await tenant("live-acme");
  const looker = await look(acme.id);
  expect(looker.status).toBe(101);
  await until("hello", async () => looker.heard.length > 0);
  expect(looker.heard[0]).toMatchObject({ type: "hello", changes: null });
  const { results } = await acme.fire({ title: "down", dedupKey: "d" });
  const incident = results[0]?.incident ?? "";
  await until("the alert", async () => looker.heard.some((each) => each.changes?.some((change) => change.incident === incident)));
  const before = looker.heard.length;
  await api("POST", `/api/v1/tenants/${acme.id}/incidents/${incident}/ack`, { as: "ana" });
  await until("the acknowledgment", async () => looker.heard.length > before);
  looker.close();
});

test("a repeat of an alert that changes nothing to see is not told", async () => {
  const acme = await tenant("live-repeat");
  await acme.fire({ title: "down", dedupKey: "d" });
  const looker = await look(acme.id);
  await until("hello", async () => looker.heard.length > 0);
  for (let i = 0; i < 5; i++) await acme.fire({ title: "down", dedupKey: "d" });
  await api("POST", `/api/v1/tenants/${acme.id}/incidents`, { title: "the last thing told", policy: "p", as: "ana" });
  await until("the declared one", async () => looker.heard.some((each) => each.type === "changes"));
  const [first] = (await acme.fire({ title: "down", dedupKey: "d" })).results;
  const told = looker.heard.flatMap((each) => each.changes ?? []).filter((change) => change.incident === first?.incident);
  // What the first firing still had to say (its page was sent) may come late; five repeats would be five more.
  expect(told.length).toBeLessThan(5);
  looker.close();
});

test("who comes back with a cursor hears what came between; with a strange one, that everything is to be read", async () => {
  const acme = await tenant("live-back");
  const first = await look(acme.id);
  await until("hello", async () => first.heard.length > 0);
  const cursor = first.heard[0]?.cursor ?? "";
  first.close();
  const { results } = await acme.fire({ title: "down", dedupKey: "d" });
  const incident = results[0]?.incident ?? "";
  await until("the change to be kept", async () => {
    const again = await look(acme.id, cursor);
    await until("hello", async () => again.heard.length > 0);
    again.close();
    return again.heard[0]?.changes?.some((change) => change.incident === incident);
  });
  for (const strange of ["another.1", "nonsense", `${cursor.split(".")[0]}.-7`]) {
    const stranger = await look(acme.id, strange);
    await until("hello", async () => stranger.heard.length > 0);
    expect(stranger.heard[0]?.changes).toBeNull();
    stranger.close();
  }
});

test("more than it keeps was missed: everything is to be read", async () => {
  const live = liveStub(env, "live-many", null);
  await tenant("live-many");
  const first = await look("live-many");
  await until("hello", async () => first.heard.length > 0);
  const cursor = first.heard[0]?.cursor ?? "";
  first.close();
  for (let i = 0; i <= limits.live.changesKept; i++) await live.changed({ kind: "incident", incident: `inc_${i}` });
  const again = await look("live-many", cursor);
  await until("hello", async () => again.heard.length > 0);
  expect(again.heard[0]?.changes).toBeNull();
  again.close();
});

test("a configuration that changed is told with its version", async () => {
  const acme = await tenant("live-config");
  const looker = await look(acme.id);
  await until("hello", async () => looker.heard.length > 0);
  await api("PATCH", `/api/v1/tenants/${acme.id}/users/ana`, { name: "Ana Ruiz" });
  const told = await until("the new version", async () =>
    looker.heard.flatMap((each) => each.changes ?? []).find((change) => change.kind === "config"),
  );
  expect(told.version).toBe(2);
  looker.close();
});

test("another tenant's people, another site's pages and nobody at all may not look", async () => {
  const acme = await tenant("live-closed");
  expect((await look(acme.id, "", {})).status).toBe(401);
  expect((await ask(`/api/v1/tenants/${acme.id}/live`, { headers: admin })).status).toBe(426);
  const other = await tenant("live-elsewhere");
  const invited = await api("POST", `/api/v1/tenants/${other.id}/users/ana/invitation`, {});
  const ticket = new URL(String(invited.body["url"])).hash.slice(1);
  const origin = "http://localhost:8787";
  const signedIn = await ask("/api/v1/session", { method: "POST", headers: { origin }, body: JSON.stringify({ ticket }) });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect((await look(acme.id, "", { cookie, origin })).status).toBe(404);
  expect((await look(other.id, "", { cookie, origin: "https://evil.test" })).status).toBe(403);
  expect((await look(other.id, "", { cookie })).status).toBe(403);
  const own = await look(other.id, "", { cookie, origin });
  expect(own.status).toBe(101);
  own.close();
});
