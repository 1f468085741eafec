// Owns the layers (DESIGN of worker/README.md): who may import whom, and who may name a plugin.

import { expect, test } from "vitest";
import { code, imports, importsIn, pluginIds, textOf, type Import } from "./repository.ts";

interface Layer {
  readonly of: RegExp;
  readonly says: string;
  readonly may: (to: string, from: string) => boolean;
}

const isPackage = (to: string): boolean => !/^(worker|plugins|test|migrations)\//.test(to);
const within = (to: string, ...folders: readonly string[]): boolean => folders.some((folder) => to.startsWith(`${folder}/`));
const pluginFolder = (file: string): string => file.split("/").slice(0, 3).join("/");

/** Packages that compute and nothing else: no clock, no network, no framework. */
const corePackages = ["@marcbachmann/cel-js", "@noble/hashes/", "luxon", "re2js", "rrule"];

const layers: readonly Layer[] = [
  {
    of: /^worker\/core\//,
    says: "core is pure: itself, and packages that only compute",
    may: (to) => within(to, "worker/core") || corePackages.some((name) => to === name || to.startsWith(name)),
  },
  {
    of: /^plugins\/sdk\//,
    says: "the SDK knows the core and no plugin",
    may: (to) => within(to, "plugins/sdk", "worker/core") || (isPackage(to) && !/^(hono|drizzle)|^cloudflare:/.test(to)),
  },
  {
    of: /^plugins\/(sources|notifiers|connectors|templates)\//,
    says: "a plugin imports its own folder, the SDK, and packages",
    may: (to, from) =>
      within(to, pluginFolder(from), "plugins/sdk") || (isPackage(to) && !/^(hono|drizzle)|^cloudflare:/.test(to)),
  },
  {
    of: /^worker\/store\//,
    says: "the store knows D1, the core and what has no domain",
    may: (to) => within(to, "worker/store", "worker/core", "worker/lib") || (isPackage(to) && !to.startsWith("hono")),
  },
  {
    of: /^worker\/(?!store\/)/,
    says: "only the store knows SQL of D1: drizzle is imported nowhere else",
    may: (to) => !to.startsWith("drizzle"),
  },
  {
    of: /^worker\/objects\//,
    says: "objects decide nothing and know no HTTP resource: neither the API, nor the tenant document, nor Hono, nor zod",
    may: (to) => !within(to, "worker/api", "worker/tenant", "worker/launcher") && !/^(hono|zod)/.test(to),
  },
  {
    of: /^worker\/(ingest|respond|security|lib|auth)\//,
    says: "only the API knows HTTP resources; of it others use its errors and nothing else",
    may: (to) => !within(to, "worker/api") || to === "worker/api/error.ts",
  },
  {
    of: /^worker\/(lib|security)\//,
    says: "lib and security hold no domain: they import themselves, each other and packages",
    may: (to) => isPackage(to) || within(to, "worker/lib", "worker/security", "worker/core"),
  },
  {
    of: /^worker\/(?!launcher\/|.*(generate|drizzle\.config))/,
    says: "what runs in workerd does not import the launcher, tests, or Node beyond nodejs_compat's buffer",
    may: (to) => !within(to, "worker/launcher", "test") && (!to.startsWith("node:") || to === "node:buffer"),
  },
];

test.each(layers.map((layer) => [layer.says, layer] as const))("%s", (_says, layer) => {
  const crossing = imports.filter(({ from, to }) => layer.of.test(from) && !layer.may(to, from));
  expect(crossing.map(({ from, to }: Import) => `${from} imports ${to}`)).toEqual([]);
});

test("every import is seen: static, of types, over several lines, bare, dynamic, re-exported", () => {
  const text = `import { a } from "./a.ts";\nimport type {\n  B,\n  C,\n} from "../b.ts";\nimport "c";\nexport { d } from "d/e";\nconst f = await import("node:f");\n`;
  expect(importsIn("worker/x/y.ts", text).map(({ to }) => to)).toEqual(["worker/x/a.ts", "worker/b.ts", "c", "d/e", "node:f"]);
});

test("core, objects, ingest and api name no plugin", () => {
  expect(pluginIds.length).toBeGreaterThan(3);
  const literal = new RegExp(`["'\`](${pluginIds.map((id) => id.replaceAll("-", "\\-")).join("|")})["'\`]`);
  const named = code
    .filter((file) => /^worker\/(core|objects|ingest|api)\//.test(file))
    .flatMap((file) =>
      textOf(file)
        .split("\n")
        .flatMap((line, i) =>
          literal.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [],
        ),
    );
  expect(named).toEqual([]);
});
