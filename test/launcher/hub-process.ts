// Owns starting real launchers for tests: a process of its own each, its output, its end, and nothing left behind.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const launcher = path.resolve(import.meta.dirname, "../../worker/launcher");
const readyLimitMs = 20_000;

type Build = (options: { root?: string }) => Promise<string>;
export const { build } = (await import(path.join(launcher, "build.mjs"))) as { readonly build: Build };

/** Written for these tests; shows what it was given. */
export const tinyRoot = path.join(import.meta.dirname, "tiny");

const folders: string[] = [];
const hubs: Running[] = [];

export interface Running {
  readonly child: ChildProcess;
  readonly dataDir: string;
  /** Empty until it is ready. */
  readonly url: string;
  output(): { readonly stdout: string; readonly stderr: string };
  /** Exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  get(path: string): Promise<unknown>;
  workerdPid(): number;
}

export function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "tocsin-test-"));
  folders.push(folder);
  return folder;
}

/** Ends everything started here and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const hub of hubs.splice(0)) {
    const workerd = pidIn(hub.dataDir);
    hub.child.kill("SIGKILL");
    await hub.ended;
    if (workerd !== null && runsHub(workerd)) process.kill(workerd, "SIGKILL");
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

export interface LaunchOptions {
  readonly dataDir?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the launcher from a shell after this, e.g. `ulimit -n 1024`. */
  readonly shellFirst?: string;
  readonly launchFile: string;
  /** Through `npm start`, as a person does; `child` is npm then. */
  readonly npm?: boolean;
}

/** Starts one and does not wait. */
export function launch({
  dataDir = newFolder(),
  args = ["--port", "0"],
  env = {},
  shellFirst,
  launchFile,
  npm = false,
}: LaunchOptions): Running {
  const program = npm ? ["npm", "start", "--silent", "--"] : [process.execPath, path.join(launcher, "start.mjs")];
  const command = [...program, "--launch", launchFile, "--data", dataDir, ...args];
  const line = `${shellFirst ?? ":"}; exec "$@"`;
  const { npm_lifecycle_event: _npm, ...rest } = process.env;
  const child = spawn("sh", ["-c", line, "sh", ...command], {
    cwd: path.join(launcher, "../.."),
    env: { ...rest, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const hub: Running = {
    child,
    dataDir,
    get url() {
      return /^ready (\S+)$/m.exec(stdout)?.[1] ?? "";
    },
    output: () => ({ stdout, stderr }),
    ended,
    get: async (at) => (await fetch(`${hub.url}${at}`, { signal: AbortSignal.timeout(5_000) })).json(),
    workerdPid: () => pidIn(dataDir) ?? -1,
  };
  hubs.push(hub);
  return hub;
}

/** Starts one and waits until it says that it serves. */
export async function start(options: LaunchOptions): Promise<Running> {
  const hub = launch(options);
  let over = false;
  void hub.ended.then(() => (over = true));
  await until(() => hub.url !== "" || over, readyLimitMs);
  if (hub.url === "") throw new Error(`the hub did not start:\n${hub.output().stdout}${hub.output().stderr}`);
  return hub;
}

export async function until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<void> {
  for (const end = Date.now() + limitMs; !(await condition()); await delay(20)) {
    if (Date.now() > end) throw new Error(`not so after ${limitMs} ms: ${condition.toString()}`);
  }
}

/** A zombie is dead. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX]/.test(stat);
  } catch {
    return false;
  }
}

function runsHub(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("workerd");
  } catch {
    return false;
  }
}

function pidIn(dataDir: string): number | null {
  try {
    const record = JSON.parse(readFileSync(path.join(dataDir, "workerd.json"), "utf8")) as { pid: number };
    return record.pid;
  } catch {
    return null;
  }
}
