// Owns the workerd of tenants' own code: started when it is needed, known by its pid, measured, and ended. It is told nothing of the
// hub: no secret stands in its environment, no folder of the hub's is its own.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { canDieWithParent, makeExecutable, workerdPath, wrapper } from "./runtime.mjs";
import { recordFile } from "./workerd-record.mjs";

const config = fileURLToPath(new URL("sandbox.capnp", import.meta.url));
const startLimitMs = 15_000;
/** Of /proc/PID/stat: USER_HZ, the same 100 on every Linux that Node and workerd run on. */
const tickMs = 10;
const pageBytes = 4_096;

/**
 * @typedef {object} SandboxProcess
 * @property {number} port
 * @property {number} pid
 * @property {() => number | null} cpuMs processor time so far; null where the system does not say
 * @property {() => number | null} rssBytes
 * @property {boolean} ended
 * @property {Promise<void>} end settled when it is gone, whatever ended it
 * @property {() => Promise<void>} kill
 */

/** @param {{ dataDir: string, log: (level: "info" | "warn" | "error", line: string) => void }} options @returns {Promise<SandboxProcess>} */
export async function startSandboxProcess({ dataDir, log }) {
  const workerd = process.env.TOCSIN_LAUNCHER_WORKERD ?? (await workerdPath());
  const args = ["serve", "--experimental", "--control-fd=3", path.basename(config)];
  const windows = process.platform === "win32";
  if (!windows) makeExecutable(wrapper);
  const child = spawn(windows ? workerd : wrapper, args, {
    cwd: path.dirname(config),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      TOCSIN_LAUNCHER_WORKERD: workerd,
      TOCSIN_LAUNCHER_RECORD: recordFile(dataDir, "sandbox"),
      TOCSIN_LAUNCHER_PDEATHSIG: !windows && canDieWithParent() ? "1" : "",
    },
  });
  let words = "";
  child.stderr.on("data", (chunk) => (words = `${words}${chunk}`.slice(-4_000)));
  const found = { port: 0, pid: child.pid ?? 0, ended: false };
  const end = new Promise((resolve) => {
    const gone = () => {
      found.ended = true;
      resolve(undefined);
    };
    child.once("exit", gone).once("error", gone);
  });
  async function kill() {
    child.kill("SIGKILL");
    await end;
  }
  try {
    found.port = await portOf(child, end);
  } catch (error) {
    await kill();
    throw new Error(`the runtime for plugins did not start: ${error.message} ${words.trim().slice(0, 500)}`, { cause: error });
  }
  void end.then(() => {
    const fatal = /fatal: .*/.exec(words);
    if (fatal !== null) log("warn", `the runtime for plugins ended by itself: ${fatal[0].slice(0, 200)}`);
  });
  endFirstWithoutMemory(found.pid);
  return Object.assign(found, {
    end,
    kill,
    cpuMs: () => cpuMsOf(found.pid),
    rssBytes: () => rssBytesOf(found.pid),
  });
}

function portOf(child, end) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${startLimitMs} ms`)), startLimitMs);
    const settle = (how, value) => {
      clearTimeout(timer);
      how(value);
    };
    let text = "";
    child.stdio[3].on("data", (chunk) => {
      text += chunk;
      const port = /"event":"listen".*?"port":(\d+)/.exec(text)?.[1];
      if (port !== undefined) settle(resolve, Number(port));
    });
    void end.then(() => settle(reject, new Error("it ended at once")));
  });
}

/** When the machine itself runs out of memory, this process is the one to lose, not the hub. */
function endFirstWithoutMemory(pid) {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "1000");
  } catch {
    // Elsewhere than on Linux there is no such thing.
  }
}

/** Fields 14 and 15 of proc(5) stat, after a name that may hold spaces and brackets. */
function cpuMsOf(pid) {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function rssBytesOf(pid) {
  const statm = readOrNull(`/proc/${pid}/statm`);
  return statm === null ? null : Number(statm.split(" ")[1]) * pageBytes;
}

function readOrNull(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
