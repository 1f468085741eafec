// Writes worker/sandbox/inside.gen.ts: what stands beside a plugin in its isolate, as texts. `npm run gen`; with --check it
// changes nothing and exits 1 when the file is stale.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "inside.gen.ts");

async function bundled(file) {
  const build = await rolldown({ input: path.join(here, file), platform: "neutral", logLevel: "silent" });
  const { output } = await build.generate({ format: "esm", comments: false });
  await build.close();
  if (output.length !== 1) throw new Error(`${file} must become one module`);
  return output[0].code.replaceAll(/^\/\/#(end)?region.*\n/gm, "");
}

const read = (file) => readFileSync(path.join(here, file), "utf8");
const constant = (name, text) => `export const ${name} = ${JSON.stringify(text)};\n`;
const text = [
  "// Written by worker/sandbox/generate.mjs from worker/sandbox/inside. Do not edit.\n",
  constant("lockdownSource", read("inside/lockdown.mjs")),
  constant("harnessSource", read("inside/harness.mjs")),
  constant("sdkSource", await bundled("inside/sdk.ts")),
].join("\n");

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("worker/sandbox/inside.gen.ts is stale: npm run gen");
    process.exit(1);
  }
} else writeFileSync(target, text);
