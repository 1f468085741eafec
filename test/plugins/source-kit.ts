// Owns what the tests of sources share: a plugin's folder as data, signatures made without the product's code, a seeded fuzzer.

import { createHash, createHmac } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sources } from "../../plugins/registry.gen.ts";
import type { InboundRequest, SourcePlugin } from "../../plugins/sdk/index.ts";

export const folder = join(import.meta.dirname, "../../plugins/sources");

/** `body` is sent as it is when it is a text, else as JSON. */
export interface Fixture {
  readonly about: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** fixtures/kit.json: how this sender proves itself, and which fixtures are one problem that fires and ends. */
export interface SourceKit {
  readonly verify: Proof;
  readonly pairs: readonly (readonly [firing: string, resolved: string])[];
}

export type Proof =
  | {
      readonly kind: "shared";
      readonly secret: string;
      readonly header?: string;
      readonly query?: string;
      readonly config?: object;
    }
  | {
      readonly kind: "hmac";
      readonly secret: string;
      readonly header: string;
      readonly encoding: "hex" | "base64";
      readonly prefix?: string;
      /** What is signed, with {body}, {timestamp} and {id} in it. */
      readonly signed: string;
      /** The key is the secret's text, or base64 after `whsec_`. */
      readonly key?: "text" | "whsec";
      readonly timestamp?: { readonly header: string; readonly format: "iso" | "s" };
      readonly headers?: Readonly<Record<string, string>>;
      /** The signature's header also holds the time: `t={timestamp},v1={signature}`. */
      readonly template?: string;
      /** The config demands a signature: without a secret nothing is taken. */
      readonly demandsSecret?: boolean;
      readonly config?: object;
    }
  /** The secret is a field of the body. */
  | { readonly kind: "field"; readonly secret: string; readonly field: string; readonly config?: object }
  /** A certificate of the sender's: the plugin has a test of its own. */
  | { readonly kind: "own-test"; readonly test: string };

export interface Source {
  readonly id: string;
  readonly plugin: SourcePlugin;
  readonly kit: SourceKit;
  readonly fixtures: readonly { readonly name: string; readonly fixture: Fixture }[];
}

export function allSources(): Source[] {
  return readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, "manifest.json")))
    .toSorted()
    .map((id) => {
      const plugin = sources[id];
      if (plugin === undefined) throw new Error(`plugins/sources/${id} is not in the registry: npm run gen`);
      const names = readdirSync(join(folder, id, "fixtures")).filter((name) => name.endsWith(".json") && name !== "kit.json");
      return {
        id,
        plugin,
        kit: readJson(join(folder, id, "fixtures/kit.json")) as SourceKit,
        fixtures: names.toSorted().map((name) => ({
          name: name.replace(/\.json$/, ""),
          fixture: readJson(join(folder, id, "fixtures", name)) as Fixture,
        })),
      };
    });
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8")) as unknown;
}

export function bytesOf(body: unknown): Uint8Array {
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

export function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** When the requests of the tests are sent. */
export const sentAt = Date.UTC(2026, 10, 23, 3, 12, 0);

/** The request as the sender makes it at `at`, signed with `secret`. Made with node:crypto, not with the product's code. */
export function signed(proof: Proof, fixture: Fixture, secret: string, at = sentAt): InboundRequest {
  const headers = lowerCase(fixture.headers);
  const request = (
    more: Record<string, string>,
    body = bytesOf(fixture.body),
    query: Record<string, string> = {},
  ): InboundRequest => ({
    method: "POST",
    path: "/v1/ingest/key",
    query,
    headers: { ...headers, ...more },
    body,
  });
  switch (proof.kind) {
    case "shared":
      return proof.query === undefined
        ? request({ [(proof.header ?? "x-tocsin-secret").toLowerCase()]: secret })
        : request({}, bytesOf(fixture.body), { [proof.query]: secret });
    case "field":
      return request({}, withField(fixture.body, proof.field, secret));
    case "hmac": {
      const timestamp = proof.timestamp?.format === "iso" ? new Date(at).toISOString() : String(Math.floor(at / 1_000));
      const more = lowerCase(proof.headers);
      const key = proof.key === "whsec" ? Buffer.from(secret.replace("whsec_", ""), "base64") : secret;
      const [before = "", after = ""] = proof.signed.split("{body}");
      const fill = (text: string): string =>
        text.replaceAll("{timestamp}", timestamp).replaceAll("{id}", more["webhook-id"] ?? "");
      const mac = createHmac("sha256", key)
        .update(fill(before))
        .update(bytesOf(fixture.body))
        .update(fill(after))
        .digest(proof.encoding);
      const value = (proof.template ?? `${proof.prefix ?? ""}{signature}`)
        .replace("{timestamp}", timestamp)
        .replace("{signature}", mac);
      const time =
        proof.timestamp === undefined || proof.template !== undefined
          ? {}
          : { [proof.timestamp.header.toLowerCase()]: timestamp };
      return request({ ...more, ...time, [proof.header.toLowerCase()]: value });
    }
    case "own-test":
      throw new Error(`${proof.test} makes these`);
  }
}

/** The body with the field set, or left out. */
export function withField(body: unknown, field: string, secret: string | null): Uint8Array {
  if (typeof body !== "string") {
    const { [field]: _, ...rest } = body as Record<string, unknown>;
    return bytesOf(secret === null ? rest : { ...rest, [field]: secret });
  }
  const form = new URLSearchParams(body);
  if (secret === null) form.delete(field);
  else form.set(field, secret);
  return bytesOf(form.toString());
}

/** Small and repeatable: xorshift over a digest of the seed. */
export function chance(seed: string): () => number {
  let state = createHash("sha256").update(seed).digest().readUInt32LE(0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

const mebibyte = "x".repeat(1_048_576);
const odd: readonly (() => unknown)[] = [
  () => null,
  () => 0,
  () => -1.5e300,
  () => true,
  () => "",
  () => "null",
  () => "{{x}}",
  () => [],
  () => {
    // An own property of that name, as JSON.parse makes it.
    return JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown;
  },
  () => nested(200),
  () => mebibyte,
  () => " ".repeat(300_000),
  () => "<".repeat(300_000),
  () => "\ud800lone\udfff",
  () => "\u0000\u202e\r\n",
  () => [[["a", "b"], { key: {} }, null, 1]],
  () => "9".repeat(400),
  () => "2026-13-45T99:99:99Z",
  () => ({ toString: null, hasOwnProperty: 1, valueOf: [] }),
];

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { d: value } : [value];
  return value;
}

/** One value of the payload changed, left out, or replaced by something odd. A text is cut, doubled, or mixed up. */
export function mutated(payload: unknown, random: () => number): unknown {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (typeof payload === "string") return mutatedText(payload, random, pick);
  const copy = structuredClone(payload);
  const places: { parent: Record<string, unknown>; key: string }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ parent: value as Record<string, unknown>, key });
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  if (places.length === 0 || random() < 0.05) return pick(odd)();
  for (let i = 0; i <= random() * 3; i++) {
    const { parent, key } = pick(places);
    if (random() < 0.25 && !Array.isArray(parent)) delete parent[key];
    else if (random() < 0.2 && typeof parent[key] === "string") parent[key] = parent[key].slice(0, Math.floor(random() * 8));
    else parent[key] = pick(odd)();
  }
  return copy;
}

function mutatedText(text: string, random: () => number, pick: <T>(list: readonly T[]) => T): string {
  const cutAt = Math.floor(random() * text.length);
  return pick([
    () => text.slice(0, cutAt),
    () => text.slice(cutAt),
    () => text + text,
    () => text.slice(0, cutAt) + mebibyte + text.slice(cutAt),
    () => text.slice(0, cutAt) + "\ud800\u0000" + text.slice(cutAt),
    () => text.slice(0, cutAt) + "<".repeat(100_000),
    () => text.split("").toReversed().join(""),
    () => "<a>".repeat(50_000),
    () => " ".repeat(300_000),
    () => "",
  ])();
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}
