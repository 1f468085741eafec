// Owns which workerd belongs to a data folder: workerd.sh writes it down before anything runs, whoever starts it.

import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { end, isAlive } from "./process-identity.mjs";

export function recordFile(dataDir) {
  return path.join(dataDir, "workerd.json");
}

/** @returns {import("./process-identity.mjs").ProcessIdentity | null} */
export function readRecord(dataDir) {
  try {
    return JSON.parse(readFileSync(recordFile(dataDir), "utf8"));
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
export async function endWorkerd(dataDir) {
  const record = readRecord(dataDir);
  const ended = record !== null && (await end(record));
  return ended ? record.pid : null;
}

export function forgetWorkerd(dataDir) {
  rmSync(recordFile(dataDir), { force: true });
}
