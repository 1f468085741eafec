// Owns how a launcher process ends: told by a signal, or left alone by npm. Once, and never before the hub has given back
// what it holds.

import { isatty } from "node:tty";
import { identityOf, isAlive, lineageOf } from "./process-identity.mjs";

/** Elsewhere than on Linux each look starts a `ps`. */
const npmCheckMs = process.platform === "linux" ? 500 : 3_000;
const shells = /^(.*\/)?-?(sh|dash|bash|ash|ksh|zsh|busybox)$/;

/** Whether a terminal is there whose closing should end this process; under `nohup`, a supervisor or `&` with its output elsewhere none is. */
export function hasTerminal() {
  return [0, 1, 2].some((descriptor) => isatty(descriptor));
}

/**
 * Call after the hub is ready: Miniflare's own handlers would end the process before the lock is given back.
 * @param {() => Promise<void>} cleanUp
 * @param {{ terminal: boolean }} how without one SIGHUP is let pass (that `nohup` ignores it does not show: Node resets signals)
 * @returns {(code: number) => Promise<void>} ends the process; a second call does nothing
 */
export function endOnSignals(cleanUp, { terminal }) {
  let ending = false;
  async function finish(code) {
    if (ending) return;
    ending = true;
    await cleanUp();
    process.exit(code);
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.removeAllListeners(signal);
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void finish(0));
  process.on("SIGHUP", terminal ? () => void finish(0) : () => {});
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
