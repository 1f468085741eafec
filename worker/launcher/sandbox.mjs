// Owns the sandbox of one machine: a door on loopback that only the hub knows, turns in a fair order, and the end of a runtime that
// misses its deadline or takes too much memory. An endless loop in an isolate stops its whole process, so that process holds
// nothing else; the hub's own never loads a tenant's code. Nothing in here can end the hub.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { Agent, createServer, request as httpRequest } from "node:http";
import { startSandboxProcess } from "./sandbox-process.mjs";
import { SandboxQueue } from "./sandbox-queue.mjs";

/** Longest wait for a turn: senders give up after ten seconds or so, and the alert is to be answered before. */
const waitMaxMs = 4_000;
const lookEveryMs = 25;
/** Measured while a body is read; many isolates of well-behaved plugins are about 1.5 MiB each. */
const rssBytesMax = 512 * 1_048_576;
/** Between two turns a runtime that has grown to this is replaced. */
const rssBytesRenew = 320 * 1_048_576;
const idleMs = 10 * 60_000;
const bodyBytesMax = 8 * 1_048_576;
const answerBytesMax = 4 * 1_048_576;
/** Descriptions of isolates that are kept for the next runtime, about 300 KiB each at most. */
const codesMax = 200;
const deadlineMsMax = 10_000;
const tokenHeader = "x-tocsin-sandbox";

/**
 * @typedef {object} Sandbox
 * @property {{ address: string, headers: { name: string, value: string }[] }} door for the hub's service binding
 * @property {() => number | null} pid of the runtime that runs now
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} Call
 * @property {string} tenant
 * @property {string} key
 * @property {Buffer} body
 * @property {number} cpuMs
 * @property {number} wallMs
 * @property {(answer: { status: number, body: Buffer | string }) => void} answer
 * @property {() => boolean} gone whoever asked has left
 */

/** @param {{ dataDir: string, log: (level: "info" | "warn" | "error", line: string) => void }} options @returns {Promise<Sandbox>} */
export async function startSandbox({ dataDir, log }) {
  const token = randomBytes(32).toString("hex");
  /** @type {SandboxQueue<Call>} */
  const queue = new SandboxQueue();
  /** @type {Map<string, Buffer>} */
  const codes = new Map();
  /** @type {import("./sandbox-process.mjs").SandboxProcess | null} */
  let cell = null;
  /** Which descriptions the runtime of now has. */
  let known = new Set();
  let agent = new Agent();
  let working = false;
  const state = { stopped: false };
  let usedAt = Date.now();

  async function ready() {
    if (cell !== null && !cell.ended) return cell;
    cell = await startSandboxProcess({ dataDir, log });
    known = new Set();
    agent.destroy();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return cell;
  }

  async function endCell() {
    const ending = cell;
    cell = null;
    await ending?.kill();
  }

  async function work() {
    if (working || state.stopped) return;
    working = true;
    try {
      for (let next = queue.next(Date.now()); next !== null && !state.stopped; next = queue.next(Date.now())) {
        const { tenant, call, since } = next;
        const began = Date.now();
        if (call.gone()) continue;
        if (began - since > waitMaxMs) {
          call.answer(failure("unavailable", `the sandbox was busy with other bodies for ${Math.round(waitMaxMs / 1_000)} s`));
          continue;
        }
        call.answer(await turn(call));
        queue.used(tenant, Date.now() - began, Date.now());
      }
    } finally {
      working = false;
      usedAt = Date.now();
    }
  }

  /**
   * One body, alone in the runtime: whatever happens to it is this plugin's doing. `again`: its runtime ended without our doing it,
   * which may have been anybody's, once.
   */
  async function turn(call, again = false) {
    let runtime;
    try {
      runtime = await ready();
      if (!known.has(call.key)) {
        await post(runtime, "/code", call.key, codes.get(call.key) ?? "null", AbortSignal.timeout(deadlineMsMax));
        known.add(call.key);
      }
    } catch (error) {
      await endCell();
      if (!again) return turn(call, true);
      log("error", `the sandbox: ${error.message}`);
      return failure("unavailable", "the runtime for plugins could not be started");
    }
    const watch = watched(runtime, call);
    try {
      return await post(runtime, "/run", call.key, call.body, watch.signal);
    } catch (error) {
      const alone = known.size === 1;
      await endCell();
      // What others left in memory is no fault of this one: it is asked once more, alone.
      if (watch.broken?.kind === "memory" && !alone && !again) return await turn(call, true);
      if (watch.broken !== null) {
        log("warn", `a plugin of ${call.tenant} was ended: ${watch.broken.reason}`);
        return failure(watch.broken.kind, watch.broken.reason);
      }
      if (!again) return await turn(call, true);
      log("warn", `a plugin of ${call.tenant} ended its runtime: ${error.message}`);
      return failure("memory", "the plugin ended its runtime, most likely by taking more memory than there is");
    } finally {
      watch.stop();
      if (cell !== null && (cell.rssBytes() ?? 0) > rssBytesRenew) await endCell();
    }
  }

  /** Looks at time and memory while one body is read. */
  function watched(runtime, { cpuMs, wallMs }) {
    const abort = new AbortController();
    const began = performance.now();
    const cpuBefore = runtime.cpuMs();
    const watch = { signal: abort.signal, broken: null, stop: () => clearInterval(timer) };
    function end(kind, reason) {
      if (watch.broken !== null) return;
      watch.broken = { kind, reason };
      // Killed first: a runtime in a loop does not notice that its caller has left.
      void runtime.kill();
      abort.abort();
    }
    const timer = setInterval(() => {
      const took = performance.now() - began;
      const cpu = runtime.cpuMs();
      if (took > wallMs) end("deadline", `the plugin took longer than ${wallMs} ms`);
      // By the processor's time, so that a machine which is busy with other things accuses nobody.
      else if (took > cpuMs && cpu !== null && cpuBefore !== null && cpu - cpuBefore > cpuMs)
        end("deadline", `the plugin took longer than ${cpuMs} ms of processor time`);
      else if ((runtime.rssBytes() ?? 0) > rssBytesMax) end("memory", "the plugin took more memory than it may");
    }, lookEveryMs);
    return watch;
  }

  function post(runtime, pathname, key, body, signal) {
    return new Promise((resolve, reject) => {
      const asked = httpRequest({
        host: "127.0.0.1",
        port: runtime.port,
        method: "POST",
        path: `${pathname}?key=${encodeURIComponent(key)}`,
        headers: { "content-length": Buffer.byteLength(body) },
        agent,
        signal,
      });
      asked.once("error", reject);
      asked.once("response", (answer) => {
        readAll(answer, answerBytesMax).then(
          (text) =>
            resolve(
              text === null
                ? failure("too-large", "the plugin returned more than is taken")
                : { status: answer.statusCode, body: text },
            ),
          reject,
        );
      });
      asked.end(body);
    });
  }

  const server = createServer((request, response) => {
    response.on("error", () => {});
    serve(request, response).catch((error) => {
      log("error", `the sandbox's door: ${error.message}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  async function serve(request, response) {
    if (!isOurs(request.headers[tokenHeader], token)) return void response.writeHead(404).end();
    const tenant = String(request.headers["x-tenant"] ?? "");
    const key = `${tenant}/${String(request.headers["x-hash"] ?? "")}`;
    const body = await readAll(request, bodyBytesMax);
    if (body === null) return void response.writeHead(413).end();
    if (request.url === "/code") {
      if (codes.size >= codesMax) codes.delete(codes.keys().next().value);
      codes.set(key, body);
      return void response.writeHead(204).end();
    }
    if (!codes.has(key)) return void response.writeHead(428).end();
    const answer = ({ status, body: text }) => {
      if (!response.destroyed) response.writeHead(status, { "content-length": Buffer.byteLength(text) }).end(text);
    };
    const cpuMs = limitOf(request.headers["x-cpu-ms"]);
    const wallMs = limitOf(request.headers["x-wall-ms"]);
    const call = { tenant, key, body, cpuMs, wallMs, answer, gone: () => response.destroyed };
    if (!queue.add(tenant, call, Date.now())) return answer(failure("unavailable", "too many bodies wait for the sandbox"));
    void work();
  }

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => resolve(undefined));
  });
  const idle = setInterval(() => {
    if (!working && cell !== null && Date.now() - usedAt > idleMs) void endCell();
  }, 60_000);
  idle.unref();
  return {
    door: { address: `127.0.0.1:${server.address().port}`, headers: [{ name: tokenHeader, value: token }] },
    pid: () => (cell === null || cell.ended ? null : cell.pid),
    stop: async () => {
      state.stopped = true;
      clearInterval(idle);
      await endCell();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}

function failure(kind, reason) {
  return { status: 200, body: JSON.stringify({ ok: false, kind, reason }) };
}

function limitOf(header) {
  const ms = Number(header);
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, deadlineMsMax) : deadlineMsMax;
}

/** Others on this machine can reach the port, and are told nothing. */
function isOurs(header, token) {
  const given = Buffer.from(String(header ?? ""));
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** @returns {Promise<Buffer | null>} null: it was longer, and the rest was not read */
function readAll(stream, bytesMax) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let size = 0;
    stream.on("data", (part) => {
      size += part.length;
      if (size > bytesMax) {
        stream.destroy();
        resolve(null);
      } else parts.push(part);
    });
    stream.once("end", () => resolve(Buffer.concat(parts)));
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the connection broke off")));
  });
}
