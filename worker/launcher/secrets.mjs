// Owns the secrets of a single machine: given by the environment, else kept in the data folder, else made once.

import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** 32 random bytes as text. */
export function newSecret() {
  return randomBytes(32).toString("base64url");
}

/**
 * @param {string} dataDir
 * @param {string} file name inside the data folder, readable by its owner only
 * @param {string | undefined} given what the environment says; wins, and is not written down
 * @returns {{ value: string, made: boolean }} `made`: it did not exist before this call
 */
export function secretOf(dataDir, file, given) {
  if (given !== undefined && given !== "") return { value: given, made: false };
  const full = path.join(dataDir, file);
  const kept = readOrNull(full);
  if (kept !== null) {
    if (kept.length < 32) throw new Error(`${full} is damaged: it should hold 32 characters or more. Restore it from a backup`);
    return { value: kept, made: false };
  }
  const value = newSecret();
  const draft = `${full}.${process.pid}`;
  try {
    writeFileSync(draft, `${value}\n`, { mode: 0o600, flush: true });
    linkSync(draft, full); // Never half a secret, and never over one that is there.
  } finally {
    rmSync(draft, { force: true });
  }
  return { value, made: true };
}

function readOrNull(full) {
  try {
    return readFileSync(full, "utf8").trim();
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}
