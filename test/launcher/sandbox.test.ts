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
  running(): { readonly tenant: string; readonly pid: number }[];
  stop(): Promise<void>;
}
interface Waiting {
  readonly tenant: string;
  readonly key: string;
  readonly kind: "alert" | "suspect" | "trial";
  readonly bytes: number;
  readonly since: number;
  readonly n: number;
}
interface Queue {
  readonly size: number;
  add(call: Waiting): Waiting[];
  heads(now: number): Waiting[];
  take(call: Waiting): void;
  used(call: Waiting, ms: number, now: number): void;
}
const launcher = path.resolve(import.meta.dirname, "../../worker/launcher");
const { startSandbox } = (await import(path.join(launcher, "sandbox.mjs"))) as {
  readonly startSandbox: (options: {
    dataDir: string;
    log: (level: string, line: string) => void;
    memoryBytes?: number;
  }) => Promise<Sandbox>;
};
const { SandboxQueue } = (await import(path.join(launcher, "sandbox-queue.mjs"))) as { SandboxQueue: new () => Queue };
const { SandboxCells } = (await import(path.join(launcher, "sandbox-cells.mjs"))) as {
  readonly SandboxCells: new (options: { start: () => Promise<unknown>; log: (level: string, line: string) => void }) => {
    add(call: Record<string, unknown>): void;
    stop(): Promise<void>;
  };
};

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

const digest = (code: string): string => createHash("sha256").update(code).digest("hex");
const pidOf = (tenant: string): number | undefined => sandbox.running().find((each) => each.tenant === tenant)?.pid;

async function ask(path: string, tenant: string, code: string, body: string, trial = false): Promise<Response> {
  const [{ name, value }] = sandbox.door.headers as [{ name: string; value: string }];
  return fetch(`http://${sandbox.door.address}${path}`, {
    method: "POST",
    headers: {
      [name]: value,
      "x-tenant": tenant,
      "x-hash": digest(code),
      "x-cpu-ms": "300",
      "x-wall-ms": "2000",
      "x-trial": trial ? "1" : "0",
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

async function run(tenant: string, code: string, title = "x", trial = false): Promise<Told> {
  const body = JSON.stringify({ input: { payload: { title }, headers: {}, config: {} }, charsMax: 1_000_000 });
  const first = await ask("/run", tenant, code, body, trial);
  if (first.status !== 428) return told(Promise.resolve(first));
  await ask("/code", tenant, code, JSON.stringify(sharedIsolateOf(code)));
  return told(ask("/run", tenant, code, body, trial));
}

/** How long this took, ms. */
async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

test("starts no runtime before somebody needs one", () => {
  expect(sandbox.running()).toEqual([]);
});

test("reads a body, and the next one in the same process", async () => {
  expect(await run("acme", good, "Door open")).toEqual({ ok: true, alerts: [{ title: "Door open" }] });
  const before = pidOf("acme");
  expect(before).toBeGreaterThan(0);
  expect(await run("acme", good, "Door shut")).toEqual({ ok: true, alerts: [{ title: "Door shut" }] });
  expect(pidOf("acme")).toBe(before);
});

test("an endless loop ends its own tenant's process, and another tenant's body does not wait for that", async () => {
  await run("beta", good);
  const [own, others] = [pidOf("acme"), pidOf("beta")];
  expect(others).not.toBe(own);
  const loops = { running: true };
  const looped = run("acme", loop).finally(() => (loops.running = false));
  await delay(60);
  const waits: number[] = [];
  while (loops.running) waits.push(await timed(run("beta", good, "beside")));
  expect(await looped).toMatchObject({ ok: false, kind: "deadline" });
  // 300 ms of loop: had they waited for its end, there would be one or two.
  expect(waits.length).toBeGreaterThan(8);
  expect(waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(60);
  expect(pidOf("beta")).toBe(others);
  expect(pidOf("acme")).not.toBe(own);
  expect(lines.join("\n")).toContain("a plugin of acme was ended");
});

test("two versions of one tenant: while one loops, the other is read in a process beside it, and a trial in a third", async () => {
  await run("pair", good);
  const other = good.replace("payload.title", "'two ' + payload.title");
  await run("pair", other);
  let looping = true;
  const looped = run("pair", loop.replace("for", "'pair'; for")).finally(() => (looping = false));
  await delay(100);
  expect(await run("pair", other, "beside")).toEqual({ ok: true, alerts: [{ title: "two beside" }] });
  expect(await run("pair", good, "tried", true)).toEqual({ ok: true, alerts: [{ title: "tried" }] });
  expect(looping).toBe(true);
  await looped;
  // Known by now for what it does: however many of its bodies come, they have one process.
  let over = 0;
  const flood = Array.from({ length: 3 }, () => run("pair", loop.replace("for", "'pair'; for")).finally(() => over++));
  await delay(100);
  expect(sandbox.running().filter((each) => each.tenant === "pair").length).toBeLessThanOrEqual(2);
  expect(await run("pair", other, "beside")).toMatchObject({ ok: true });
  expect(over).toBeLessThan(2);
  expect(await Promise.all(flood)).toMatchObject([{ kind: "deadline" }, { kind: "deadline" }, { kind: "deadline" }]);
});

test("a body finds nothing of what the one before it left behind", async () => {
  const code = `let n = 0; export const plugin = { normalize: ({ payload }) => {
    const found = [n++, [].mark ?? null, globalThis.mark ?? null, typeof JSON.parse];
    Array.prototype.mark = 1; globalThis.mark = 1; JSON.parse = 1; Object.prototype.toJSON = () => "mine";
    return payload.title === "look" ? [found.join()] : [];
  } };`;
  await run("acme", code);
  for (let i = 0; i < 5; i++) {
    await delay(60);
    expect(await run("acme", code, "look")).toMatchObject({ ok: true });
    await delay(60);
    const plain = `let n = 0; export const plugin = { normalize: () => [n++, [].mark ?? null, globalThis.mark ?? null] };`;
    expect(await run("acme", plain, "look")).toEqual({ ok: true, alerts: [0, null, null] });
  }
});

test("an isolate that was made ready is still good after twenty seconds", { timeout: 40_000 }, async () => {
  const code = `let n = 0; export const plugin = { normalize: () => [n++] };`;
  await run("patient", code);
  const pid = pidOf("patient");
  await delay(20_000);
  expect(await run("patient", code)).toEqual({ ok: true, alerts: [0] });
  expect(pidOf("patient")).toBe(pid);
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

test("goes on when its process is killed from outside", async () => {
  await run("beta", good);
  process.kill(pidOf("beta") ?? 0, "SIGKILL");
  expect(await run("beta", good, "again")).toEqual({ ok: true, alerts: [{ title: "again" }] });
});

test("opens its door to nobody without the word", async () => {
  const answer = await fetch(`http://${sandbox.door.address}/run`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe("");
});

test(
  "when as many run as may, the one not used for longest gives way, and no process is two tenants'",
  { timeout: 30_000 },
  async () => {
    const small = await startSandbox({ dataDir: newFolder(), log: () => undefined, memoryBytes: 1 });
    const large = sandbox;
    sandbox = small;
    try {
      const seen = new Map<number, string>();
      for (const tenant of ["a", "b", "c", "d", "e", "f", "a"]) {
        expect(await run(tenant, good)).toMatchObject({ ok: true });
        expect(small.running().length).toBeLessThanOrEqual(4);
        const pid = pidOf(tenant) ?? 0;
        expect(seen.get(pid) ?? tenant).toBe(tenant);
        seen.set(pid, tenant);
      }
      expect(
        small
          .running()
          .map((each) => each.tenant)
          .toSorted(),
      ).toEqual(["a", "d", "e", "f"]);
    } finally {
      sandbox = large;
      await small.stop();
    }
    expect(small.running()).toEqual([]);
  },
);

/** A process that is none: what is asked of it, and how it answers for code. */
function pretended(codeStatus: number) {
  const asked: string[] = [];
  const runtime = {
    pid: 1,
    ended: false,
    ask: async (at: string, _key: string, body: Buffer) => {
      asked.push(`${at} ${body.toString()}`);
      return { status: codeStatus, body: Buffer.alloc(0) };
    },
    open: () => ({ send: async () => ({ status: 200, body: Buffer.from("read") }), drop: () => undefined }),
    cpuMs: () => 0,
    rssBytes: () => 0,
    kill: async () => void (runtime.ended = true),
  };
  return { runtime, asked };
}

const call = (answer: (told: { body: Buffer | string }) => void): Record<string, unknown> => ({
  tenant: "acme",
  key: "acme/1",
  body: Buffer.from("{}"),
  code: Buffer.from("code"),
  cpuMs: 100,
  wallMs: 1_000,
  trial: false,
  gone: () => false,
  answer,
});

test("a process that does not take the code reads nothing, and one that does has what came with the body", async () => {
  for (const [status, expected] of [
    [204, "read"],
    [500, "could not be started"],
  ] as const) {
    const { runtime, asked } = pretended(status);
    const start = async (): Promise<unknown> => Object.assign(runtime, { ended: false });
    const cells = new SandboxCells({ start, log: () => undefined });
    const { body } = await new Promise<{ body: Buffer | string }>((resolve) => cells.add(call(resolve)));
    expect(body.toString()).toContain(expected);
    expect(asked[0]).toBe("/code code");
    await cells.stop();
    expect(runtime.ended).toBe(true);
  }
});

test("a process that still starts when all ends is waited for and ended", async () => {
  const { runtime } = pretended(204);
  const cells = new SandboxCells({ start: () => delay(100, runtime), log: () => undefined });
  const answer = new Promise<{ body: Buffer | string }>((resolve) => cells.add(call(resolve)));
  await delay(20);
  await cells.stop();
  expect(runtime.ended).toBe(true);
  expect((await answer).body.toString()).toContain("unavailable");
});

const waiting = (tenant: string, n: number, more: Partial<Waiting> = {}): Waiting => ({
  tenant,
  key: `${tenant}/1`,
  kind: "alert",
  bytes: 1,
  since: n,
  n,
  ...more,
});

test("gives its turns to whoever used least of them lately", () => {
  const queue = new SandboxQueue();
  for (let i = 0; i < 5; i++) queue.add(waiting("slow", i));
  queue.add(waiting("quick", 10));
  const order: number[] = [];
  for (let now = 0, [next] = queue.heads(now); next !== undefined; [next] = queue.heads(now)) {
    queue.take(next);
    order.push(next.n);
    const took = next.tenant === "slow" ? 400 : 1;
    now += took;
    queue.used(next, took, now);
    if (order.length === 2) for (let i = 11; i < 14; i++) queue.add(waiting("quick", i));
  }
  expect(order).toEqual([0, 10, 11, 12, 13, 1, 2, 3, 4]);
});

test("asks alerts first, then what broke a limit lately, then what is only tried", () => {
  const queue = new SandboxQueue();
  queue.add(waiting("a", 1, { kind: "trial" }));
  queue.add(waiting("a", 2, { kind: "suspect", key: "a/2" }));
  queue.add(waiting("b", 3));
  expect(queue.heads(0).map((each) => each.n)).toEqual([3, 2, 1]);
});

test("a hundred bodies of one tenant may wait; who fills the place is who is refused, not who comes next", () => {
  const queue = new SandboxQueue();
  const refused = Array.from({ length: 120 }, (_, i) => queue.add(waiting("acme", i))).flat();
  expect(refused).toHaveLength(20);
  expect(queue.add(waiting("acme", 200, { key: "acme/2" })).map((each) => each.key)).toEqual(["acme/1"]);
  for (let tenant = 0; tenant < 20; tenant++) for (let i = 0; i < 60; i++) queue.add(waiting(`t${tenant}`, i));
  expect(queue.size).toBe(1_000);
  expect(queue.add(waiting("beta", 0)).map((each) => each.tenant)).not.toContain("beta");
  const heavy = new SandboxQueue();
  const large = Array.from({ length: 20 }, (_, i) => heavy.add(waiting("large", i, { bytes: 1_048_576 }))).flat();
  expect(large).toHaveLength(4);
});
