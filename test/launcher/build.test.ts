// Owns what the build promises a start: made again when an input changed, and only then; nothing of a developer's machine in it.

import { appendFileSync, cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { build, cleanUp, newFolder, tinyRoot } from "./hub-process.ts";

afterEach(cleanUp);

function project(): string {
  const root = newFolder();
  cpSync(tinyRoot, root, { recursive: true, filter: (file) => !file.includes(`${path.sep}dist`) });
  return root;
}

test("builds once, and again only when what is bundled changed", async () => {
  const root = project();
  const launchFile = await build({ root });
  const first = statSync(launchFile).mtimeMs;
  writeFileSync(path.join(root, "worker", "README.md"), "words");
  await build({ root });
  expect(statSync(launchFile).mtimeMs).toBe(first);

  appendFileSync(path.join(root, "worker", "index.ts"), 'console.warn("a-new-line");\n');
  await build({ root });
  expect(statSync(launchFile).mtimeMs).toBeGreaterThan(first);
  expect(readFileSync(path.join(root, "dist", "index.js"), "utf8")).toContain("a-new-line");
});

test("leaves .dev.vars and absolute paths out", async () => {
  const root = project();
  writeFileSync(path.join(root, ".dev.vars"), "TOCSIN_SECRET=a-developers-own\n");
  const launch = readFileSync(await build({ root }), "utf8");
  expect(launch).not.toContain("a-developers-own");
  expect(launch).not.toContain(root);
});

test("a Worker that does not bundle says why", async () => {
  const root = project();
  appendFileSync(path.join(root, "worker", "index.ts"), 'import "./not-there.ts";\n');
  await expect(build({ root })).rejects.toThrow(/did not bundle[\s\S]*not-there/);
});

test("a package that is not installed: says what to do, and no trace", async () => {
  const root = project();
  appendFileSync(path.join(root, "worker", "index.ts"), 'import "@acme/not-installed/part";\n');
  const told = await build({ root }).then(
    () => "built",
    (error: Error) => error.message,
  );
  expect(told).toBe("a package is missing: run npm install (nothing is found of @acme/not-installed/part)");
});

test("a folder that cannot be written says who must build", async () => {
  // Nobody makes folders there, root neither.
  await expect(build({ root: "/sys/kernel" })).rejects.toThrow(
    /\/sys\/kernel\/dist cannot be written by this user: run `npm run build`/,
  );
});
