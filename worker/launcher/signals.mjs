// Owns how a launcher process ends: told by a signal, or left alone by npm. Once, and never before the hub has given back
// what it holds.

import { readFileSync } from "node:fs";
import { identityOf, isAlive, lineageOf } from "./process-identity.mjs";

/** Elsewhere than on Linux each look starts a `ps`. */
const npmCheckMs = process.platform === "linux" ? 500 : 3_000;
const shells = /^(.*\/)?-?(sh|dash|bash|ash|ksh|zsh|busybox)$/;

/** Ask before Miniflare is imported: its own handlers change what the process ignores. */
export function startedByNohup() {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return false;
  }
}

/**
 * Call after the hub is ready: Miniflare's own handlers would end the process before the lock is given back.
 * @param {() => Promise<void>} cleanUp
 * @param {{ nohup: boolean }} how a hub under nohup goes on when its terminal closes
 * @returns {(code: number) => Promise<void>} ends the process; a second call does nothing
 */
export function endOnSignals(cleanUp, { nohup }) {
  let ending = false;
  async function finish(code) {
    if (ending) return;
    ending = true;
    await cleanUp();
    process.exit(code);
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.removeAllListeners(signal);
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void finish(0));
  process.on("SIGHUP", nohup ? () => {} : () => void finish(0));
  endWithNpm(finish);
  return finish;
}

/** npm passes signals on, but not its own `kill -9`: a hub whose npm is gone would hold port and folder unseen. */
function endWithNpm(finish) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const npm = identityOf(runnerOf(parent));
  const gone = () => process.ppid !== parent || (npm !== null && !isAlive(npm));
  setInterval(() => gone() && void finish(1), npmCheckMs).unref();
}

/** npm starts a script through a shell, and some shells stay between: theirs is the life that counts. */
function runnerOf(pid) {
  const found = lineageOf(pid);
  return found !== null && shells.test(found.name) && found.parent > 1 ? runnerOf(found.parent) : pid;
}
