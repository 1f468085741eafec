// Owns making what runs of what a tenant wrote: types taken out, syntax and imports looked at, errors with their line. The code is
// one module that imports nothing but the SDK.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export type Language = "typescript" | "javascript";

export interface CodeError {
  readonly message: string;
  /** From 1. */
  readonly line: number | null;
  readonly column: number | null;
}

export type Compiled =
  | { readonly ok: true; readonly code: string; readonly hash: string }
  | { readonly ok: false; readonly error: CodeError };

const sdk = "tocsin/sdk";
/** At the beginning of a line, where imports and re-exports stand; types are gone by then. */
const imported = /^[ \t]*(?:import\b(?!\s*[.(])|export\b(?=[\s*{]))[^'"`;=]*?['"]([^'"\n]+)['"]/gm;

/** Its own chunk: whoever never uploads a plugin never loads it. */
export async function compileOwn(source: string, language: Language): Promise<Compiled> {
  const { transform } = await import("sucrase");
  let code: string;
  try {
    code = transform(source, {
      transforms: language === "typescript" ? ["typescript"] : [],
      disableESTransforms: true,
      keepUnusedImports: false,
    }).code;
  } catch (error) {
    return { ok: false, error: syntaxError(error) };
  }
  for (const found of code.matchAll(imported)) {
    if (found[1] === sdk) continue;
    const line = code.slice(0, found.index + found[0].length).split("\n").length;
    const message = `there is no module "${found[1] ?? ""}" here: a plugin is one file, and imports "${sdk}" alone`;
    return { ok: false, error: { message, line, column: null } };
  }
  return { ok: true, code, hash: hashOf(code) };
}

export function hashOf(code: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(code)));
}

/** The parser's own words end with the place; it also stands beside them. */
function syntaxError(error: unknown): CodeError {
  const { message = "it cannot be read", loc } = error as { message?: string; loc?: { line?: number; column?: number } };
  const bare = message.replace(/^Error transforming [^:]*:\s*/, "").replace(/\s*\(\d+:\d+\)$/, "");
  return { message: bare.slice(0, 300), line: loc?.line ?? null, column: loc?.column ?? null };
}
