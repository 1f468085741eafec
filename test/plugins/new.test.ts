// The author's tools, run as an author runs them: a new plugin in a copy of the tree passes the whole contract kit at once,
// and `receive` shows what a body becomes.

import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
let copy = "";

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], { env = {}, input }: { env?: Record<string, string>; input?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...args],
      { cwd: copy, timeout: 60_000, maxBuffer: 16_777_216, env: { ...process.env, INIT_CWD: copy, NO_COLOR: "1", ...env } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
    child.stdin?.end(input);
  });
}

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "tocsin-new-"));
  for (const part of ["plugins", "worker", "test/plugins", "package.json"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  writeFileSync(join(copy, "vitest.config.ts"), `export default { test: { include: ["test/plugins/*.test.ts"] } };\n`);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("npm run new", () => {
  it.each([
    ["source", "globex-watch", "sources"],
    ["notifier", "globex-talk", "notifiers"],
  ])(
    "makes a %s that passes the kit as it is",
    async (kind, id, kit) => {
      const made = await run(["plugins/new.mjs", kind, id]);
      expect(made, made.err).toMatchObject({ code: 0 });
      expect(made.out).toContain(`plugins/${kit}/${id} is made`);
      expect(readFileSync(join(copy, "plugins/registry.gen.ts"), "utf8")).toContain(`"${id}"`);
      const report = join(copy, `${kit}.json`);
      const file = `test/plugins/${kit}.test.ts`;
      const tested = await run([
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        file,
        "-t",
        id,
        "--reporter=json",
        `--outputFile=${report}`,
      ]);
      const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
      expect(numFailedTests, tested.out + tested.err).toBe(0);
      expect(numPassedTests).toBeGreaterThan(10);
      // It is there now: a second time must not write over what somebody made of it.
      expect(await run(["plugins/new.mjs", kind, id])).toMatchObject({
        code: 2,
        err: expect.stringContaining("is there already"),
      });
    },
    90_000,
  );

  it.each([
    [[], "usage"],
    [["source"], "usage"],
    [["thing", "x"], "usage"],
    [["source", "../evil"], "is no id"],
    [["source", "Upper"], "is no id"],
    [["source", "alertmanager"], "answers to alertmanager already"],
  ])("refuses %j and changes nothing", async (args, message) => {
    const before = readFileSync(join(copy, "plugins/registry.gen.ts"), "utf8");
    const ran = await run(["plugins/new.mjs", ...args]);
    expect(ran).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(readFileSync(join(copy, "plugins/registry.gen.ts"), "utf8")).toBe(before);
  });
});

describe("npm run new -- source ID --own, and npm run kit", () => {
  const kit = (...args: readonly string[]) => run(["plugins/kit.mjs", ...args]);
  const made = (file: string) => join(copy, "own-plugins/initech-door", file);

  it("makes a plugin of one's own that passes the kit as it is, and whose types are right", async () => {
    expect(await run(["plugins/new.mjs", "source", "initech-door", "--own"])).toMatchObject({ code: 0 });
    const checked = await kit("./own-plugins/initech-door");
    expect(checked, checked.out + checked.err).toMatchObject({ code: 0, out: expect.stringMatching(/passed\n$/) });
    expect(checked.out).not.toMatch(/[✗-] (reads|one|becomes|the|mangled)/);
    const typed = await run([join(root, "node_modules/typescript/bin/tsc"), "-p", made("tsconfig.json")]);
    expect(typed.out).toBe("");
    expect(readFileSync(join(copy, "plugins/registry.gen.ts"), "utf8")).not.toContain("initech-door");
    const again = await run(["plugins/new.mjs", "source", "initech-door", "--own"]);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining("is there already") });
  });

  it("says which check failed and on which line, and fails", async () => {
    const whole = readFileSync(made("initech-door.ts"), "utf8");
    const broken = (from: string, to: string) => writeFileSync(made("initech-door.ts"), whole.replace(from, to));
    broken("  const title =", "  check.none.deep;\n  const title =");
    const line = whole.slice(0, whole.indexOf("  const title =")).split("\n").length;
    const threw = await kit(made("initech-door.ts"));
    expect(threw).toMatchObject({ code: 1, out: expect.stringContaining(`firing, line ${line}: Cannot read`) });
    broken("normalize({ payload, config }", "normalize({ payload, config ");
    expect(await kit(made("initech-door.ts"))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/initech-door\.ts:\d+:\d+: /),
    });
    writeFileSync(made("initech-door.ts"), whole);
    const fixtures = join(copy, "other.json");
    writeFileSync(fixtures, '{"body":{"id":1,"state":"alert"},"golden":[{"severity":"critical"}]}');
    expect(await kit(made("initech-door.ts"), fixtures)).toMatchObject({
      code: 1,
      out: expect.stringContaining('other: alert 1, severity: "unknown", not "critical"'),
    });
  });

  it.each([
    [["nobody"], 'no source "nobody"'],
    [["./own-plugins/initech-door", "./none.json"], "no fixtures"],
    [["./own-plugins/initech-door", "package.json"], "body"],
  ])("refuses %j", async (args, message) =>
    expect(await kit(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) }),
  );

  it("reads with the limits of a hub, and in its words", async () => {
    const codes: readonly (readonly [code: string, words: RegExp])[] = [
      ["for (;;);", /longer than 500 ms/],
      ["const all = []; for (;;) all.push(new Array(100000).fill(all.length));", /memory than it may|longer than/],
      ["return [Date.now()];", /has no clock/],
      ["payload.a = 2;", /read only/],
      ["fetch('https://a.test');", /fetch is not defined/],
      ["return Promise.resolve([]);", /must be synchronous/],
      ["return ['x'.repeat(2e6)];", /at most 1048576/],
    ];
    const script = `
      const { localRuntime } = await import("./plugins/own/runtime.mjs");
      const runtime = localRuntime();
      const told = [];
      for (const [i, body] of JSON.parse(process.argv[1]).entries()) {
        const code = "export const plugin = { normalize({ payload }) {" + body + "} };";
        told.push(await runtime.run({ hash: String(i), code }, { payload: { a: 1 }, headers: {}, config: {} }));
      }
      await runtime.close();
      console.log(JSON.stringify(told));`;
    const ran = await run(["--input-type=module", "-e", script, JSON.stringify(codes.map(([code]) => code))]);
    const told = JSON.parse(ran.out) as { ok: boolean; reason?: string }[];
    for (const [i, [code, words]] of codes.entries()) expect(told[i]?.reason, code).toMatch(words);
  });
});

describe("npm run receive", () => {
  const body = '{"alert_id":"1","alert_title":"Down","alert_transition":"Triggered","alert_priority":"P1"}';
  const receive = (args: readonly string[], input = body) => run(["plugins/receive.mjs", ...args], { input });

  it("shows the alerts as the hub would take them", async () => {
    const { code, out } = await receive(["datadog", "-"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { dedupKey: "1", action: "trigger", severity: "critical", title: "Down", source: "datadog" },
    ]);
  });

  it("reads by a plugin of one's own in a single file", async () => {
    const file = join(copy, "door.ts");
    writeFileSync(
      file,
      `import { alertOf, UnreadableError, type Alert } from "tocsin/sdk";\nexport const plugin = { normalize({ payload }: { payload: any }): Alert[] {\n  if (!payload.door) throw new UnreadableError("an event of a door names it");\n  return [alertOf({ source: "x", dedupKey: payload.door, action: "trigger", severity: "error", title: "Door " + payload.door })];\n} };\n`,
    );
    const read = await receive([file, "-"], '{"door":"north"}');
    expect(read, read.err).toMatchObject({ code: 0 });
    expect(JSON.parse(read.out)).toMatchObject([{ dedupKey: "north", title: "Door north" }]);
    expect(await receive([file, "-"], "{}")).toMatchObject({ code: 1, err: expect.stringContaining("names it") });
  });

  it("says why a body is unreadable", async () => {
    expect(await receive(["datadog", "-"], "{")).toMatchObject({ code: 1, err: expect.stringContaining("unreadable: not JSON") });
  });

  it("checks the sender's proof when it is given the secret", async () => {
    const by = (secret: string) => receive(["datadog", "-", "--secret", "right", "--header", `Authorization: Bearer ${secret}`]);
    expect(await by("right")).toMatchObject({ code: 0, err: expect.stringContaining("proof: good") });
    expect(await by("wrong")).toMatchObject({ code: 1, err: expect.stringContaining("proof: refused") });
  });

  it.each([
    [["nobody", "-"]],
    [["datadog"]],
    [["datadog", "/no/such/file"]],
    [["datadog", "-", "--header", "novalue"]],
    [["datadog", "-", "--config", "{"]],
  ])("refuses %j with how it is used", async (args) =>
    expect(await receive(args)).toMatchObject({ code: 2, err: expect.stringContaining("usage: npm run receive") }),
  );
});
