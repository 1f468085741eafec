// Owns the question "is this still the same process?". A pid alone is reused; pid, start time and boot together are not.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * @typedef {object} ProcessIdentity
 * @property {number} pid
 * @property {string} started clock ticks since boot (Linux) or the text of `ps -o lstart` (elsewhere)
 * @property {string} boot the boot it belongs to; empty where the system does not say
 */

const endLimitMs = 5_000;

/** @returns {ProcessIdentity | null} null: there is no such process, or it is a zombie */
export function identityOf(pid) {
  const started = process.platform === "linux" ? startedByProc(pid) : startedByPs(pid);
  return started === null ? null : { pid, started, boot: bootId() };
}

/** True while exactly that process runs. A zombie that nobody has reaped yet is dead: it holds no file and no port. */
export function isAlive(identity) {
  const now = identityOf(identity.pid);
  return now !== null && now.started === identity.started && now.boot === identity.boot;
}

/** A process's parent and its program's name; null when there is no such process. @returns {{ parent: number, name: string } | null} */
export function lineageOf(pid) {
  const text = process.platform === "linux" ? read(`/proc/${pid}/stat`) : ps("ppid=,comm=", pid);
  const found = /^\d+ \((?<name>.*)\) \S (?<parent>\d+) /s.exec(text) ?? /^\s*(?<parent>\d+)\s+(?<name>.*\S)/.exec(text);
  return found?.groups === undefined ? null : { parent: Number(found.groups.parent), name: found.groups.name };
}

/** Kills exactly that process, if it still runs, and waits until it is gone. @returns {Promise<boolean>} whether there was one */
export async function end(identity) {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
  for (const until = Date.now() + endLimitMs; isAlive(identity);) {
    if (Date.now() > until) throw new Error(`process ${identity.pid} of an earlier hub does not end; end it by hand`);
    await delay(20);
  }
  return true;
}

/** The state and the start time are fields 3 and 22 of proc(5) stat, after a name that may hold spaces and brackets. */
function startedByProc(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : (fields[19] ?? null);
}

function startedByPs(pid) {
  const text = ps("stat=,lstart=", pid).trim();
  return text === "" || text.startsWith("Z") ? null : text.slice(text.indexOf(" ")).trim();
}

function bootId() {
  return read("/proc/sys/kernel/random/boot_id").trim();
}

/** Empty when it is not there. */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Empty when there is no such process. */
function ps(columns, pid) {
  try {
    return execFileSync("ps", ["-o", columns, "-p", String(pid)], { encoding: "utf8", timeout: 5_000 });
  } catch {
    return "";
  }
}
