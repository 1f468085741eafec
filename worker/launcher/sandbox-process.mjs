// Owns one workerd of tenants' own code: started when it is needed, known by its pid, asked, measured, and ended. It is told nothing of
// the hub: no secret of it stands in its environment, no folder of the hub's is its own.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { setPriority } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { limits } from "../core/limits.ts";
import { canDieWithParent, makeExecutable, workerdPath, wrapper } from "./runtime.mjs";
import { recordFile } from "./workerd-record.mjs";

const config = fileURLToPath(new URL("sandbox.capnp", import.meta.url));
const startLimitMs = 15_000;
/** Of /proc/PID/stat: USER_HZ, the same 100 on every Linux that Node and workerd run on. */
const tickMs = 10;
const pageBytes = 4_096;
/** Where both want the processor, three parts of four are the hub's. */
const niceness = 5;
const answerBytesMax = 4 * 1_048_576;

/**
 * @typedef {object} SandboxProcess
 * @property {number} pid
 * @property {(at: string, key: string, fresh: boolean) => Opened} open a request whose body is still to come
 * @property {(at: string, key: string, body: Buffer | string, signal: AbortSignal) => Promise<Told>} ask
 * @property {() => number | null} cpuMs processor time so far; null where the system does not say
 * @property {() => number | null} rssBytes
 * @property {boolean} ended
 * @property {Promise<void>} end settled when it is gone, whatever ended it
 * @property {() => Promise<void>} kill
 *
 * @typedef {{ status: number, body: Buffer | null }} Told `body` null: it was longer than is taken
 * @typedef {{ send: (body: Buffer | string, signal: AbortSignal) => Promise<Told>, drop: () => void }} Opened
 */

/** @param {{ dataDir: string, slot: number, log: (level: "info" | "warn" | "error", line: string) => void }} options @returns {Promise<SandboxProcess>} */
export async function startSandboxProcess({ dataDir, slot, log }) {
  const token = randomBytes(32).toString("hex");
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
      TOCSIN_LAUNCHER_RECORD: recordFile(dataDir, `sandbox-${slot}`),
      TOCSIN_LAUNCHER_FILES: String(limits.sandbox.cells.count.descriptors),
      // The only word that this process knows: others on this machine can reach its port as well.
      TOCSIN_CELL_TOKEN: token,
      TOCSIN_LAUNCHER_PDEATHSIG: !windows && canDieWithParent() ? "1" : "",
    },
  });
  let words = "";
  const hear = (chunk) => (words = `${words}${chunk}`.slice(-4_000));
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const found = { pid: child.pid ?? 0, ended: false };
  let port = 0;
  const end = new Promise((resolve) => {
    const gone = () => {
      found.ended = true;
      agent.destroy();
      resolve(undefined);
    };
    child.once("exit", gone).on("error", (error) => {
      hear(error.message);
      gone();
    });
  });
  giveWay(child.pid);
  async function kill() {
    // Of a child that never was Node would kill process 0, which is our own group: the hub.
    if (child.pid) child.kill("SIGKILL");
    await end;
  }
  try {
    // Where no descriptor is left, Node returns a child without any pipe, and its error comes after.
    if (!child.stderr) throw new Error("it could not be given its pipes");
    child.stderr.on("data", hear);
    port = await portOf(child, end);
  } catch (error) {
    await kill();
    throw new Error(`the runtime for plugins did not start: ${error.message} ${words.trim().slice(0, 500)}`, { cause: error });
  }
  void end.then(() => {
    const fatal = /fatal: .*/.exec(words);
    if (fatal !== null) log("warn", `the runtime for plugins ended by itself: ${fatal[0].slice(0, 200)}`);
  });
  endFirstWithoutMemory(found.pid);

  function open(at, key, fresh) {
    const asked = httpRequest({
      host: "127.0.0.1",
      port,
      method: "POST",
      path: `${at}?key=${encodeURIComponent(key)}${fresh ? "&fresh" : ""}`,
      headers: { authorization: token },
      agent,
    });
    const answer = new Promise((resolve, reject) => {
      asked.once("error", reject);
      asked.once("response", (response) => {
        readAll(response, answerBytesMax).then((body) => resolve({ status: response.statusCode, body }), reject);
      });
    });
    answer.catch(() => {}); // Until somebody listens: it may end before its body comes.
    if (fresh) asked.flushHeaders();
    const drop = () => asked.destroy(new Error("broken off"));
    return {
      send(body, signal) {
        signal.addEventListener("abort", drop, { once: true });
        asked.end(body);
        return answer.finally(() => signal.removeEventListener("abort", drop));
      },
      drop,
    };
  }

  return Object.assign(found, {
    open,
    ask: (at, key, body, signal) => open(at, key, false).send(body, signal),
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

function giveWay(pid) {
  try {
    setPriority(pid, niceness);
  } catch {
    // A system that does not let us, or a process that did not start, which is found out below.
  }
}

/** @returns {Promise<Buffer | null>} null: it was longer, and the rest was not read */
export function readAll(stream, bytesMax) {
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
