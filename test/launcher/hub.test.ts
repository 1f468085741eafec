// Owns what a person and a supervisor see of `npm start`: its lines, its exit codes, its files. Real processes throughout.

import { spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { build, cleanUp, launch, newFolder, runs, start, tinyRoot, until } from "./hub-process.ts";

let launchFile = "";
beforeAll(async () => {
  launchFile = await build({ root: tinyRoot });
}, 60_000);
afterEach(cleanUp);

test("says ready on one line, gives the Worker its variables, ticks the clock, and ends clean on SIGTERM", async () => {
  const hub = await start({ launchFile, env: { TOCSIN_ENV_ACME_KEY: "k1", TOCSIN_ADMIN_TOKEN: "from-outside", OTHER: "x" } });
  expect(hub.output().stdout).toBe(`ready ${hub.url}\n`);
  expect(hub.url).toMatch(/^http:\/\/localhost:\d+$/);
  expect(await hub.get("/")).toEqual({
    TOCSIN_PUBLIC_URL: hub.url,
    TOCSIN_ENV_ACME_KEY: "k1",
    TOCSIN_ADMIN_TOKEN: "from-outside",
    TOCSIN_SECRET: expect.stringMatching(/^[\w-]{43}$/),
    TOCSIN_STARTED_AT: expect.stringMatching(/^\d{13}$/),
    TOCSIN_FD_LIMIT: expect.stringMatching(/^\d+$/),
  });
  await until(async () => Number(await hub.get("/ticks")) >= 1, 5_000);
  const workerd = hub.workerdPid();
  expect(runs(workerd)).toBe(true);
  hub.child.kill("SIGTERM");
  expect(await hub.ended).toBe(0);
  expect(runs(workerd)).toBe(false);
  expect(existsSync(path.join(hub.dataDir, "lock"))).toBe(false);
});

test("makes secret and token once, shows the token once, and keeps both readable by the owner only", async () => {
  const first = await start({ launchFile });
  const token = /^admin token (\S+)$/m.exec(first.output().stdout)?.[1];
  const before = await first.get("/");
  expect(before).toMatchObject({ TOCSIN_ADMIN_TOKEN: token });
  for (const file of ["secret", "admin-token"]) expect(statSync(path.join(first.dataDir, file)).mode & 0o777).toBe(0o600);
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);

  const second = await start({ launchFile, dataDir: first.dataDir });
  expect(second.output().stdout).not.toContain("admin token");
  const { TOCSIN_SECRET, TOCSIN_ADMIN_TOKEN } = before as Record<string, string>;
  expect(await second.get("/")).toMatchObject({ TOCSIN_SECRET, TOCSIN_ADMIN_TOKEN, TOCSIN_PUBLIC_URL: second.url });
});

test("refuses a second hub on one data folder with exit 3, and says who holds it", async () => {
  const first = await start({ launchFile });
  const second = launch({ launchFile, dataDir: first.dataDir });
  expect(await second.ended).toBe(3);
  expect(second.output().stderr).toContain(`process ${first.child.pid}`);
  expect(await first.get("/count")).toBe(1);
});

test("takes over the lock of a hub that is gone, even when another process has its pid now", async () => {
  const dataDir = newFolder();
  writeFileSync(path.join(dataDir, "lock"), JSON.stringify({ pid: process.pid, started: "1", boot: "", since: "earlier" }));
  const hub = await start({ launchFile, dataDir });
  expect(JSON.parse(readFileSync(path.join(dataDir, "lock"), "utf8"))).toMatchObject({ pid: hub.child.pid });
});

test("of two hubs started at once on one folder exactly one serves", async () => {
  const dataDir = newFolder();
  writeFileSync(path.join(dataDir, "lock"), JSON.stringify({ pid: process.pid, started: "1", boot: "", since: "earlier" }));
  const both = [launch({ launchFile, dataDir }), launch({ launchFile, dataDir })];
  const loser = await Promise.race(both.map(async (hub) => ((await hub.ended) === 3 ? hub : null)));
  expect(loser).not.toBeNull();
  const winner = both.find((hub) => hub !== loser);
  await until(() => winner?.url !== "", 20_000);
  expect(await winner?.get("/count")).toBe(1);
});

test("a taken port is one clear line and exit 1, and the folder stays free", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const refused = launch({ launchFile, args: ["--port", String(port)] });
  expect(await refused.ended).toBe(1);
  expect(refused.output().stderr.trim().split("\n")).toEqual([
    `port ${port} on 127.0.0.1 is taken. Stop what listens there, or choose another with --port`,
  ]);
  await new Promise((resolve) => server.close(resolve));
  const hub = await start({ launchFile, dataDir: refused.dataDir, args: ["--port", String(port)] });
  expect(hub.url).toBe(`http://localhost:${port}`);
});

test("kill -9 of the launcher takes workerd with it; the next start keeps the rows and rings the alarm that fell due", async () => {
  const first = await start({ launchFile });
  expect(await first.get("/count")).toBe(1);
  await fetch(`${first.url}/arm?ms=700`);
  const workerd = first.workerdPid();
  first.child.kill("SIGKILL");
  await until(() => !runs(workerd), 1_000);

  const second = await start({ launchFile, dataDir: first.dataDir });
  expect(await second.get("/count")).toBe(2);
  await until(async () => (await second.get("/rang")) === 1, 10_000);
});

test("kill -9 of workerd: it comes back on the same port with its rows, and is recorded anew", async () => {
  const hub = await start({ launchFile });
  expect(await hub.get("/count")).toBe(1);
  const workerd = hub.workerdPid();
  process.kill(workerd, "SIGKILL");
  await until(async () => (await hub.get("/count").catch(() => 0)) === 2, 5_000);
  expect(hub.workerdPid()).not.toBe(workerd);
  expect(runs(hub.workerdPid())).toBe(true);
  await until(() => hub.output().stderr.includes("started again"), 5_000);
});

test("kill -9 of workerd again and again while it starts: it comes back all the same", async () => {
  const hub = await start({ launchFile });
  expect(await hub.get("/count")).toBe(1);
  for (let kills = 0; kills < 4; kills++) {
    const workerd = hub.workerdPid();
    process.kill(workerd, "SIGKILL");
    await until(() => hub.workerdPid() !== workerd && runs(hub.workerdPid()), 15_000);
  }
  await until(async () => (await hub.get("/count").catch(() => 0)) === 2, 15_000);
}, 60_000);

test("a workerd that hangs is killed and started again", async () => {
  const hub = await start({ launchFile, env: { TOCSIN_LAUNCHER_SILENT_MS: "6000" } });
  expect(await hub.get("/count")).toBe(1);
  process.kill(hub.workerdPid(), "SIGSTOP");
  await until(() => hub.output().stderr.includes("answered nothing for 6 s and was killed"), 20_000);
  await until(async () => (await hub.get("/count").catch(() => 0)) === 2, 15_000);
}, 60_000);

test("kill -9 of both at once: the next start takes the folder, keeps the rows, and rings what fell due", async () => {
  const first = await start({ launchFile });
  expect(await first.get("/count")).toBe(1);
  await fetch(`${first.url}/arm?ms=700`);
  process.kill(first.workerdPid(), "SIGKILL");
  first.child.kill("SIGKILL");
  await first.ended;

  const second = await start({ launchFile, dataDir: first.dataDir });
  expect(await second.get("/count")).toBe(2);
  await until(async () => (await second.get("/rang")) === 1, 10_000);
});

test("kill -9 of npm ends the hub, and the folder is free", async () => {
  const hub = await start({ launchFile, npm: true });
  const launcher = (JSON.parse(readFileSync(path.join(hub.dataDir, "lock"), "utf8")) as { pid: number }).pid;
  const workerd = hub.workerdPid();
  expect(launcher).not.toBe(hub.child.pid);
  hub.child.kill("SIGKILL");
  await until(() => !runs(launcher) && !runs(workerd), 5_000);
  expect(existsSync(path.join(hub.dataDir, "lock"))).toBe(false);
});

test("SIGTERM to npm ends the hub cleanly", async () => {
  const hub = await start({ launchFile, npm: true });
  const workerd = hub.workerdPid();
  hub.child.kill("SIGTERM");
  await until(() => !existsSync(path.join(hub.dataDir, "lock")), 5_000);
  expect(runs(workerd)).toBe(false);
});

test("without a terminal (nohup, a supervisor) a hang-up changes nothing", async () => {
  const hub = await start({ launchFile, shellFirst: "trap '' HUP" });
  hub.child.kill("SIGHUP");
  await delay(1_500);
  expect(await hub.get("/count")).toBe(1);
  hub.child.kill("SIGTERM");
  expect(await hub.ended).toBe(0);
});

test("the terminal that a hub runs in is closed: the hub ends and gives the folder back", async () => {
  const hub = await start({ launchFile, shellFirst: 'set -- script -qefc "$*" /dev/null' });
  const workerd = hub.workerdPid();
  hub.child.kill("SIGKILL"); // The terminal, which `script` plays.
  await until(() => !existsSync(path.join(hub.dataDir, "lock")), 5_000);
  expect(runs(workerd)).toBe(false);
});

test("where workerd cannot be bound to the launcher, the next start ends exactly the orphan", async () => {
  const bin = newFolder();
  writeFileSync(path.join(bin, "setpriv"), "#!/bin/sh\nexit 1\n");
  chmodSync(path.join(bin, "setpriv"), 0o755);
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const first = await start({ launchFile, env });
  const orphan = first.workerdPid();
  first.child.kill("SIGKILL");
  await first.ended;
  expect(runs(orphan)).toBe(true);

  const second = await start({ launchFile, dataDir: first.dataDir, env });
  expect(runs(orphan)).toBe(false);
  expect(second.output().stderr).toContain(`ended workerd ${orphan}`);
});

test("a stranger that has the pid of an old workerd by now is left alone", async () => {
  const dataDir = newFolder();
  const stranger = spawn("sleep", ["60"]);
  writeFileSync(path.join(dataDir, "workerd.json"), JSON.stringify({ pid: stranger.pid, started: "1", boot: "" }));
  await start({ launchFile, dataDir });
  expect(runs(stranger.pid ?? -1)).toBe(true);
  stranger.kill("SIGKILL");
});

test("tells the Worker how many descriptors there are, and warns when they are few", async () => {
  const hub = await start({ launchFile, shellFirst: "ulimit -n 1024" });
  expect(await hub.get("/")).toMatchObject({ TOCSIN_FD_LIMIT: "1024" });
  expect(hub.output().stderr).toContain("only 1024 open files");
  const limit = /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${hub.workerdPid()}/limits`, "utf8"))?.[1];
  expect(limit).toBe("1024");
});

test("workerd gets the hard limit when the soft one is lower", async () => {
  const hub = await start({ launchFile, shellFirst: "ulimit -S -n 512" });
  const [, soft, hard] = /Max open files\s+(\d+)\s+(\d+)/.exec(readFileSync(`/proc/${hub.workerdPid()}/limits`, "utf8")) ?? [];
  expect(soft).toBe(hard);
  expect(await hub.get("/")).toMatchObject({ TOCSIN_FD_LIMIT: hard });
});

test.each([
  { args: ["--port", "70000"], exit: 1, says: "--port 70000 is no port" },
  { args: ["--bogus"], exit: 2, says: "--bogus" },
])("a wrong command line $args ends with $exit and says what is wrong", async ({ args, exit, says }) => {
  const hub = launch({ launchFile, args });
  expect(await hub.ended).toBe(exit);
  expect(hub.output().stderr).toContain(says);
});
