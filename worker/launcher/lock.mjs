// Owns the lock on a data folder: one hub writes it at a time. The lock names its holder by pid and start time, so that a
// hub that was killed leaves nothing to clean up by hand.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { identityOf, isAlive } from "./process-identity.mjs";

/**
 * @typedef {import("./process-identity.mjs").ProcessIdentity & { since: string }} Holder
 */

const triesMax = 20;

/**
 * @param {string} dataDir
 * @returns {{ ok: true, release: () => void } | { ok: false, holder: Holder }}
 */
export function lockFolder(dataDir) {
  const file = path.join(dataDir, "lock");
  const self = identityOf(process.pid);
  if (self === null) throw new Error("cannot read this process's own start time; is /proc mounted?");
  const text = `${JSON.stringify({ ...self, since: new Date().toISOString() })}\n`;
  const draft = `${file}.${process.pid}`;
  // Linked, not written in place: nobody ever reads half a lock.
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    for (let i = 0; i < triesMax; i++) {
      if (linked(draft, file)) return { ok: true, release: () => release(file, text) };
      const found = readOrNull(file);
      if (found === null) continue;
      const holder = parse(found);
      if (holder !== null && isAlive(holder)) return { ok: false, holder };
      removeExactly(file, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new Error(`${file} changes hands too often to take it`);
}

function release(file, text) {
  if (readOrNull(file) === text) rmSync(file, { force: true });
}

function linked(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** Moved aside and looked at again before it goes: between reading and removing, another hub may have taken the lock. */
function removeExactly(file, text) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readOrNull(aside) !== text) linked(aside, file);
  rmSync(aside, { force: true });
}

function readOrNull(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

/** Null for a lock that no hub wrote. */
function parse(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder.pid) && typeof holder.started === "string" ? holder : null;
  } catch {
    return null;
  }
}
