// Owns what package.json and its lockfile promise: exact versions, one runtime, engines that fit, scripts that exist; and that
// wrangler.toml, the types of the bindings and the Worker's exports say the same.

import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root, textOf } from "./repository.ts";

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version?: string;
  readonly optional?: boolean;
  readonly engines?: { readonly node?: string } | readonly string[];
}

const manifest = JSON.parse(textOf("package.json")) as Manifest;
const lock = JSON.parse(textOf("package-lock.json")) as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(lock.packages).filter(([where]) => where !== "");

test("every version is exact", () => {
  const all = { ...manifest.dependencies, ...manifest.devDependencies };
  expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("the lockfile has what package.json names, and one copy of workerd and of miniflare", () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
  for (const name of ["workerd", "miniflare"])
    expect(locked.filter(([where]) => where.endsWith(`node_modules/${name}`)).map(([where]) => where)).toEqual([
      `node_modules/${name}`,
    ]);
});

test("every package runs on the packaged Node: the comparison that .npmrc keeps npm from making with the system's", () => {
  const node = manifest.devDependencies["node"] ?? "";
  const unfit = locked.flatMap(([where, { engines, optional }]) => {
    const range = engines !== undefined && "node" in engines ? engines.node : undefined;
    return range === undefined || optional === true || fits(node, range) ? [] : [`${where} wants ${range}`];
  });
  expect(unfit).toEqual([]);
});

test("the comparison can fail", () => {
  for (const range of [">=22", "^22.12.0 || ^24.0.0", "24.x", ">= 18 < 26", "*", "~24.21.0", "20 || >=22.3"])
    expect(fits("24.21.0", range)).toBe(true);
  for (const range of [">=26", "^22.12.0 || ^26.0.0", "24.22.x", ">=18 <24", "^24.22", "~24.20.0", "20"])
    expect(fits("24.21.0", range)).toBe(false);
});

/** The part of node-semver's grammar that engines use. */
function fits(version: string, range: string): boolean {
  return range.split("||").some((part) =>
    part
      .replaceAll(/([<>=~^])\s+/g, "$1")
      .trim()
      .split(/\s+/)
      .every((comparator) => holds(version, comparator)),
  );
}

function holds(version: string, comparator: string): boolean {
  const [, operator = "", text = ""] = /^([<>=~^]*)v?(.*)$/.exec(comparator) ?? [];
  const parts = text.split(/[.-]/).slice(0, 3);
  const given = parts.filter((part) => /^\d+$/.test(part)).map(Number);
  if (given.length === 0) return true; // "*", "x", ""
  const have = version.split(".").map(Number);
  const compared = compare(
    have,
    [0, 1, 2].map((i) => given[i] ?? 0),
  );
  if (operator === ">=") return compared >= 0;
  if (operator === ">") return compared > 0;
  if (operator === "<=") return compared <= 0;
  if (operator === "<") return compared < 0;
  if (operator === "^") return compared >= 0 && have[0] === given[0];
  if (operator === "~") return compared >= 0 && have[0] === given[0] && (given.length < 2 || have[1] === given[1]);
  return given.every((n, i) => have[i] === n);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((n, at) => n !== b[at]);
  return i === -1 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

test("every script's program and file exist", () => {
  const missing = Object.entries(manifest.scripts).flatMap(([name, script]) =>
    script.split("&&").flatMap((command) => {
      const [program = "", ...args] = command.trim().split(/\s+/);
      const wanted = [
        `node_modules/.bin/${program}`,
        ...args.filter((arg) => /\.(mjs|ts)$/.test(arg)),
        ...args.filter((arg, i) => args[i - 1] === "-p"),
      ];
      return wanted.filter((file) => !existsSync(path.join(root, file))).map((file) => `${name}: ${file}`);
    }),
  );
  expect(missing).toEqual([]);
});

test("wrangler.toml binds every object that the Worker's types name and its entry exports, and no other", () => {
  const toml = textOf("wrangler.toml");
  const bound = [...toml.matchAll(/\[\[durable_objects\.bindings\]\]\nname = "(\w+)"\nclass_name = "(\w+)"/g)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const typed = [...textOf("worker/env.d.ts").matchAll(/readonly (\w+): DurableObjectNamespace<import\("[^"]+"\)\.(\w+)>/g)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const exported = [...textOf("worker/index.ts").matchAll(/^export \{ (\w+) \} from "\.\/objects\//gm)].map(([, type]) => type);
  expect(bound.length).toBeGreaterThan(4);
  expect(typed.toSorted(byText)).toEqual(bound.toSorted(byText));
  expect(exported.toSorted(byText)).toEqual(bound.map((each) => each.split(" ")[1]).toSorted(byText));
});

function byText(a: string | undefined = "", b: string | undefined = ""): number {
  return a < b ? -1 : 1;
}
