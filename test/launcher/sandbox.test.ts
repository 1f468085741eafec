// The launcher's second runtime, by its own door: what breaks a limit ends that runtime and nothing else, and the next body is
// read as if nothing had been.

import { createHash } from "node:crypto";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sharedIsolateOf } from "../../worker/sandbox/isolate.ts";
import { cleanUp, newFolder } from "./hub-process.ts";

interface Sandbox {
  readonly door: { readonly address: string; readonly headers: { readonly name: string; readonly value: string }[] };
  pid(): number | null;
  stop(): Promise<void>;
}
interface Queue {
  add(tenant: string, call: number, now: number): boolean;
  next(now: number): { readonly tenant: string; readonly call: number } | null;
  used(tenant: string, ms: number, now: number): void;
}
const launcher = path.resolve(import.meta.dirname, "../../worker/launcher");
const { startSandbox } = (await import(path.join(launcher, "sandbox.mjs"))) as {
  readonly startSandbox: (options: { dataDir: string; log: (level: string, line: string) => void }) => Promise<Sandbox>;
};
const { SandboxQueue } = (await import(path.join(launcher, "sandbox-queue.mjs"))) as { SandboxQueue: new () => Queue };

let sandbox: Sandbox;
const lines: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ dataDir: newFolder(), log: (_level, line) => lines.push(line) });
});

afterAll(async () => {
  await sandbox.stop();
  await cleanUp();
});

type Told = { ok: boolean; kind?: string; reason?: string; alerts?: unknown[] };

const good = "export const plugin = { normalize: ({ payload }) => [{ title: payload.title }] };";
const loop = "export const plugin = { normalize: () => { for (;;); } };";
const hungry = "export const plugin = { normalize: () => { const a = []; for (;;) a.push(new Array(1e5).fill(a.length)); } };";
const large = "export const plugin = { normalize: () => { const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1)); } };";

async function ask(path: string, tenant: string, code: string, body: string, wallMs = 2_000): Promise<Response> {
  const [{ name, value }] = sandbox.door.headers as [{ name: string; value: string }];
  return fetch(`http://${sandbox.door.address}${path}`, {
    method: "POST",
    headers: {
      [name]: value,
      "x-tenant": tenant,
      "x-hash": createHash("sha256").update(code).digest("hex"),
      "x-cpu-ms": "300",
      "x-wall-ms": String(wallMs),
    },
    body,
  });
}

async function told(answer: Promise<Response>): Promise<Told> {
  const { status } = await answer;
  const text = await (await answer).text();
  // A module that does not start: the runtime's own words, which the hub makes a reason of.
  if (status === 500) return { ok: false, kind: "threw", reason: text };
  return JSON.parse(text) as Told;
}

async function run(tenant: string, code: string, title = "x"): Promise<Told> {
  const body = JSON.stringify({ input: { payload: { title }, headers: {}, config: {} }, charsMax: 1_000_000 });
  const first = await ask("/run", tenant, code, body);
  if (first.status !== 428) return told(Promise.resolve(first));
  await ask("/code", tenant, code, JSON.stringify(sharedIsolateOf(code)));
  return told(ask("/run", tenant, code, body));
}

test("starts no runtime before somebody needs one", () => {
  expect(sandbox.pid()).toBeNull();
});

test("reads a body, and the next one in the same runtime", async () => {
  expect(await run("acme", good, "Door open")).toEqual({ ok: true, alerts: [{ title: "Door open" }] });
  const before = sandbox.pid();
  expect(before).toBeGreaterThan(0);
  expect(await run("acme", good, "Door shut")).toEqual({ ok: true, alerts: [{ title: "Door shut" }] });
  expect(sandbox.pid()).toBe(before);
});

test("ends an endless loop, and reads what waited behind it", async () => {
  await run("beta", good);
  const before = sandbox.pid();
  const began = Date.now();
  const [looped, behind] = await Promise.all([run("acme", loop), delay(20).then(() => run("beta", good, "behind"))]);
  expect(looped).toMatchObject({ ok: false, kind: "deadline" });
  expect(behind).toEqual({ ok: true, alerts: [{ title: "behind" }] });
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(sandbox.pid()).not.toBe(before);
  expect(lines.join("\n")).toContain("a plugin of acme was ended");
});

test.each([
  ["objects", hungry],
  ["bytes", large],
])("ends what takes too much memory in %s", async (_name, code) => {
  const told = await run("acme", code);
  expect(told.ok).toBe(false);
  // Whichever limit it meets first on this machine.
  expect(["memory", "deadline"]).toContain(told.kind);
  expect(await run("beta", good, "after")).toEqual({ ok: true, alerts: [{ title: "after" }] });
});

test.each([
  "cloudflare:workers",
  "cloudflare:sockets",
  "workerd:unsafe",
  "workerd:unsafe-eval",
  "node:timers",
  "node:timers/promises",
  "node:net",
  "node:fs",
  "node:vm",
  "node:worker_threads",
])("has no module %s, with which it could go on after it has answered", async (name) => {
  const fixed = `import * as m from "${name}"; export const plugin = { normalize: () => [{ has: Object.keys(m) }] };`;
  expect(await run("acme", fixed)).toMatchObject({ ok: false, kind: "threw" });
  // Its word comes with the next body, if it comes.
  const later = `let has = "asked"; import("${name}").then((m) => (has = Object.keys(m)), (e) => (has = e.message));
    export const plugin = { normalize: () => [{ has }] };`;
  await run("acme", later);
  await delay(20);
  const told = await run("acme", later);
  expect(told.ok).toBe(true);
  expect(JSON.stringify(told.alerts)).toMatch(/there is no module here|No such module|not found/i);
});

test("an endless loop that begins later begins before its answer, and is its own", async () => {
  const code = `export const plugin = { normalize: ({ payload }) => {
    if (payload.title === "later") Promise.resolve().then(() => {}).then(() => { for (;;); });
    return [];
  } };`;
  expect(await run("acme", code, "x")).toEqual({ ok: true, alerts: [] });
  expect(await run("acme", code, "later")).toMatchObject({ ok: false, kind: "deadline" });
  expect(await run("beta", good, "after")).toEqual({ ok: true, alerts: [{ title: "after" }] });
});

test("goes on when its runtime is killed from outside", async () => {
  await run("beta", good);
  process.kill(sandbox.pid() ?? 0, "SIGKILL");
  expect(await run("beta", good, "again")).toEqual({ ok: true, alerts: [{ title: "again" }] });
});

test("opens its door to nobody without the word", async () => {
  const answer = await fetch(`http://${sandbox.door.address}/run`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe("");
});

test("gives its turns to whoever used least of them lately", () => {
  const queue = new SandboxQueue();
  for (let i = 0; i < 5; i++) queue.add("slow", i, 0);
  queue.add("quick", 10, 0);
  const order: (number | undefined)[] = [];
  for (let now = 0, next = queue.next(now); next !== null; next = queue.next(now)) {
    order.push(next.call);
    now += next.tenant === "slow" ? 400 : 1;
    queue.used(next.tenant, next.tenant === "slow" ? 400 : 1, now);
    if (order.length === 2) for (let i = 11; i < 14; i++) queue.add("quick", i, now);
  }
  expect(order).toEqual([0, 10, 11, 12, 13, 1, 2, 3, 4]);
});

test("takes a hundred waiting bodies of one tenant and no more", () => {
  const queue = new SandboxQueue();
  const taken = Array.from({ length: 120 }, (_, i) => queue.add("acme", i, 0)).filter(Boolean);
  expect(taken).toHaveLength(100);
  expect(queue.add("beta", 0, 0)).toBe(true);
});
