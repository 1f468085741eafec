// Owns how the service worker is built: one file at the root, told which files of this build are the shell that works without
// a network, and a version that changes with any of them.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { build, type Plugin, type ResolvedConfig } from "vite";

/** Pages that somebody who was paged needs without a network. */
const pagesKept = [
  "src/pages/sign-in/sign-in.tsx",
  "src/pages/mine/mine.tsx",
  "src/pages/incidents/dialogs.tsx",
  "src/pages/people/devices.tsx",
  "src/pages/incidents/incident.tsx",
];
const filesKept = ["/", "/icon.svg", "/manifest.webmanifest", "/icons/192.png"];

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

export function serviceWorker(): Plugin {
  let config: ResolvedConfig | null = null;
  return {
    name: "tocsin-service-worker",
    apply: "build",
    configResolved: (resolved) => void (config = resolved),
    async closeBundle() {
      if (config === null) return;
      const out = path.resolve(config.root, config.build.outDir);
      const files = shellOf(out);
      await build({
        configFile: false,
        root: config.root,
        publicDir: false,
        logLevel: "warn",
        define: { SHELL: JSON.stringify({ version: versionOf(out, files), files }) },
        build: {
          target: "es2023",
          outDir: out,
          emptyOutDir: false,
          reportCompressedSize: false,
          lib: { entry: path.join(config.root, "src/sw/sw.ts"), formats: ["iife"], name: "sw", fileName: () => "sw.js" },
        },
      });
    },
  };
}

function shellOf(out: string): readonly string[] {
  const manifest = JSON.parse(readFileSync(path.join(out, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;
  const seen = new Set<string>();
  const reach = (key: string): void => {
    if (seen.has(key)) return;
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`the shell of the service worker names ${key}, which this build does not have`);
    seen.add(key);
    for (const next of chunk.imports ?? []) reach(next);
  };
  for (const key of ["index.html", ...pagesKept]) reach(key);
  const built = [...seen].flatMap((key) => [manifest[key]?.file ?? "", ...(manifest[key]?.css ?? [])]);
  return [...filesKept, ...new Set(built.map((file) => `/${file}`))];
}

/** What is not named by its content is read. */
function versionOf(out: string, files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(file).update(file.startsWith("/assets/") ? "" : readFileSync(path.join(out, file === "/" ? "index.html" : file)));
  return hash.digest("hex").slice(0, 12);
}
