// Owns what the tests of sources share: a plugin's folder as data, signatures made without the product's code.

import { createHmac } from "node:crypto";
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

export { chance, deepFreeze, garbage, mutated } from "../../plugins/kit/mangle.ts";
