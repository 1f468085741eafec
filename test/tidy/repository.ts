// Owns what the tidy tests read: the files of this checkout, their text, who imports whom.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../..");
const notOurs = /^(node_modules|dist|\.git|\.tocsin|\.wrangler|\.artifacts)$/;

/** Every file that is or would be committed, relative to the root. Without git (an unpacked archive): every file there is. */
export const files: readonly string[] = listed().filter((file) => existsSync(path.join(root, file)));

function listed(): string[] {
  try {
    const text = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
      encoding: "utf8",
    });
    return text.split("\0").filter((file) => file !== "");
  } catch {
    return walk("");
  }
}

function walk(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => !notOurs.test(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? walk(path.join(folder, entry.name)) : [path.join(folder, entry.name)]));
}

export function textOf(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

export interface Import {
  readonly from: string;
  /** A file of this repository, or a package's name with what stands after it. */
  readonly to: string;
}

/** Every import and re-export in `text`, static or dynamic, of types too. */
export function importsIn(file: string, text: string): readonly Import[] {
  const found = text.matchAll(
    /(?:^|[;}\s])(?:import|export)\b[^"';]*?\bfrom\s*"([^"\n]+)"|(?:^|[;\s])import\s*"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"\s*\)/gm,
  );
  return [...found].map(([, from, bare, dynamic]) => {
    const target = from ?? bare ?? dynamic ?? "";
    return {
      from: file,
      to: target.startsWith(".") ? path.posix.normalize(path.posix.join(path.posix.dirname(file), target)) : target,
    };
  });
}

export const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
export const imports: readonly Import[] = code.flatMap((file) => importsIn(file, textOf(file)));

/** Ids of all plugins, by their folders. */
export const pluginIds: readonly string[] = [
  ...new Set(
    files.flatMap((file) => /^plugins\/(?:sources|notifiers|connectors)\/([^/]+)\/manifest\.json$/.exec(file)?.[1] ?? []),
  ),
];
