// Owns what operators and their monitors ask: alive, ready, metrics. Metrics are computed from the objects, never from one
// isolate's counters.

import { Hono } from "hono";
import { sameDigest } from "../auth/principal.ts";
import { limits } from "../core/limits.ts";
import { withLimit } from "../objects/limit.ts";
import { watchShardNames, watchStub } from "../objects/places.ts";
import { deliveryCounts, projectedCounts } from "../store/counts.ts";

const { checkMs } = limits.api;

export const operateApp = new Hono<{ Bindings: Env }>();

operateApp.get("/healthz", (c) => c.json({ status: "ok" }));

operateApp.get("/readyz", async (c) => {
  const [objects, database] = await Promise.all([
    passes(() => watchStub(c.env, "w:00").stats()),
    passes(() => c.env.DB.prepare("SELECT 1").first()),
  ]);
  // Paging works without the database: it is reported, and does not take the hub out of service.
  return c.json(
    {
      ready: objects,
      checks: { objects: objects ? "ok" : "no answer", database: database ? "ok" : "no answer: lists are stale, paging goes on" },
    },
    objects ? 200 : 503,
  );
});

operateApp.get("/metrics", async (c) => {
  const token = c.env.TOCSIN_METRICS_TOKEN ?? c.env.TOCSIN_ADMIN_TOKEN;
  const given = /^Bearer\s+(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (token === undefined || given === undefined || !sameDigest(given, token))
    return c.text("unauthorized\n", 401, { "www-authenticate": "Bearer" });
  const shards = await Promise.all(
    watchShardNames.map((name) => withLimit(watchStub(c.env, name).stats(), checkMs * 2).catch(() => null)),
  );
  const answered = shards.filter((shard) => shard !== null);
  const byTenant = new Map<string, number>();
  for (const shard of answered)
    for (const [tenant, n] of Object.entries(shard.byTenant)) byTenant.set(tenant, (byTenant.get(tenant) ?? 0) + n);
  const [incidents, deliveries] = await Promise.all([
    projectedCounts(c.env.DB).catch(() => []),
    deliveryCounts(c.env.DB).catch(() => []),
  ]);
  const lines = [
    ...metric("tocsin_watch_shards_answering", "gauge", "Watch shards that answered this scrape, of 64", [[{}, answered.length]]),
    ...metric(
      "tocsin_incidents_open",
      "gauge",
      "Open incidents by tenant, as the watch knows them",
      [...byTenant].map(([tenant, n]) => [{ tenant }, n]),
    ),
    ...metric("tocsin_healed_total", "counter", "Incidents whose lost alarm the watch set again", [
      [{}, answered.reduce((sum, shard) => sum + shard.healed, 0)],
    ]),
    ...metric(
      "tocsin_incidents",
      "gauge",
      "Incidents by tenant and status, as projected",
      incidents.map(({ tenant, status, n }) => [{ tenant, status }, n]),
    ),
    ...metric(
      "tocsin_deliveries",
      "gauge",
      "Deliveries by tenant and status, as projected",
      deliveries.map(({ tenant, status, n }) => [{ tenant, status }, n]),
    ),
  ];
  return c.text(`${lines.join("\n")}\n`, 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
});

async function passes(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await withLimit(check(), checkMs);
    return true;
  } catch {
    return false;
  }
}

function metric(
  name: string,
  type: string,
  help: string,
  values: readonly (readonly [labels: Record<string, string>, value: number])[],
): string[] {
  const text = (labels: Record<string, string>): string => {
    const pairs = Object.entries(labels).map(
      ([key, value]) => `${key}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    );
    return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  };
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...values.map(([labels, value]) => `${name}${text(labels)} ${value}`),
  ];
}
