// Owns which workerd belongs to a data folder, the hub's and those of plugins ("sandbox-1", …): workerd.sh writes it down before anything runs, whoever starts it.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { end, isAlive } from "./process-identity.mjs";

export function recordFile(dataDir, which = "workerd") {
  return path.join(dataDir, `${which}.json`);
}

/** Those of plugins, of a hub before this one as well. */
export function sandboxRecords(dataDir) {
  return readdirSync(dataDir).flatMap((name) => /^(sandbox(?:-\d+)?)\.json$/.exec(name)?.[1] ?? []);
}

/** @returns {import("./process-identity.mjs").ProcessIdentity | null} */
export function readRecord(dataDir, which = "workerd") {
  try {
    return JSON.parse(readFileSync(recordFile(dataDir, which), "utf8"));
  } catch {
    return null;
  }
}

/** Whether the folder's workerd runs. Windows has no record (no /bin/sh): there it is taken to run. */
export function workerdRuns(dataDir) {
  if (process.platform === "win32") return true;
  const record = readRecord(dataDir);
  return record !== null && isAlive(record);
}

/** Kills the folder's workerd if it runs. @returns {Promise<number | null>} its pid; null: there was none */
export async function endWorkerd(dataDir, which = "workerd") {
  const record = readRecord(dataDir, which);
  const ended = record !== null && (await end(record));
  return ended ? record.pid : null;
}

export function forgetWorkerd(dataDir, which = "workerd") {
  rmSync(recordFile(dataDir, which), { force: true });
}
