// Owns one running hub: the data folder's lock, workerd through Miniflare, its database, the minute's tick, and a clean end.
// Must not know the product: it gives the Worker its bindings and a clock that ticks, nothing more.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { keepRuntime } from "./keep.mjs";
import { lockFolder } from "./lock.mjs";
import { startSandbox } from "./sandbox.mjs";
import { secretOf } from "./secrets.mjs";
import { endWorkerd, forgetWorkerd, readRecord, sandboxRecords } from "./workerd-record.mjs";

/**
 * @typedef {object} HubOptions
 * @property {string} launchFile what build.mjs wrote
 * @property {string} dataDir
 * @property {string} host address to listen on
 * @property {number} port 0: any free one
 * @property {Readonly<Record<string, string | undefined>>} env only TOCSIN_* of it reaches the Worker
 * @property {(level: "info" | "warn" | "error", line: string) => void} log
 *
 * @typedef {object} Hub
 * @property {string} url what people and links use
 * @property {string} origin where this machine asks it
 * @property {number} port
 * @property {string} adminToken
 * @property {boolean} adminTokenMade it was made by this start, and nobody has seen it yet
 * @property {() => Promise<string | null>} ownerLink a one-time sign-in link, as long as nobody has signed in as the owner
 * @property {() => number | null} runtimePid workerd's pid
 * @property {() => { tenant: string, pid: number }[]} sandboxes the processes of tenants' own plugins
 * @property {() => Promise<void>} stop ends workerd and gives the data folder back
 */

/** An expected reason not to start. `exitCode` 3: another hub holds the data folder. */
export class StartRefusal extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Below this a storm of incidents meets 503 early; see worker/objects/descriptor-guard.ts. */
const descriptorsWanted = 4_096;

/** @param {HubOptions} options @returns {Promise<Hub>} */
export async function startHub(options) {
  const { dataDir, host, env, log } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataDir);
  if (!lock.ok) {
    const { pid, since } = lock.holder;
    throw new StartRefusal(
      `another hub holds ${dataDir}: process ${pid}, since ${since}. Stop it, or give this one a folder of its own with --data`,
      3,
    );
  }
  let sandbox = null;
  try {
    await endOrphan(dataDir, log);
    sandbox = await startSandbox({ dataDir, log });
    const port = await freePort(host, options.port);
    const url = publicOrigin(host, port);
    const origin = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
    const secret = secretOf(dataDir, "secret", env.TOCSIN_SECRET);
    const admin = secretOf(dataDir, "admin-token", env.TOCSIN_ADMIN_TOKEN);
    const bindings = {
      TOCSIN_PUBLIC_URL: url,
      ...bindingsOf(env),
      TOCSIN_SECRET: secret.value,
      TOCSIN_ADMIN_TOKEN: admin.value,
      TOCSIN_STARTED_AT: String(Date.now()),
      TOCSIN_FD_LIMIT: String(descriptorLimit(log)),
    };
    const runtime = await keepRuntime({ ...options, port, bindings, sandbox: sandbox.door, silentMs: silentMsOf(env) }).catch(
      (error) => {
        throw error.code === "ERR_ADDRESS_IN_USE" ? portTaken(host, port) : error;
      },
    );
    return {
      url,
      origin,
      port,
      adminToken: admin.value,
      adminTokenMade: admin.made,
      ownerLink: () => askOwnerLink(origin, admin.value),
      runtimePid: () => readRecord(dataDir)?.pid ?? null,
      sandboxes: sandbox.running,
      stop: async () => {
        await runtime.stop();
        await sandbox.stop();
        forgetWorkerd(dataDir);
        for (const which of sandboxRecords(dataDir)) forgetWorkerd(dataDir, which);
        lock.release();
      },
    };
  } catch (error) {
    await sandbox?.stop();
    lock.release();
    throw error;
  }
}

/** @returns {Promise<string | null>} null: somebody has signed in, or this Worker has no such door */
async function askOwnerLink(origin, token) {
  const response = await fetch(`${origin}/api/v1/owner-link`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ firstOnly: true }),
    signal: AbortSignal.timeout(15_000),
  });
  return response.ok ? ((await response.json()).url ?? null) : null;
}

/** workerd outlives a launcher that was killed where setpriv is missing, and would write the same objects as ours. */
async function endOrphan(dataDir, log) {
  const pid = await endWorkerd(dataDir);
  if (pid !== null) log("warn", `ended workerd ${pid}, left behind by a hub that was killed`);
  forgetWorkerd(dataDir);
  for (const which of sandboxRecords(dataDir)) {
    await endWorkerd(dataDir, which);
    forgetWorkerd(dataDir, which);
  }
}

/** Every TOCSIN_ variable is the Worker's, except the launcher's own notes to its wrapper. */
function bindingsOf(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => /^TOCSIN_(?!LAUNCHER_)/.test(name) && value !== undefined && value !== ""),
  );
}

/** Passkeys and secure contexts need the name localhost; 0.0.0.0 is no address to link to. */
function publicOrigin(host, port) {
  const near = /^(127\.|localhost$|::1$|0\.0\.0\.0$|::$)/.test(host);
  return `http://${near ? "localhost" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** How long a workerd that runs may say nothing; shorter in the launcher's own tests. */
function silentMsOf(env) {
  return Number(env.TOCSIN_LAUNCHER_SILENT_MS ?? 60_000);
}

/** How many descriptors workerd may open: the hard limit, which the wrapper takes. */
function descriptorLimit(log) {
  const limit = hardLimit();
  if (limit < descriptorsWanted) {
    log(
      "warn",
      `only ${limit} open files are allowed here: a storm of new incidents is slowed by 503 answers. Raise it: ulimit -n 65536`,
    );
  }
  return limit;
}

function hardLimit() {
  const text = spawnSync("sh", ["-c", "ulimit -H -n"], { encoding: "utf8", timeout: 5_000 }).stdout?.trim() ?? "";
  return /^\d+$/.test(text) ? Number(text) : 1_048_576; // "unlimited"
}

/** Asked before anything else starts, for one clear line instead of a runtime's. */
async function freePort(host, port) {
  const server = createServer();
  try {
    return await new Promise((resolve, reject) => {
      server.once("error", (error) =>
        reject(error.code === "EADDRINUSE" ? portTaken(host, port) : listenFailed(host, port, error)),
      );
      server.listen({ host, port, exclusive: true }, () => resolve(server.address().port));
    });
  } finally {
    await new Promise((resolve) => server.close(() => resolve()));
  }
}

function portTaken(host, port) {
  return new StartRefusal(`port ${port} on ${host} is taken. Stop what listens there, or choose another with --port`, 1);
}

function listenFailed(host, port, error) {
  return new StartRefusal(`cannot listen on ${host}:${port}: ${error.message}. Choose others with --host and --port`, 1);
}
