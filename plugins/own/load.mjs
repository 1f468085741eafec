// Owns reading a plugin of a tenant's own from its author's files: the module, what runs of it, and the fixtures beside it. Paths are
// taken from where `npm run` was called.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { limits } from "../../worker/core/limits.ts";
import { compileOwn } from "../../worker/own-plugins/compile.ts";

/** What an author does not get right is said in a line, without a trace. */
export class AuthorError extends Error {}

export function fromHere(file) {
  return path.resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** It is a file or a folder, and not the id of a source here. */
export function isOwnPath(name) {
  return /[/\\]|\.[cm]?[jt]s$/.test(name);
}

/** @returns {Promise<{ id: string, file: string, folder: string, source: string, language: "typescript" | "javascript", module: { hash: string, code: string } }>} */
export async function loadOwn(name) {
  const file = fileOf(fromHere(name));
  const source = readFileSync(file, "utf8");
  const language = /\.[cm]?js$/.test(file) ? "javascript" : "typescript";
  const compiled = await compileOwn(source, language);
  if (!compiled.ok) throw new AuthorError(framed(file, source, compiled.error));
  if (compiled.code.length > limits.sandbox.codeCharsMax)
    throw new AuthorError(`${file}: ${compiled.code.length} characters run of it, at most ${limits.sandbox.codeCharsMax} may`);
  const { code, hash } = compiled;
  return {
    id: path.basename(file).replace(/\.[^.]+$/, ""),
    file,
    folder: path.dirname(file),
    source,
    language,
    module: { hash, code },
  };
}

function fileOf(given) {
  if (!existsSync(given)) throw new AuthorError(`there is no file ${given}`);
  if (!statSync(given).isDirectory()) return given;
  const found = readdirSync(given).filter((each) => /(?<!\.d)\.[cm]?[jt]s$/.test(each));
  if (found.length !== 1) throw new AuthorError(`${given} holds ${found.length} modules: name the one that is the plugin`);
  return path.join(given, found[0]);
}

/** The words, and the line they are about. @param {string} file @param {string} source @param {{ message: string, line: number | null, column?: number | null }} error */
export function framed(file, source, { message, line, column }) {
  if (line === null) return `${file}: ${message}`;
  const text = source.split("\n")[line - 1] ?? "";
  const [at, mark] = column == null ? ["", ""] : [`:${column}`, `\n      | ${" ".repeat(Math.max(0, column - 1))}^`];
  return `${file}:${line}${at}: ${message}\n${String(line).padStart(5)} | ${text}${mark}`;
}

/** From the files named, else `fixtures.json` beside the plugin. Each holds what an upload takes, a list of fixtures, or one. */
export function loadFixtures(folder, names) {
  const files = names.length > 0 ? names.map(fromHere) : [path.join(folder, "fixtures.json")];
  const all = { fixtures: [], pairs: [] };
  for (const file of files) {
    const read = readJson(file);
    const one = !Array.isArray(read) && read.fixtures === undefined;
    const list = Array.isArray(read) ? read : one ? [{ name: path.basename(file, ".json"), ...read }] : read.fixtures;
    all.fixtures.push(...list);
    all.pairs.push(...(read.pairs ?? []));
  }
  return all;
}

function readJson(file) {
  try {
    const read = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read === "object" && read !== null) return read;
  } catch (error) {
    if (error.code === "ENOENT") throw new AuthorError(`there are no fixtures: make ${file}, or name your files`);
    throw new AuthorError(`${file}: ${error.message}`);
  }
  throw new AuthorError(`${file}: fixtures are an object or a list`);
}
