// The store on the real D1: projections that may come twice or late, lists, tenants apart, the audit chain, two writers.

import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { incidentId } from "../../worker/core/ids.ts";
import type { Delivery, Episode, TimelineEntry } from "../../worker/core/incident.ts";
import { lastLink, listAudit, verifyAudit } from "../../worker/store/audit.ts";
import { countByStatus, getIncident, listDeliveries, listIncidents, listTimeline } from "../../worker/store/incidents.ts";
import { project, type ProjectionBatch } from "../../worker/store/project.ts";
import { loadTenant, markInForce, notInForce, saveTenant, type StoredTenant } from "../../worker/store/tenant.ts";
import { decisionFor, snapshotOf } from "./respond-tenant.ts";

const db = env.DB;
const start = Date.UTC(2026, 10, 24, 3, 12);

beforeAll(async () => {
  await applyD1Migrations(db, (env as unknown as { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS);
});

function idOf(tenant: string, n: number): string {
  return incidentId(start + n, { tenant, jurisdiction: null, hash: String(n).padStart(26, "0") });
}

function episode(tenant: string, n: number, change: Partial<Episode> = {}): Episode {
  return {
    id: idOf(tenant, n),
    n: 1,
    seq: 3,
    status: "triggered",
    title: `Checkout ${n}`,
    body: "",
    source: "datadog",
    severity: "P1",
    urgency: "high",
    labels: { cluster: "eu-1" },
    links: [],
    decision: decisionFor(snapshotOf(tenant)),
    test: false,
    openedAt: start + n,
    updatedAt: start + n,
    epoch: 1,
    ladder: { phase: "step", step: 0, round: 0, enteredAt: start, dueAt: null, firstRun: 0 },
    runs: [],
    nextRun: 1,
    assignees: [],
    acknowledgedBy: null,
    acknowledgedAt: null,
    ackTimeoutAt: null,
    ackTimeouts: 0,
    snoozedUntil: null,
    holdUntil: null,
    autoResolveAt: null,
    resolvedAt: null,
    resolvedBy: null,
    suppressedBy: null,
    undo: null,
    commands: [],
    ...change,
  };
}

function entry(incident: string, seq: number): TimelineEntry {
  return {
    seq,
    incident,
    at: start + seq,
    kind: "note",
    actor: { type: "user", id: "ana" },
    reason: `line ${seq}: Überlast "quoted" \u0000`,
    data: {},
  };
}

function delivery(incident: string, n: number, seq: number, change: Partial<Delivery> = {}, body = ""): Delivery {
  const id = `dlv_${String(n).padStart(52, "0")}`;
  return {
    id,
    seq,
    incident,
    epoch: 1,
    run: 1,
    rule: 0,
    user: "ana",
    contact: "phone",
    via: "inbox",
    status: "sending",
    dueAt: start,
    nextAt: null,
    leaseUntil: null,
    attempt: 1,
    lost: 0,
    ref: null,
    attempts: [],
    cancelledFrom: null,
    page: {
      delivery: id,
      sentAt: start,
      tenant: { id: "acme", name: "Acme" },
      person: { id: "ana", name: "Ana", timeZone: "Europe/Madrid" },
      contact: { id: "phone", to: "" },
      incident: {
        id: incident,
        title: "t",
        body,
        severity: "P1",
        urgency: "high",
        status: "triggered",
        service: null,
        openedAt: start,
        runbook: null,
        labels: {},
      },
      reason: { policy: "critical", step: 1, round: 1, via: "user ana", text: "step 1" },
    },
    ...change,
  };
}

function batchOf(tenant: string, parts: Partial<ProjectionBatch>): ProjectionBatch {
  return { tenant, episode: null, alerts: [], entries: [], deliveries: [], ...parts };
}

async function dump(tenant: string): Promise<unknown> {
  const read = async (table: string): Promise<unknown> =>
    (await db.prepare(`SELECT * FROM ${table} WHERE tenant = ? ORDER BY 1, 2, 3`).bind(tenant).all()).results;
  return [await read("incidents"), await read("timeline"), await read("deliveries"), await read("alerts")];
}

test("the same batch twice is the same as once", async () => {
  const id = idOf("store-twice", 1);
  const row = {
    key: "alr_1",
    seq: 2,
    episode: 1,
    integration: "datadog-prod",
    dedupKey: "checkout",
    title: "t",
    severity: "critical" as const,
    firing: true,
    count: 1,
    firstAt: start,
    lastAt: start,
    sourceAt: null,
    seen: [],
  };
  const batch = batchOf("store-twice", {
    episode: episode("store-twice", 1),
    alerts: [row],
    entries: [entry(id, 1), entry(id, 2)],
    deliveries: [delivery(id, 1, 3)],
  });
  await project(db, "hash", batch);
  const once = await dump("store-twice");
  await project(db, "hash", batch);
  expect(await dump("store-twice")).toEqual(once);
  expect(await listTimeline(db, "store-twice", id, 0, 50)).toEqual(batch.entries);
  expect(await listTimeline(db, "store-twice", id, 1, 50)).toEqual([batch.entries[1]]);
  expect((await listDeliveries(db, "store-twice", { incident: id }, null, 50)).items).toEqual(batch.deliveries);
});

test("a batch that comes late never overwrites a newer one", async () => {
  const id = idOf("store-late", 1);
  const newer = episode("store-late", 1, { seq: 9, status: "acknowledged", acknowledgedBy: "ana" });
  await project(db, "hash", batchOf("store-late", { episode: newer, deliveries: [delivery(id, 1, 8, { status: "delivered" })] }));
  await project(
    db,
    "hash",
    batchOf("store-late", { episode: episode("store-late", 1, { seq: 4 }), deliveries: [delivery(id, 1, 3)] }),
  );
  expect(await getIncident(db, "store-late", id)).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana" });
  expect((await listDeliveries(db, "store-late", { status: "delivered" }, null, 50)).items.map((each) => each.seq)).toEqual([8]);
  expect((await listDeliveries(db, "store-late", { status: "sending" }, null, 50)).items).toEqual([]);
  expect(await countByStatus(db, "store-late")).toEqual({ acknowledged: 1 });
});

test("a full batch of pages with long bodies gets through D1's limit of 2 MB a value", async () => {
  const id = idOf("store-large", 1);
  const deliveries = Array.from({ length: 200 }, (_, n) => delivery(id, n, n + 1, {}, "é".repeat(16_000)));
  await project(db, "hash", batchOf("store-large", { deliveries }));
  const stored = await db.prepare("SELECT count(*) AS n FROM deliveries WHERE tenant = 'store-large'").first<number>("n");
  expect(stored).toBe(200);
});

test("pages through all incidents newest first, none twice and none missing, while new ones come in", async () => {
  for (let n = 0; n < 25; n++) await project(db, "hash", batchOf("store-paging", { episode: episode("store-paging", n) }));
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { id: string }[]; next: string | null } = await listIncidents(db, "store-paging", {}, cursor, 7);
    seen.push(...page.items.map((row) => row.id));
    await project(db, "hash", batchOf("store-paging", { episode: episode("store-paging", 100 + seen.length) }));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => idOf("store-paging", 24 - n)));
});

test("filters by status, severity, time, words in any case, and person", async () => {
  const rows = [
    episode("store-filter", 1, { title: "ÜBERLAST in Köln" }),
    episode("store-filter", 2, { status: "resolved", severity: "P3", urgency: "low" }),
    episode("store-filter", 3, { status: "acknowledged", assignees: ["eva"] }),
  ];
  for (const each of rows) await project(db, "hash", batchOf("store-filter", { episode: each }));
  const found = async (filter: Parameters<typeof listIncidents>[2]): Promise<number[]> =>
    (await listIncidents(db, "store-filter", filter, null, 50)).items.map((row) => row.openedAt - start);
  expect(await found({ status: ["triggered", "acknowledged"] })).toEqual([3, 1]);
  expect(await found({ status: ["triggered", "resolved"], q: "down" })).toEqual(
    await found({ q: "down", severity: ["P1", "P3"], status: ["resolved", "triggered"] }),
  );
  const all = ["held", "suppressed", "triggered", "acknowledged", "resolved", "merged"];
  expect(await found({ status: all })).toEqual([3, 2, 1]);
  expect(await found({ status: all, severity: ["P3"] })).toEqual([2]);
  expect(await found({ status: ["resolved", "resolved"] })).toEqual([2]);
  expect(await found({ severity: ["P3"] })).toEqual([2]);
  expect(await found({ urgency: "high" })).toEqual([3, 1]);
  expect(await found({ q: "überlast" })).toEqual([1]);
  expect(await found({ q: "%" })).toEqual([]);
  expect(await found({ assignee: "eva" })).toEqual([3]);
  expect(await found({ openedAfter: start + 2 })).toEqual([3, 2]);
  expect(await found({ openedBefore: start + 2 })).toEqual([1]);
  expect(await found({ service: ["payment-api"] })).toEqual([3, 2, 1]);
  expect(await found({ service: ["payment-api' OR 1=1 --"] })).toEqual([]);
});

test("a state's list does not walk through what is over: the index alone finds the rows", async () => {
  const plans: string[] = [];
  const watched = {
    prepare: (sql: string) => {
      const statement = db.prepare(sql);
      return {
        bind: (...values: unknown[]) => ({
          all: async () => {
            const { results } = await db
              .prepare(`EXPLAIN QUERY PLAN ${sql}`)
              .bind(...values)
              .all<{ detail: string }>();
            plans.push(results.map(({ detail }) => detail).join("; "));
            return statement.bind(...values).all();
          },
        }),
      };
    },
  } as unknown as D1Database;
  const open = ["triggered", "acknowledged"];
  for (const filter of [{ status: open }, { status: open, q: "x" }, { status: open, service: ["a"], severity: ["P1"] }])
    await listIncidents(watched, "store-plan", filter, "inc_9", 50);
  for (const plan of plans) {
    expect(plan.match(/USING COVERING INDEX incidents_found \(tenant=\? AND status=\? AND id<\?\)/g)).toHaveLength(2);
    expect(plan).not.toContain("PRIMARY KEY (tenant=?)");
  }
});

test("two tenants with the same ids do not see each other", async () => {
  const id = idOf("store-apart", 1);
  for (const tenant of ["store-apart-one", "store-apart-two"]) {
    const mine = episode("store-apart", 1, { title: `of ${tenant}` });
    await project(db, "hash", batchOf(tenant, { episode: mine, entries: [entry(id, 1)], deliveries: [delivery(id, 1, 2)] }));
  }
  await project(db, "hash", batchOf("store-apart-two", { episode: episode("store-apart", 1, { seq: 9, title: "changed" }) }));
  expect(await getIncident(db, "store-apart-one", id)).toMatchObject({ title: "of store-apart-one" });
  expect((await listIncidents(db, "store-apart-one", {}, null, 50)).items.map((row) => row.title)).toEqual([
    "of store-apart-one",
  ]);
  expect(await getIncident(db, "store-apart-three", id)).toBeNull();
  expect(await listTimeline(db, "store-apart-three", id, 0, 50)).toEqual([]);
  expect((await listDeliveries(db, "store-apart-three", { incident: id }, null, 50)).items).toEqual([]);
});

function stored(tenant: string, version: number, name: string, keyHash = `key-of-${tenant}`): StoredTenant {
  return {
    tenant,
    version,
    row: { name, jurisdiction: null },
    objects: [
      {
        kind: "users",
        id: "ana",
        position: 0,
        origin: "document" as const,
        body: { name, email: "ana@x.test", contacts: [{ id: "phone", via: "inbox" }] },
      },
      { kind: "users", id: "eva", position: 1, origin: "document" as const, body: { name: "Eva", contacts: [] } },
      { kind: "integrations", id: "datadog", position: 0, origin: "document" as const, body: { keyHash } },
    ],
  };
}

async function save(next: StoredTenant, expectVersion: number | null): Promise<"saved" | "conflict"> {
  const stored = await loadTenant(db, next.tenant);
  const before = expectVersion === null ? null : { ...(stored ?? next), version: expectVersion };
  const changes = [{ name: next.row["name"] }];
  return saveTenant(db, { before, next, actor: "hub-owner", action: "config.apply", changes, at: start });
}

test("a tenant is saved whole, loaded as saved, and listed until it is in force", async () => {
  expect(await save(stored("store-whole", 1, "One"), null)).toBe("saved");
  expect(await loadTenant(db, "store-whole")).toEqual(stored("store-whole", 1, "One"));
  expect(await notInForce(db)).toContain("store-whole");
  await markInForce(db, "store-whole", 1);
  expect(await notInForce(db)).not.toContain("store-whole");
  const two = { ...stored("store-whole", 2, "Two"), objects: stored("store-whole", 2, "Two").objects.slice(0, 1) };
  expect(await save(two, 1)).toBe("saved");
  expect(await loadTenant(db, "store-whole")).toEqual(two);
  expect(await notInForce(db)).toContain("store-whole");
});

test("of two writers on one version exactly one wins, whole; the other is told, and leaves no trace", async () => {
  await save(stored("store-race", 1, "First"), null);
  const outcomes = await Promise.all([save(stored("store-race", 2, "Left"), 1), save(stored("store-race", 2, "Right"), 1)]);
  expect(outcomes.toSorted()).toEqual(["conflict", "saved"]);
  const winner = outcomes[0] === "saved" ? "Left" : "Right";
  expect(await loadTenant(db, "store-race")).toEqual(stored("store-race", 2, winner));
  expect((await listAudit(db, "store-race", 0, 50)).map((row) => row.seq)).toEqual([1, 2]);
  expect(await save(stored("store-race", 2, "Stale"), 1)).toBe("conflict");
  expect(await save(stored("store-race", 1, "Again"), null)).toBe("conflict");
  expect(await loadTenant(db, "store-race")).toEqual(stored("store-race", 2, winner));
});

test("a tenant that is not there cannot be changed", async () => {
  expect(await save(stored("store-absent", 5, "Ghost"), 4)).toBe("conflict");
  const left = await db.prepare("SELECT count(*) AS n FROM users WHERE tenant = 'store-absent'").first<number>("n");
  expect([await loadTenant(db, "store-absent"), left, await listAudit(db, "store-absent", 0, 5)]).toEqual([null, 0, []]);
});

test("a key that another tenant holds is an error, not somebody else's save, and changes nothing", async () => {
  await save(stored("store-key-one", 1, "One", "shared"), null);
  await expect(save(stored("store-key-two", 1, "Two", "shared"), null)).rejects.toThrow(/UNIQUE/);
  expect(await loadTenant(db, "store-key-two")).toBeNull();
});

async function chain(tenant: string): Promise<void> {
  for (let n = 1; n <= 4; n++) expect(await save(stored(tenant, n, `v${n}`), n === 1 ? null : n - 1)).toBe("saved");
  expect(await verifyAudit(db, tenant)).toBeNull();
}

test("the audit log refuses edits, deletions, replacements and gaps", async () => {
  await chain("store-sealed");
  const refused = (sql: string): Promise<void> => expect(db.prepare(sql).run()).rejects.toThrow(/append-only/);
  await refused("UPDATE audit SET actor = 'nobody' WHERE tenant = 'store-sealed'");
  await refused("DELETE FROM audit WHERE tenant = 'store-sealed' AND seq = 4");
  await refused(
    "INSERT OR REPLACE INTO audit SELECT tenant, seq, at, 'nobody', action, body, previous, hash FROM audit WHERE tenant = 'store-sealed' AND seq = 2",
  );
  await refused(
    "INSERT INTO audit SELECT tenant, seq + 9, at, actor, action, body, previous, hash FROM audit WHERE tenant = 'store-sealed' AND seq = 4",
  );
  expect((await listAudit(db, "store-sealed", 0, 50)).map((row) => row.actor)).toEqual(Array(4).fill("hub-owner"));
});

test("with the triggers gone, an edit, a deletion, a new order and a cut-off end still show", async () => {
  for (const tenant of ["store-edited", "store-deleted", "store-reordered", "store-cut"]) await chain(tenant);
  const kept = await lastLink(db, "store-cut");
  const triggers = await db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'")
    .all<{ name: string; sql: string }>();
  expect(triggers.results).toHaveLength(3);
  await db.batch(triggers.results.map((each) => db.prepare(`DROP TRIGGER ${each.name}`)));
  try {
    await db.batch(
      [
        "UPDATE audit SET body = replace(body, 'v2', 'v9') WHERE tenant = 'store-edited' AND seq = 2",
        "DELETE FROM audit WHERE tenant = 'store-deleted' AND seq = 3",
        "UPDATE audit SET seq = 99 WHERE tenant = 'store-reordered' AND seq = 2",
        "UPDATE audit SET seq = 2 WHERE tenant = 'store-reordered' AND seq = 3",
        "UPDATE audit SET seq = 3 WHERE tenant = 'store-reordered' AND seq = 99",
        "DELETE FROM audit WHERE tenant = 'store-cut' AND seq = 4",
      ].map((sql) => db.prepare(sql)),
    );
  } finally {
    await db.batch(triggers.results.map((each) => db.prepare(each.sql)));
  }
  expect(await verifyAudit(db, "store-edited")).toEqual({ seq: 2, reason: "was changed after it was written" });
  expect(await verifyAudit(db, "store-deleted")).toEqual({ seq: 3, reason: "an entry is missing" });
  expect(await verifyAudit(db, "store-reordered")).toEqual({ seq: 2, reason: "does not follow from the entry before" });
  expect(await verifyAudit(db, "store-cut", kept)).toEqual({ seq: 4, reason: "an entry is missing" });
});
