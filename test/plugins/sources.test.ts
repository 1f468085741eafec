// The contract kit: what every source of the registry must do, whoever wrote it. A plugin joins by its folder alone:
// manifest.json, README.md, fixtures/*.json, fixtures/kit.json, golden/*.json.
// Golden files are written anew by TOCSIN_WRITE_GOLDEN=1; look at the difference before committing it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Alert } from "../../plugins/sdk/index.ts";
import { sources } from "../../plugins/registry.gen.ts";
import { UnreadableError, type SourcePlugin } from "../../plugins/sdk/index.ts";
import { parseBody } from "../../worker/ingest/body.ts";
import { alertProblem, fires, garbageProblem, pairProblem, type Reading } from "../../plugins/kit/checks.ts";
import { proven } from "../../worker/ingest/proof.ts";
import { readAlerts } from "../../worker/ingest/read.ts";
import {
  allSources,
  bytesOf,
  chance,
  deepFreeze,
  folder,
  garbage,
  lowerCase,
  mutated,
  readJson,
  sentAt,
  signed,
  withField,
  type Fixture,
  type Source,
} from "./source-kit.ts";

const all = allSources();
/** Without those that a tenant's own code reads for: that is checked on upload, and theirs is here only the proof of the sender. */
const reading = all.filter(({ plugin }) => plugin.manifest.ownCode !== true);
const each = reading.flatMap(({ id, plugin, fixtures }) => fixtures.map(({ name, fixture }) => ({ id, plugin, name, fixture })));
const runsOf = { fuzz: 120 };

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function read(plugin: SourcePlugin, fixture: Fixture) {
  return readAlerts(plugin, { body: bytesOf(fixture.body), headers: lowerCase(fixture.headers), config: fixture.config ?? {} });
}

function parsedBody(plugin: SourcePlugin, { body, headers, config }: Fixture) {
  const as = plugin.readsAs?.(plugin.config.parse(config ?? {})) ?? plugin.manifest.body;
  return parseBody(bytesOf(body), as, lowerCase(headers)["content-type"]);
}

function alertsOf(source: Source, name: string): readonly Alert[] {
  const found = source.fixtures.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${source.id}/fixtures/kit.json names ${name}, which is no fixture`);
  const result = read(source.plugin, found.fixture);
  if (!result.ok) throw new Error(`${source.id}/${name}: ${result.reason}`);
  return result.alerts;
}

describe("every source", () => {
  it("of the registry has a folder, under its own id or as an alias", () => {
    const claimed = all.flatMap(({ plugin }) => [plugin.manifest.id, ...(plugin.manifest.aliases ?? [])]);
    expect(Object.keys(sources).toSorted()).toEqual(claimed.toSorted());
  });

  it.each(all)(
    "$id: its manifest is whole, its README there, and its fixtures show it firing",
    ({ id, plugin, fixtures, kit }) => {
      const { manifest } = plugin;
      expect(manifest).toMatchObject({ kind: "source", id });
      for (const text of [manifest.name, manifest.description, manifest.docs]) expect(text.length).toBeGreaterThan(0);
      expect(manifest.auth).toContain("key");
      expect(readFileSync(join(folder, id, "README.md"), "utf8").length).toBeGreaterThan(200);
      expect(fixtures.length).toBeGreaterThanOrEqual(manifest.ownCode === true ? 1 : 3);
      expect(plugin.config.safeParse({}).success).toBe(manifest.ownCode !== true);
      expect(plugin.config.safeParse({ noSuchKey: 1 }).success).toBe(false);
      expect(kit.verify.kind).toMatch(/^(shared|hmac|field|own-test)$/);
    },
  );

  it.each(each)("$id/$name: becomes exactly what its golden file says", ({ id, plugin, name, fixture }) => {
    const result = read(plugin, fixture);
    const golden = result.ok ? result.alerts : { unreadable: result.reason };
    const file = join(folder, id, "golden", `${name}.json`);
    const text = `${JSON.stringify(golden, null, 2)}\n`;
    if (process.env["TOCSIN_WRITE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(golden).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  it.each(each)("$id/$name: tells of the changes that its golden file says, or of none", ({ id, plugin, name, fixture }) => {
    const result = read(plugin, fixture);
    const changes = (result.ok ? result.changes : undefined) ?? [];
    const file = join(folder, id, "golden", `${name}.changes.json`);
    if (process.env["TOCSIN_WRITE_GOLDEN"] === "1" && changes.length > 0)
      writeFileSync(file, `${JSON.stringify(changes, null, 2)}\n`);
    expect(changes).toEqual(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : []);
    expect(changes.every(({ summary }) => !/[\r\n\0]/.test(summary))).toBe(true);
  });

  it.each(reading)("$id: a problem has one dedup key from trigger to resolve", (source) => {
    for (const [firing, resolved] of source.kit.pairs) {
      expect(pairProblem(alertsOf(source, firing), alertsOf(source, resolved)), `${firing} → ${resolved}`).toBeNull();
    }
    const readings = source.fixtures.map(({ fixture }): Reading => {
      const result = read(source.plugin, fixture);
      return result.ok ? { kind: "alerts", alerts: result.alerts } : { kind: "unreadable", reason: result.reason };
    });
    expect(fires(readings)).toBe(true);
  });

  it.each(each)(
    "$id/$name: is read the same twice, in any zone, without clock or chance, and nothing of it is changed",
    (one) => {
      const { plugin, fixture } = one;
      const parsed = parsedBody(plugin, fixture);
      if (!parsed.ok) return expect(read(plugin, fixture)).toEqual(parsed);
      const input = deepFreeze({
        payload: parsed.payload,
        headers: lowerCase(fixture.headers),
        config: plugin.config.parse(fixture.config ?? {}),
      });
      const before = JSON.stringify(input);
      const forbidden = (what: string) => () => {
        throw new Error(`${what} in normalize`);
      };
      const outcome = () => {
        try {
          return JSON.stringify([plugin.normalize(input), plugin.changes?.(input) ?? []]);
        } catch (error) {
          if (error instanceof UnreadableError) return error.message;
          throw error;
        }
      };
      const first = outcome();
      vi.spyOn(Date, "now").mockImplementation(forbidden("Date.now"));
      vi.spyOn(Math, "random").mockImplementation(forbidden("Math.random"));
      vi.spyOn(crypto, "randomUUID").mockImplementation(forbidden("crypto.randomUUID"));
      vi.spyOn(crypto, "getRandomValues").mockImplementation(forbidden("crypto.getRandomValues"));
      vi.stubGlobal("fetch", forbidden("fetch"));
      vi.stubEnv("TZ", "Pacific/Chatham");
      const second = outcome();
      vi.unstubAllEnvs();
      expect(second).toBe(first);
      expect(JSON.stringify(input)).toBe(before);
    },
  );

  it.each(reading)("$id: garbage is unreadable or ignored with a reason, never another exception", ({ plugin }) => {
    const config = plugin.config.parse({});
    for (const payload of garbage) {
      try {
        const alerts = plugin.normalize({ payload: deepFreeze(structuredClone(payload)), headers: {}, config });
        expect(garbageProblem(alerts), JSON.stringify(payload)).toBeNull();
      } catch (error) {
        expect(error, `${JSON.stringify(payload)}: ${String(error)}`).toBeInstanceOf(UnreadableError);
        expect((error as Error).message.length).toBeGreaterThan(10);
      }
    }
  });

  it.each(reading)(
    `$id: ${runsOf.fuzz} mangled bodies of each fixture give alerts within limits or an UnreadableError, in time`,
    ({ id, plugin, fixtures }) => {
      for (const { name, fixture } of fixtures) {
        const parsed = parsedBody(plugin, fixture);
        if (!parsed.ok) continue;
        const config = plugin.config.parse(fixture.config ?? {});
        const random = chance(`${id}/${name}`);
        for (let run = 0; run < runsOf.fuzz; run++) {
          const payload = deepFreeze(mutated(parsed.payload, random));
          const began = performance.now();
          try {
            const alerts = plugin.normalize({ payload, headers: lowerCase(fixture.headers), config });
            for (const alert of alerts) expect(alertProblem(alert), `${id}/${name} run ${run}`).toBeNull();
          } catch (error) {
            if (!(error instanceof UnreadableError))
              throw new Error(`${id}/${name}, run ${run}: ${String(error)}`, { cause: error });
          }
          expect(performance.now() - began, `${id}/${name} run ${run} took too long`).toBeLessThan(2_000);
        }
      }
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );
});

describe("the proof of the sender", () => {
  const withProof = all.filter(({ kit }) => kit.verify.kind !== "own-test");

  async function verdict(source: Source, request: Parameters<SourcePlugin["verify"]>[0], secret: string | null, now = sentAt) {
    const { kit, plugin, fixtures } = source;
    const config = plugin.config.parse({
      ...fixtures[0]?.fixture.config,
      ...(kit.verify.kind === "own-test" ? {} : kit.verify.config),
    });
    const keys = { get: () => Promise.reject(new Error("no keys here")) };
    return (await plugin.verify(request, { secret, config, now, keys })).ok;
  }

  it.each(withProof)(
    "$id: takes what its sender makes and refuses what is wrong, missing, cut short or of another body",
    async (source) => {
      const proof = source.kit.verify;
      if (proof.kind === "own-test") throw new Error("filtered above");
      for (const { name, fixture } of source.fixtures) {
        if (proof.kind === "field" && !parsedBody(source.plugin, fixture).ok) continue;
        const right = signed(proof, fixture, proof.secret);
        expect(await verdict(source, right, proof.secret), `${name}, right`).toBe(true);
        expect(
          await verdict(source, signed(proof, fixture, "another secret, of any length"), proof.secret),
          `${name}, wrong`,
        ).toBe(false);
        const bare = {
          ...right,
          headers: lowerCase(fixture.headers),
          query: {},
          body: proof.kind === "field" ? withField(fixture.body, proof.field, null) : bytesOf(fixture.body),
        };
        expect(await verdict(source, bare, proof.secret), `${name}, missing`).toBe(false);
        if (proof.kind === "field") continue;
        const [place, at] =
          proof.kind === "shared" && proof.query !== undefined
            ? (["query", proof.query] as const)
            : (["headers", (proof.header ?? "x-tocsin-secret").toLowerCase()] as const);
        const value = right[place][at] ?? "";
        for (const other of [value.slice(0, -4), value.slice(0, 8), "", `${value}00`]) {
          expect(
            await verdict(source, { ...right, [place]: { ...right[place], [at]: other } }, proof.secret),
            `${name}, "${other}"`,
          ).toBe(false);
        }
        if (proof.kind !== "hmac") continue;
        const tampered = { ...right, body: bytesOf(`${new TextDecoder().decode(right.body)} `) };
        expect(await verdict(source, tampered, proof.secret), `${name}, tampered`).toBe(false);
        expect(await verdict(source, { ...right, body: new Uint8Array(0) }, proof.secret), `${name}, emptied`).toBe(false);
        if (proof.timestamp === undefined) continue;
        for (const minutes of [-6, 6, 24 * 60]) {
          expect(await verdict(source, right, proof.secret, sentAt + minutes * 60_000), `${name}, ${minutes} min`).toBe(false);
        }
        expect(await verdict(source, right, proof.secret, sentAt + 4 * 60_000), `${name}, 4 min`).toBe(true);
        if (proof.template !== undefined) continue;
        const { [proof.timestamp.header.toLowerCase()]: _, ...undated } = right.headers;
        expect(await verdict(source, { ...right, headers: undated }, proof.secret), `${name}, undated`).toBe(false);
      }
    },
  );

  it.each(withProof.filter(({ kit }) => kit.verify.kind === "shared"))(
    "$id: takes the secret as bearer and as basic auth's password",
    async (source) => {
      const proof = source.kit.verify;
      const fixture = source.fixtures[0]?.fixture;
      if (proof.kind !== "shared" || fixture === undefined) throw new Error("filtered above");
      const by = (authorization: string) =>
        verdict(source, { ...signed(proof, fixture, ""), headers: { authorization }, query: {} }, proof.secret);
      const basic = (pair: string) => `Basic ${Buffer.from(pair).toString("base64")}`;
      expect(await by(`Bearer ${proof.secret}`)).toBe(true);
      expect(await by(`bearer ${proof.secret}`)).toBe(true);
      expect(await by(basic(`tocsin:${proof.secret}`))).toBe(true);
      for (const wrong of [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        basic("tocsin:x"),
        basic(""),
        "Basic %%%",
        proof.secret,
        `Digest ${proof.secret}`,
      ])
        expect(await by(wrong), wrong).toBe(false);
    },
  );

  it.each(withProof)(
    "$id: in a rotation what the new secret or the old one proves is taken, and nothing else",
    async (source) => {
      const { kit, plugin, fixtures } = source;
      const proof = kit.verify;
      const fixture = fixtures.map((each) => each.fixture).find((each) => proof.kind !== "field" || parsedBody(plugin, each).ok);
      if (proof.kind === "own-test" || fixture === undefined) throw new Error("filtered above");
      const [old, fresh] = [
        proof.secret,
        proof.kind === "hmac" && proof.key === "whsec" ? "whsec_AAECAwQFBgc=" : "the-new-secret",
      ];
      const integration = { config: { ...fixtures[0]?.fixture.config, ...proof.config } };
      vi.setSystemTime(sentAt);
      const taken = async (by: string, secrets: readonly string[]) =>
        (await proven({ plugin, integration }, signed(proof, fixture, by), secrets)).ok;
      try {
        expect([await taken(fresh, [fresh, old]), await taken(old, [fresh, old])]).toEqual([true, true]);
        expect([await taken("some-other-secret", [fresh, old]), await taken("", [fresh, old])]).toEqual([false, false]);
        expect([await taken(fresh, [fresh]), await taken(old, [fresh])]).toEqual([true, false]);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it.each(withProof)(
    "$id: without a secret the key in the address is the proof, unless the config demands a signature",
    async (source) => {
      const proof = source.kit.verify;
      const fixture = source.fixtures[0]?.fixture;
      if (proof.kind === "own-test" || fixture === undefined) throw new Error("filtered above");
      const demands = proof.kind === "hmac" && proof.demandsSecret === true;
      expect(await verdict(source, { ...signed(proof, fixture, proof.secret), headers: lowerCase(fixture.headers) }, null)).toBe(
        !demands,
      );
    },
  );
});

it("a configuration that no longer fits is a reason, not an exception, and neither is a plugin that returns nonsense", () => {
  const generic = sources["generic"];
  if (generic === undefined) throw new Error("no generic source");
  const body = bytesOf({ title: "x" });
  expect(readAlerts(generic, { body, headers: {}, config: { alerts: 7 } })).toMatchObject({
    ok: false,
    reason: expect.stringContaining("config"),
  });
  for (const nonsense of [
    null,
    7,
    [null],
    [{ dedupKey: "" }],
    [{ dedupKey: "a", action: "explode" }],
    [{ dedupKey: "a", action: "trigger" }],
  ]) {
    const plugin = { ...generic, normalize: () => nonsense as unknown as Alert[] };
    expect(readAlerts(plugin, { body, headers: {}, config: {} }).ok).toBe(false);
  }
});

it("every source can send itself its sender's own alert, and its end where its sender says one", () => {
  const examples = readJson(join(folder, "../examples.gen.json")) as Record<string, Record<string, Example | null>>;
  type Example = { readonly headers: Record<string, string>; readonly body: string };
  const read = (plugin: SourcePlugin, config: unknown, example: Example | null | undefined) =>
    example ? readAlerts(plugin, { body: bytesOf(example.body), headers: lowerCase(example.headers), config }) : null;
  for (const { id, plugin, fixtures, kit } of all) {
    if (plugin.manifest.ownCode === true) continue;
    // What the `custom` source reads is all in its configuration.
    const config = id === "custom" ? (fixtures.find(({ name }) => name === kit.pairs[0]?.[0])?.fixture.config ?? {}) : {};
    const [fires, ends] = [read(plugin, config, examples[id]?.["trigger"]), read(plugin, config, examples[id]?.["resolve"])];
    expect(fires?.ok === true && fires.alerts.some(({ action }) => action === "trigger"), id).toBe(true);
    if (kit.pairs.length > 0)
      expect(ends?.ok === true && ends.alerts.some(({ action }) => action === "resolve"), `${id}, its end`).toBe(true);
  }
});

it("every fixture has its golden file", () => {
  for (const { id, fixtures } of reading)
    for (const { name } of fixtures) expect(existsSync(join(folder, id, "golden", `${name}.json`)), `${id}/${name}`).toBe(true);
});
