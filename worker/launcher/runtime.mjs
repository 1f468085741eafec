// Owns one runtime: workerd through Miniflare on the public port, its database up to date, its clock ticking. Whether it goes
// on running is keep.mjs's care.

import { spawnSync } from "node:child_process";
import { accessSync, chmodSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { applyMigrations } from "./migrations.mjs";
import { within } from "./within.mjs";
import { recordFile } from "./workerd-record.mjs";

/**
 * @typedef {object} RuntimeOptions
 * @property {string} launchFile what build.mjs wrote
 * @property {string} dataDir
 * @property {string} host
 * @property {number} port
 * @property {Readonly<Record<string, string>>} bindings the hub's own variables
 * @property {import("./sandbox.mjs").Sandbox["door"]} sandbox where tenants' own code is run
 * @property {(level: "info" | "warn" | "error", line: string) => void} log
 */

export const wrapper = fileURLToPath(new URL("workerd.sh", import.meta.url));
const tickEveryMs = 60_000;
const tickLimitMs = 50_000;

/** @param {RuntimeOptions} options @returns {Promise<{ stop: () => Promise<void> }>} */
export async function startRuntime({ launchFile, dataDir, host, port, bindings, sandbox, log }) {
  const launch = JSON.parse(readFileSync(launchFile, "utf8"));
  const dist = path.dirname(launchFile);
  const scriptPath = path.join(dist, launch.script);
  const { Log, LogLevel, Miniflare, convertV4MiniflareOptions } = await importMiniflare(dataDir);
  // No isolate of a tenant's code is ever loaded into the hub's own process: there is no limit in it (sandbox.mjs).
  const { bindings: vars, workerLoaders: _loaders, ...worker } = launch.worker;
  let clock = null;
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
          serviceBindings: {
            SANDBOX: { external: { address: sandbox.address, http: { injectRequestHeaders: sandbox.headers } } },
            // A folder, not the assets router: that one costs every request more than our own work does.
            ...(launch.ui ? { UI: { disk: { path: path.join(dist, launch.ui), writable: false } } } : {}),
          },
          modulesRoot: dist,
          // The text, not only the path: a later build must not slip into a hub that restarts its runtime.
          modules: [{ type: "ESModule", path: scriptPath, contents: readFileSync(scriptPath, "utf8") }],
          unsafeDirectSockets: [{ host, port }],
        },
      ],
    }),
  );
  try {
    await mf.ready;
    if (launch.database !== null) {
      const db = await mf.getD1Database(launch.database, launch.name);
      await applyMigrations(db, path.join(dist, launch.migrations));
    }
  } catch (error) {
    await mf.dispose().catch(() => {});
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
export function makeExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

/** workerd as Miniflare itself would find it: one copy, the version it was made for. */
export async function workerdPath() {
  const { createRequire } = await import("node:module");
  const own = createRequire(import.meta.url);
  return createRequire(own.resolve("miniflare"))("workerd").default;
}

export function canDieWithParent() {
  return spawnSync("setpriv", ["--pdeathsig", "KILL", "true"], { stdio: "ignore", timeout: 5_000 }).status === 0;
}
