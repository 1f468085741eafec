// Owns what every file here owes its reader: a first line, a size, links that lead somewhere, names that are there.

import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { code, files, root, textOf } from "./repository.ts";

/** A file is read in one sitting; a suite of tests by its names. */
const linesMax = (file: string): number => (file.startsWith("test/") ? 600 : 400);
const pictureBytesMax = 120 * 1_024;
/** Longer files, each with the reason why it is not two. */
const longer: Readonly<Record<string, string>> = {
  "worker/core/escalation.ts": "one ladder: every move of it reads and writes the same state in one turn",
  "worker/objects/incident.ts": "one object: whatever reads its state and commits it must not be parted by an await",
};

test("every file of worker/ and plugins/ begins with a comment that says what it owns", () => {
  const silent = files
    .filter((file) => /^(worker|plugins)\/.*\.(ts|tsx|mjs|sh|yaml)$/.test(file) && !/\.gen\.ts$|\/(fixtures|golden)\//.test(file))
    .filter((file) => !/^(#!.*\n)?(\/\/|#|\/\*\*?(\n \*)?) \S.{10,}/.test(textOf(file)));
  expect(silent).toEqual([]);
});

test("no file of code is too long, but for those that say why", () => {
  const long = code
    .filter((file) => !file.endsWith(".gen.ts"))
    .map((file) => ({ file, lines: textOf(file).split("\n").length - 1 }))
    .filter(({ file, lines }) => lines > linesMax(file));
  expect(long.filter(({ file }) => !(file in longer))).toEqual([]);
  // An exception that is none any more goes.
  expect(Object.keys(longer).filter((file) => !long.some((each) => each.file === file))).toEqual([]);
});

test("names are kebab-case", () => {
  const odd = code.filter((file) => !/^[a-z0-9.]+(-[a-z0-9.]+)*\.(ts|tsx|mjs)$/.test(path.basename(file)));
  expect(odd).toEqual([]);
});

test("links in READMEs and decisions lead to files that are here", () => {
  const pages = files.filter((file) => file.endsWith(".md"));
  expect(pages.length).toBeGreaterThan(5);
  const dead = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:|mailto:|#)([^)\s]+)\)/g)]
      .map(([, link = ""]) => link.replace(/#.*$/, ""))
      .filter((link) => !existsSync(path.join(root, path.dirname(page), decodeURI(link))))
      .map((link) => `${page}: ${link}`),
  );
  expect(dead).toEqual([]);
});

test("the README's pictures are there, small, and all of them shown (`npm run shots -- --readme` makes them)", () => {
  const shown = [...textOf("README.md").matchAll(/<img src="([^"]+)"[^>]* alt="([^"]{20,})"/g)];
  const kept = files.filter((file) => file.startsWith("admin-ui/pictures/"));
  expect(shown.length).toBeGreaterThanOrEqual(2);
  expect(shown.map(([, picture = ""]) => picture).toSorted()).toEqual(kept.toSorted());
  const big = kept.filter((file) => statSync(path.join(root, file)).size > pictureBytesMax);
  expect(big).toEqual([]);
});

test("decisions are numbered once each, without a gap", () => {
  const names = files.filter((file) => file.startsWith("worker/decisions/")).map((file) => path.basename(file));
  expect(names.filter((name) => !/^\d{4}-[a-z0-9-]+\.md$/.test(name))).toEqual([]);
  const numbers = names.map((name) => Number(name.slice(0, 4))).toSorted((a, b) => a - b);
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
});

test("D1 migrations are numbered once each, without a gap, and the journal names them all", () => {
  const names = files.filter((file) => /^migrations\/[^/]+\.sql$/.test(file)).map((file) => path.basename(file, ".sql"));
  const journal = JSON.parse(textOf("migrations/meta/_journal.json")) as { entries: { idx: number; tag: string }[] };
  expect(journal.entries.map(({ tag }) => tag)).toEqual(names);
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, i) => i));
});

test("nothing is left for later: no TODO, no skipped or focused test", () => {
  const later = code
    .filter((file) => !file.startsWith("test/tidy/"))
    .flatMap((file) =>
      textOf(file)
        .split("\n")
        .flatMap((line, i) =>
          /\b(TODO|FIXME|XXX)\b|\b(test|it|describe)\.(skip|only|todo)\(/.test(line) ? [`${file}:${i + 1} ${line.trim()}`] : [],
        ),
    );
  expect(later).toEqual([]);
});
