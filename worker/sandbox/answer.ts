// Owns reading what a sandbox said: text of a stranger, bounded in length and depth, made into plain values and believed in
// nothing.

import { limits } from "../core/limits.ts";
import type { SandboxFailure, SandboxResult } from "./call.ts";

const bound = limits.sandbox;
/** What stands in the isolate may be the plugin's own word. */
const inside: ReadonlySet<string> = new Set<SandboxFailure>(["threw", "too-large", "bad-return"]);
/** What the launcher says. */
const outside: ReadonlySet<string> = new Set<SandboxFailure>(["deadline", "memory", "too-large", "unavailable"]);
/** What stands around the alerts. */
const frameBytes = 1_024;
/** A character may be three bytes, and is never more. */
const bytesMax = bound.returnCharsMax * 3 + frameBytes;

/** `ended`: the launcher's own word, not what came out of the isolate. */
export async function readAnswer(answer: Response, ended: boolean): Promise<SandboxResult> {
  const text = await boundedText(answer.body);
  if (text === null) return failed("too-large", `the plugin returned more than ${bound.returnCharsMax} characters`);
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return failed("bad-return", "what the plugin returned is no JSON");
  }
  if (typeof told !== "object" || told === null) return failed("bad-return", "the plugin returned no list of alerts");
  const { ok, alerts, kind, reason } = told as Record<string, unknown>;
  if (!ended && ok === true && Array.isArray(alerts))
    return isDeep(alerts)
      ? failed("bad-return", `what the plugin returned is nested deeper than ${bound.returnDepthMax} levels`)
      : { ok: true, alerts };
  if (ok === false && typeof kind === "string" && (ended ? outside : inside).has(kind) && typeof reason === "string")
    return failed(kind as SandboxFailure, reason.toWellFormed().slice(0, 400));
  return failed("bad-return", "the plugin returned no list of alerts");
}

function failed(kind: SandboxFailure, reason: string): SandboxResult {
  return { ok: false, kind, reason };
}

/** Walks without recursion: the depth is what a stranger chose. */
function isDeep(value: unknown): boolean {
  const stack = [{ value, depth: 1 }];
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (typeof item.value !== "object" || item.value === null) continue;
    if (item.depth > bound.returnDepthMax) return true;
    for (const each of Object.values(item.value)) stack.push({ value: each, depth: item.depth + 1 });
  }
  return false;
}

async function boundedText(stream: ReadableStream<Uint8Array> | null): Promise<string | null> {
  if (stream === null) return "";
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > bytesMax) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
  return parts.join("") + decoder.decode();
}
