// Owns one running hub: the data folder's lock, workerd through Miniflare, its database, the minute's tick, and a clean end.
// Must not know the product: it gives the Worker its bindings and a clock that ticks, nothing more.

import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { lockFolder } from "./lock.mjs";
import { applyMigrations } from "./migrations.mjs";
import { end } from "./process-identity.mjs";
import { secretOf } from "./secrets.mjs";

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
 * @property {number} port
 * @property {string} adminToken
 * @property {boolean} adminTokenMade it was made by this start, and nobody has seen it yet
 * @property {() => Promise<string | null>} ownerLink a one-time sign-in link, as long as nobody has signed in as the owner
 * @property {() => number | null} runtimePid workerd's pid
 * @property {() => Promise<void>} stop ends workerd and gives the data folder back
 */

/** An expected reason not to start. `exitCode` 3: another hub holds the data folder. */
export class StartRefusal extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

const wrapper = fileURLToPath(new URL("workerd.sh", import.meta.url));
const tickEveryMs = 60_000;
const tickLimitMs = 50_000;
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
  try {
    await endOrphan(dataDir, log);
    const port = await freePort(host, options.port);
    const url = publicOrigin(host, port);
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
    const runtime = await startRuntime({ ...options, port, bindings });
    return {
      url,
      port,
      adminToken: admin.value,
      adminTokenMade: admin.made,
      ownerLink: () => askOwnerLink(`http://${host.includes(":") ? `[${host}]` : host}:${port}`, admin.value),
      runtimePid: () => readRecord(dataDir)?.pid ?? null,
      stop: async () => {
        await runtime.stop();
        rmSync(recordFile(dataDir), { force: true });
        lock.release();
      },
    };
  } catch (error) {
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
  return response.ok ? (await response.json()).url : null;
}

/** workerd on the public port, its database up to date, its clock ticking. */
async function startRuntime({ launchFile, dataDir, host, port, bindings, log }) {
  const launch = JSON.parse(readFileSync(launchFile, "utf8"));
  const dist = path.dirname(launchFile);
  const scriptPath = path.join(dist, launch.script);
  const { Log, LogLevel, Miniflare, convertV4MiniflareOptions } = await importMiniflare(dataDir);
  const { bindings: vars, ...worker } = launch.worker;
  const mf = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0, // Miniflare's own entry is four times slower and is not used; people reach the direct socket below.
      cf: false,
      logRequests: false,
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ level, message }) =>
        log(level === "error" ? "error" : level === "warn" ? "warn" : "info", message),
      resourcePersistencePath: path.join(dataDir, "state"),
      unsafeHandleRuntimeRestart: () => {
        log("warn", "workerd ended by itself and was started again; whatever was due goes on");
        void clock?.tick();
      },
      workers: [
        {
          ...worker,
          name: launch.name,
          bindings: { ...vars, ...bindings },
          // A folder, not the assets router: that one costs every request more than our own work does.
          ...(launch.ui ? { serviceBindings: { UI: { disk: { path: path.join(dist, launch.ui), writable: false } } } } : {}),
          modulesRoot: dist,
          // The text, not only the path: a later build must not slip into a hub that restarts its runtime.
          modules: [{ type: "ESModule", path: scriptPath, contents: readFileSync(scriptPath, "utf8") }],
          unsafeDirectSockets: [{ host, port }],
        },
      ],
    }),
  );
  let clock = null;
  try {
    await mf.ready;
    if (launch.database !== null) {
      const db = await mf.getD1Database(launch.database, launch.name);
      await applyMigrations(db, path.join(dist, launch.migrations));
    }
  } catch (error) {
    await mf.dispose().catch(() => {});
    if (error.code === "ERR_ADDRESS_IN_USE") throw portTaken(host, port);
    throw error;
  }
  clock = startClock(mf, launch.name, log);
  return {
    stop: async () => {
      clock.stop();
      await mf.dispose();
    },
  };
}

/** Nothing on one machine fires cron triggers, so the launcher does, each minute and at once after a start. */
function startClock(mf, name, log) {
  let busy = false;
  let stopped = false;
  async function tick() {
    if (busy || stopped) return;
    busy = true;
    try {
      // A fresh proxy each time: those from before a restart of workerd are dead.
      const worker = await within(mf.getWorker(name), tickLimitMs);
      await within(worker.scheduled({ cron: "* * * * *", scheduledTime: new Date() }), tickLimitMs);
    } catch (error) {
      if (!stopped) log("error", `the minute's sweep did not finish (the next one follows): ${error.message}`);
    } finally {
      busy = false;
    }
  }
  const timer = setInterval(() => void tick(), tickEveryMs);
  void tick(); // Whatever fell due while the machine was off.
  return {
    tick,
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

/** Miniflare starts workerd through our wrapper, which it finds by the environment. */
async function importMiniflare(dataDir) {
  const miniflare = await import("miniflare");
  if (process.platform === "win32") return miniflare; // No /bin/sh; an orphan there is not ended.
  const workerd = process.env.TOCSIN_LAUNCHER_WORKERD ?? process.env.MINIFLARE_WORKERD_PATH ?? (await workerdPath());
  process.env.TOCSIN_LAUNCHER_WORKERD = workerd;
  process.env.TOCSIN_LAUNCHER_RECORD = recordFile(dataDir);
  process.env.TOCSIN_LAUNCHER_PDEATHSIG = canDieWithParent() ? "1" : "";
  process.env.MINIFLARE_WORKERD_PATH = wrapper;
  makeExecutable(wrapper);
  return miniflare;
}

/** A checkout through an archive may have lost the bit; one that belongs to somebody else is left as it is. */
function makeExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

/** workerd as Miniflare itself would find it: one copy, the version it was made for. */
async function workerdPath() {
  const { createRequire } = await import("node:module");
  const own = createRequire(import.meta.url);
  return createRequire(own.resolve("miniflare"))("workerd").default;
}

function canDieWithParent() {
  return spawnSync("setpriv", ["--pdeathsig", "KILL", "true"], { stdio: "ignore", timeout: 5_000 }).status === 0;
}

/** workerd outlives a launcher that was killed where setpriv is missing, and would write the same objects as ours. */
async function endOrphan(dataDir, log) {
  const record = readRecord(dataDir);
  if (record !== null && (await end(record))) log("warn", `ended workerd ${record.pid}, left behind by a hub that was killed`);
  rmSync(recordFile(dataDir), { force: true });
}

function recordFile(dataDir) {
  return path.join(dataDir, "workerd.json");
}

function readRecord(dataDir) {
  try {
    return JSON.parse(readFileSync(recordFile(dataDir), "utf8"));
  } catch {
    return null;
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

async function within(promise, ms) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
