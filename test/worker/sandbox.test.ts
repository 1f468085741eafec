// A tenant's own code, in the real runtime: what it can reach, what it can leave behind, what it can hand back.

import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { runSandboxed, type SandboxResult } from "../../worker/sandbox/run.ts";

const encoder = new TextEncoder();

async function run(code: string, payload: unknown = {}, tenant = "acme", trial = false): Promise<SandboxResult> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(code));
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return runSandboxed(env, { tenant, hash, code, trial, input: { payload, headers: { "x-a": "1" }, config: { site: "north" } } });
}

/** A plugin whose one alert carries what the expression gives. */
const telling = (expression: string): string =>
  `export const plugin = { normalize: ({ payload, headers, config }) => [{ title: String(${expression}) }] };`;

async function told(expression: string, payload?: unknown): Promise<string> {
  const result = await run(telling(expression), payload);
  return result.ok ? String((result.alerts[0] as { title: unknown }).title) : `${result.kind}: ${result.reason}`;
}

it("reads a body with the readers of the kit", async () => {
  const result = await run(
    `import { alertOf, digestOf, firstOf, timeOf, UnreadableError } from "tocsin/sdk";
     export const plugin = { normalize({ payload, headers, config }) {
       if (!payload.id) throw new UnreadableError("an event without an id");
       return [alertOf({ dedupKey: payload.id, action: "trigger", title: firstOf(payload.name) ?? "?", source: "own",
         sourceAt: timeOf(payload.at), labels: { site: config.site, a: headers["x-a"], digest: digestOf(payload.id) } })];
     } };`,
    { id: "e1", name: "Door open", at: "2026-11-25T03:00:00Z" },
  );
  expect(result).toMatchObject({
    ok: true,
    alerts: [{ dedupKey: "e1", title: "Door open", sourceAt: Date.UTC(2026, 10, 25, 3), labels: { site: "north", a: "1" } }],
  });
});

it("says in the plugin's own words why it cannot read a body", async () => {
  const code = `import { UnreadableError } from "tocsin/sdk";
    export const plugin = { normalize() { throw new UnreadableError("an event without an id"); } };`;
  expect(await run(code)).toEqual({ ok: false, kind: "threw", reason: "an event without an id" });
});

it.each([
  ["fetch", "fetch('https://example.com')", /fetch is not defined/],
  ["eval", "eval('1+1')", /Code generation from strings disallowed/],
  ["new Function", "new Function('return 1')()", /Code generation from strings disallowed/],
  ["the constructor of a function", "(() => {}).constructor('return 1')()", /Code generation from strings disallowed/],
  ["an async function's constructor", "(async () => {}).constructor('return 1')()", /Code generation from strings disallowed/],
  ["WebAssembly", "typeof WebAssembly", /^undefined$/],
  ["Node", "typeof process + typeof Buffer + typeof global + typeof self", /^(undefined){4}$/],
  ["timers", "typeof setTimeout + typeof setInterval + typeof queueMicrotask + typeof scheduler", /^(undefined){4}$/],
  ["a clock", "Date.now()", /a plugin has no clock/],
  ["a clock that was kept", "new (new Date(0).constructor)()", /a plugin has no clock/],
  ["the runtime's clock", "typeof performance + typeof Temporal", /^(undefined){2}$/],
  ["chance", "Math.random()", /no chance/],
  ["the runtime's chance", "typeof crypto", /^undefined$/],
  ["caches and sockets", "typeof caches + typeof WebSocket + typeof EventSource", /^(undefined){3}$/],
  [
    "what the globals inherit",
    "Object.getOwnPropertyNames(Object.getPrototypeOf(globalThis)).sort()",
    /^URL,URLSearchParams,atob,btoa,constructor,structuredClone$|^TextDecoder,TextEncoder,URL,URLSearchParams,atob,btoa,constructor,structuredClone$/,
  ],
  ["shared memory", "typeof SharedArrayBuffer + typeof Atomics", /^(undefined){2}$/],
])("keeps from it: %s", async (_name, expression, expected) => {
  expect(await told(expression)).toMatch(expected);
});

it("still reads times, texts and addresses", async () => {
  expect(await told("new Date('2026-01-02T03:04:05Z').toISOString() + new URL('https://a.test/b').host")).toBe(
    "2026-01-02T03:04:05.000Za.test",
  );
  expect(await told("new Date(0) instanceof Date")).toBe("true");
});

it("reaches no network through the runtime's own modules, and no bindings", async () => {
  // Whatever it is given to hold, a plugin is asked once, synchronously: what it starts cannot come back as an alert. So the
  // second body looks at what became of the first.
  const code = `import { connect } from "cloudflare:sockets";
    import * as workers from "cloudflare:workers";
    const seen = [];
    export const plugin = { normalize({ payload }) {
      if (payload.look) return [{ seen, env: Object.keys(workers.env ?? {}), exports: Object.keys(workers.exports ?? {}) }];
      try { connect("127.0.0.1:22").opened.then(() => seen.push("connected"), (e) => seen.push(e.message)); } catch (e) { seen.push(e.message); }
      return [];
    } };`;
  await run(code);
  await scheduler.wait(50);
  const result = await run(code, { look: true });
  expect(result.ok).toBe(true);
  const found = (result.ok ? result.alerts[0] : null) as { seen: string[]; env: string[]; exports: string[] };
  expect(found.seen.join(" ")).not.toContain("connected");
  expect(found.seen.length === 0 || found.seen[0]?.includes("not permitted to access the internet")).toBe(true);
  expect(found.env).toEqual([]);
});

it("meets no other tenant in an isolate, though their code be the same", async () => {
  const code = `let calls = 0; Array.prototype.mark = (Array.prototype.mark ?? 0) + 1;
    export const plugin = { normalize: () => [{ calls: ++calls, mark: [].mark }] };`;
  await run(code, {}, "acme");
  await run(code, {}, "acme");
  expect(await run(code, {}, "beta")).toEqual({ ok: true, alerts: [{ calls: 1, mark: 1 }] });
  expect(await told("[].mark")).toBe("undefined");
  expect(([] as unknown as { mark?: number }).mark).toBeUndefined();
});

it("pollutes nothing of the hub's by what it returns", async () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const result = await run(
    `export const plugin = { normalize: () => [JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"labels":{"__proto__":{"polluted":1}}}')] };`,
  );
  expect(result.ok).toBe(true);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

it("cannot change what it was given", async () => {
  expect(await told("(payload.list.push(2), 1)", { list: [1] })).toMatch(/^threw: .*not extensible/);
  expect(await told("(payload.a.b = 2, 1)", { a: { b: 1 } })).toMatch(/^threw: .*read only/);
});

it.each([
  ["a promise", "normalize: async () => []", "bad-return", /must be synchronous/],
  ["a promise that never settles", "normalize: () => new Promise(() => {})", "bad-return", /must be synchronous/],
  ["nothing", "normalize: () => {}", "bad-return", /no list/],
  ["an object", "normalize: () => ({ length: 1 })", "bad-return", /no list/],
  ["a circle", "normalize: () => { const a = []; a.push(a); return a; }", "bad-return", /circular/i],
  ["a BigInt", "normalize: () => [{ n: 1n }]", "bad-return", /BigInt/],
  ["a getter that throws", "normalize: () => [{ get title() { throw new Error('got') } }]", "bad-return", /got/],
  [
    "a toJSON that says something else",
    "normalize: () => Object.assign([], { toJSON: () => ({ ok: true }) })",
    "bad-return",
    /no list/,
  ],
  ["a toJSON that says nothing", "normalize: () => Object.assign([], { toJSON: () => undefined })", "bad-return", /JSON/],
  ["a list of 3 MB", "normalize: () => ['x'.repeat(3e6)]", "too-large", /3000004 characters/],
  ["100 MB", "normalize: () => ['x'.repeat(1e8)]", "too-large", /characters/],
  ["a word thrown", "normalize: () => { throw 'no' }", "threw", /^no$/],
  ["nothing thrown", "normalize: () => { throw undefined }", "threw", /./],
  ["an error that breaks its reader", "normalize: () => { throw { get message() { throw 1 } } }", "threw", /without words/],
  ["no function", "normalise: () => []", "bad-return", /`normalize`/],
])("takes %s for what it is", async (_name, member, kind, reason) => {
  const result = await run(`export const plugin = { ${member} };`);
  expect(result).toMatchObject({ ok: false, kind });
  expect(result.ok ? "" : result.reason).toMatch(reason);
});

it("takes functions and symbols for nothing, and a deep nest for what it is", async () => {
  expect(await run(`export const plugin = { normalize: () => [{ title: () => 1, body: Symbol("x"), a: "b" }] };`)).toEqual({
    ok: true,
    alerts: [{ a: "b" }],
  });
  const deep = await run(
    `export const plugin = { normalize: () => { let a = []; for (let i = 0; i < 200000; i++) a = [a]; return a; } };`,
  );
  expect(deep).toMatchObject({ ok: false, kind: "bad-return" });
});

it("says where code that does not start is wrong", async () => {
  const broken = await run("export const plugin = { normalize( };");
  expect(broken).toMatchObject({ ok: false, kind: "threw" });
  expect(broken.ok ? "" : broken.reason).toMatch(/does not start: SyntaxError.*plugin\.js:1:/);
  const thrown = await run("throw new Error('at the start'); export const plugin = {};");
  expect(thrown.ok ? "" : thrown.reason).toMatch(/does not start: Error: at the start/);
  const absent = await run("import x from './main2.js'; export const plugin = {};");
  expect(absent.ok ? "" : absent.reason).toMatch(/does not start|main2/);
});

it("says nothing of ours when it fails", async () => {
  const result = await run(`export const plugin = { normalize() { const e = new Error("mine"); throw e; } };`);
  expect(JSON.stringify(result)).not.toMatch(/main\.js|lockdown|inside|\bat /);
});

it("does not run where there is neither a second runtime nor a loader", async () => {
  const bare = { ...env, LOADER: undefined, SANDBOX: undefined } as unknown as Env;
  const input = { payload: 1, headers: {}, config: {} };
  expect(await runSandboxed(bare, { tenant: "acme", hash: "0", code: "", trial: false, input })).toMatchObject({
    ok: false,
    kind: "unavailable",
  });
});
