// Owns where cases written by others lie: beside the project, not in it. Absent: the tests that read them say they are
// skipped, and under CI=true they fail.

import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The path of a file under ../shared; null when it is not there. Throws under CI=true. */
export function shared(path: string): string | null {
  const full = resolve(import.meta.dirname, "../../../shared", path);
  if (existsSync(full)) return full;
  if (process.env["CI"] === "true") throw new Error(`${path} is not beside the project, and CI leaves nothing out`);
  return null;
}
