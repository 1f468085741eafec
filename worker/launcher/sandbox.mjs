// Owns the door of one machine's sandbox: on loopback, for the hub alone, and the code that comes in by it. Where that runs, and when,
// is sandbox-cells.mjs's care; the hub's own process never loads a tenant's code. Nothing in here can end the hub.

import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { limits } from "../core/limits.ts";
import { SandboxCells } from "./sandbox-cells.mjs";
import { readAll, startSandboxProcess } from "./sandbox-process.mjs";

const bodyBytesMax = 8 * 1_048_576;
const deadlineMsMax = 10_000;
const tokenHeader = "x-tocsin-sandbox";
/** On an answer that is ours and not the plugin's. */
const endedHeader = "x-ended";

/**
 * @typedef {object} Sandbox
 * @property {{ address: string, headers: { name: string, value: string }[] }} door for the hub's service binding
 * @property {() => { tenant: string, pid: number }[]} running the processes of now
 * @property {() => Promise<void>} stop
 */

/** @param {{ dataDir: string, log: (level: "info" | "warn" | "error", line: string) => void, memoryBytes?: number }} options @returns {Promise<Sandbox>} */
export async function startSandbox({ dataDir, log, ...more }) {
  const token = randomBytes(32).toString("hex");
  /** @type {Map<string, Buffer>} */
  const codes = new Map();
  const start = (slot) => startSandboxProcess({ dataDir, slot, log });
  const cells = new SandboxCells({ start, log, ...more });

  function keep(key, code) {
    codes.delete(key);
    codes.set(key, code);
    if (codes.size > limits.sandbox.cells.codes) codes.delete(codes.keys().next().value);
  }

  const server = createServer((request, response) => {
    response.on("error", () => {});
    serve(request, response).catch((error) => {
      log("error", `the sandbox's door: ${error.message}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  // Longer than the hub keeps a connection for its next body: that must not come just as this end closes it.
  server.keepAliveTimeout = 60_000;

  async function serve({ headers, url }, response) {
    const { req: request } = response;
    if (!isOurs(headers[tokenHeader], token)) return void response.writeHead(404).end();
    const tenant = String(headers["x-tenant"] ?? "");
    const key = `${tenant}/${String(headers["x-hash"] ?? "")}`;
    const body = await readAll(request, bodyBytesMax);
    if (body === null) return void response.writeHead(413).end();
    if (url === "/code") {
      keep(key, body);
      return void response.writeHead(204).end();
    }
    const code = codes.get(key);
    if (code === undefined) return void response.writeHead(428).end();
    keep(key, code);
    const answer = ({ status, body: text, ended }) => {
      if (response.destroyed) return;
      const marked = ended ? { [endedHeader]: "1" } : {};
      response.writeHead(status, { "content-length": Buffer.byteLength(text), ...marked }).end(text);
    };
    const cpuMs = limitOf(headers["x-cpu-ms"]);
    const wallMs = limitOf(headers["x-wall-ms"]);
    const trial = headers["x-trial"] === "1";
    cells.add({ tenant, key, body, code, cpuMs, wallMs, trial, answer, gone: () => response.destroyed });
  }

  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => resolve(undefined));
  });
  return {
    door: { address: `127.0.0.1:${server.address().port}`, headers: [{ name: tokenHeader, value: token }] },
    running: () => cells.running(),
    stop: async () => {
      await cells.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
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
