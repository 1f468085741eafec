// Owns the minute's sweep: every watch shard is asked, and only when all answered and nothing is overdue is the outside
// dead-man's switch beaten. Runs from cron on Cloudflare and from the launcher's tick on one machine.

import { limits } from "../core/limits.ts";
import { withLimit } from "./limit.ts";
import { watchShardNames, watchStub } from "./places.ts";
import type { SweepReport } from "./rpc.ts";

const { shardsAtOnce, shardMs: shardLimitMs, beatMs: beatLimitMs } = limits.sweep;

export interface SweepSummary {
  readonly shards: number;
  readonly silent: number;
  readonly open: number;
  readonly poked: number;
  readonly overdue: number;
  readonly healed: number;
  readonly unreachable: number;
  readonly beaten: boolean;
}

export async function sweep(env: Env): Promise<SweepSummary> {
  const reports: (SweepReport | null)[] = [];
  for (let at = 0; at < limits.watch.shards; at += shardsAtOnce) {
    reports.push(...(await Promise.all(watchShardNames.slice(at, at + shardsAtOnce).map((name) => ask(env, name)))));
  }
  const answered = reports.filter((report) => report !== null);
  const sum = (pick: (report: SweepReport) => number): number => answered.reduce((total, report) => total + pick(report), 0);
  const summary = {
    shards: answered.length,
    silent: reports.length - answered.length,
    open: sum((r) => r.open),
    poked: sum((r) => r.poked),
    overdue: sum((r) => r.overdue),
    healed: sum((r) => r.healed),
    unreachable: sum((r) => r.unreachable),
  };
  const well = summary.silent === 0 && summary.overdue === 0 && summary.unreachable === 0;
  if (!well) console.error("sweep found trouble", JSON.stringify(summary));
  return { ...summary, beaten: well && (await beat(env)) };
}

async function ask(env: Env, name: string): Promise<SweepReport | null> {
  try {
    return await withLimit(watchStub(env, name).sweep(name), shardLimitMs);
  } catch {
    return null;
  }
}

/** Tells the outside monitor that all is well; its silence is what raises the alarm. False: no URL, or it did not answer 2xx. */
async function beat(env: Env): Promise<boolean> {
  if (!env.TOCSIN_DEADMAN_URL) return false;
  try {
    const response = await fetch(env.TOCSIN_DEADMAN_URL, {
      method: "POST",
      redirect: "manual",
      signal: AbortSignal.timeout(beatLimitMs),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
