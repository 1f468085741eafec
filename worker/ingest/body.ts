// Owns reading a body: bounded in bytes and time, inflated only as declared, parsed with bounds on depth and keys.
// Whatever cannot be read comes back as a reason, never as an exception: the alert behind it must not be lost.

import type { BodyKind } from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";
import { boundaryOf, multipartFields } from "./multipart.ts";
import { parseXml } from "./xml.ts";

const bound = limits.ingest;

export type ReadBody =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly bytes: Uint8Array; readonly reason: string };

/** The raw bytes (inflated when Content-Encoding says gzip or deflate), or what is wrong and the first part of them. */
export async function readBody(request: Request, bytesMax: number = bound.bodyBytesMax): Promise<ReadBody> {
  const raw = await readBounded(request.body, bytesMax);
  if (!raw.whole) return { ok: false, bytes: raw.bytes, reason: `the body is longer than ${bytesMax} bytes` };
  const encoding = request.headers.get("content-encoding")?.toLowerCase() ?? "identity";
  if (encoding === "identity" || raw.bytes.length === 0) return { ok: true, bytes: raw.bytes };
  if (encoding !== "gzip" && encoding !== "deflate")
    return { ok: false, bytes: raw.bytes, reason: `Content-Encoding ${encoding} is not understood, use gzip` };
  try {
    const stream = new Blob([new Uint8Array(raw.bytes)]).stream().pipeThrough(new DecompressionStream(encoding));
    const inflated = await readBounded(stream, bound.inflatedBytesMax);
    return inflated.whole
      ? { ok: true, bytes: inflated.bytes }
      : { ok: false, bytes: inflated.bytes, reason: `the body inflates to more than ${bound.inflatedBytesMax} bytes` };
  } catch {
    return { ok: false, bytes: raw.bytes, reason: `the body is declared as ${encoding} and is not` };
  }
}

async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  if (stream === null) return { bytes: new Uint8Array(0), whole: true };
  const reader = stream.getReader();
  const until = Date.now() + bound.bodyReadMs;
  const chunks: Uint8Array[] = [];
  let size = 0;
  let whole = true;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.byteLength;
    if (size > bytesMax || Date.now() > until) {
      whole = false;
      await reader.cancel().catch(() => undefined);
      break;
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return { bytes: bytes.subarray(0, bytesMax), whole };
}

export type Parsed = { readonly ok: true; readonly payload: unknown } | { readonly ok: false; readonly reason: string };

/**
 * By the plugin's manifest: JSON (BOM tolerated), a form (a lone `payload` field is JSON inside), XML, or the text itself. The
 * content type says how a form is written, and, of "any" body, what it is.
 */
export function parseBody(bytes: Uint8Array, as: BodyKind, contentType = ""): Parsed {
  const text = new TextDecoder().decode(bytes);
  switch (as) {
    case "text":
      return { ok: true, payload: text };
    case "json":
      return parseJson(text);
    case "form":
      return parseForm(text, contentType);
    case "json-or-form":
      return saysJson.test(contentType) || /^\s*[{[]/.test(text) ? parseJson(text) : parseForm(text, contentType);
    case "xml":
      return bounded(parseXml(text));
    case "any":
      return parseBody(bytes, kindOf(text, contentType), contentType);
    case "json-or-text": {
      const parsed = parseJson(text);
      return parsed.ok || /^\s*[{[]/.test(text) ? parsed : { ok: true, payload: text };
    }
  }
}

const saysJson = /^application\/([\w.+-]+\+)?json/i;

/** What it says it is, where that can be; else what it looks like. */
function kindOf(text: string, contentType: string): Exclude<BodyKind, "any"> {
  if (/^\s*[{[]/.test(text)) return "json";
  if (/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(contentType)) return "form";
  return /^\ufeff?\s*<(\?xml|[A-Za-z_])/.test(text) ? "xml" : "json-or-text";
}

function parseForm(text: string, contentType: string): Parsed {
  const boundary = boundaryOf(contentType);
  const fields = boundary === null ? new URLSearchParams(text) : multipartFields(text, boundary);
  if (fields === null) return { ok: false, reason: "not the multipart form that its content type says it is" };
  const form = Object.fromEntries(fields);
  const names = Object.keys(form);
  if (names.length > bound.jsonKeysMax) return { ok: false, reason: `more than ${bound.jsonKeysMax} fields` };
  return names.length === 1 && form["payload"] !== undefined ? parseJson(form["payload"]) : { ok: true, payload: freeze(form) };
}

function parseJson(text: string): Parsed {
  let payload: unknown;
  try {
    payload = /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: `not JSON: ${error instanceof Error ? error.message.slice(0, 120) : "unreadable"}` };
  }
  return bounded({ ok: true, payload });
}

function bounded(parsed: Parsed): Parsed {
  if (!parsed.ok) return parsed;
  const reason = tooLarge(parsed.payload);
  return reason === null ? { ok: true, payload: freeze(parsed.payload) } : { ok: false, reason };
}

/**
 * Ids of some senders are numbers beyond 2^53 (Site24x7, Opsgenie's times): as numbers two of them may become one, so they stay
 * the text they were.
 */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && /^-?\d+$/.test(source) && !Number.isSafeInteger(value)
    ? source
    : value;
}

/** Walks without recursion: the depth is what the sender chose. */
function tooLarge(payload: unknown): string | null {
  const stack: { value: unknown; depth: number }[] = [{ value: payload, depth: 1 }];
  let keys = 0;
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (typeof item.value !== "object" || item.value === null) continue;
    if (item.depth > bound.jsonDepthMax) return `nested deeper than ${bound.jsonDepthMax} levels`;
    for (const value of Object.values(item.value)) {
      if (++keys > bound.jsonKeysMax) return `more than ${bound.jsonKeysMax} values`;
      stack.push({ value, depth: item.depth + 1 });
    }
  }
  return null;
}

function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(freeze);
  return value;
}
