// The small objects on the real runtime: what they keep over an eviction, what they refuse, and the isolate's copies of them.

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { limits } from "../../worker/core/limits.ts";
import type { Snapshot } from "../../worker/core/snapshot.ts";
import { callObject } from "../../worker/objects/call.ts";
import { findKey, forgetKeys, keyHash } from "../../worker/objects/key-cache.ts";
import { TimeLimitError } from "../../worker/objects/limit.ts";
import {
  directoryStub,
  inboxStub,
  indexShardCount,
  indexShardOf,
  indexStub,
  indexStubAt,
  watchShardNames,
  watchShardOf,
} from "../../worker/objects/places.ts";
import type { InboxMessage, KeyEntry } from "../../worker/objects/rpc.ts";
import { loadSnapshot } from "../../worker/objects/snapshot-cache.ts";
import { snapshotOf } from "./respond-tenant.ts";

afterEach(() => {
  vi.useRealTimers();
});

function atVersion(tenant: string, version: number, name = "Acme"): Snapshot {
  return { ...snapshotOf(tenant), version, name };
}

async function evictDirectory(tenant: string): Promise<void> {
  await evictDurableObject(env.DIRECTORY.getByName(`v1:-:${tenant}`));
}

test("the directory keeps the last good version over an eviction and never goes back", async () => {
  const stub = directoryStub(env, "dir-versions", null);
  expect(await stub.snapshot(null)).toEqual({ kind: "none" });
  expect(await stub.roster(null, { policy: null, users: [] })).toEqual({ kind: "none" });
  expect(await stub.publish(atVersion("dir-versions", 3))).toEqual({ version: 3 });
  expect(await stub.publish(atVersion("dir-versions", 3))).toEqual({ version: 3 });
  expect(await stub.publish(atVersion("dir-versions", 2, "Old"))).toEqual({ version: 3 });
  await evictDirectory("dir-versions");
  const again = directoryStub(env, "dir-versions", null);
  expect(await again.snapshot(3)).toEqual({ kind: "unchanged" });
  expect(await again.snapshot(2)).toEqual({ kind: "snapshot", snapshot: atVersion("dir-versions", 3) });
  expect(await again.publish(atVersion("dir-versions", 2, "Old"))).toEqual({ version: 3 });
});

test("the directory hands an incident only the people it can reach", async () => {
  const snapshot = atVersion("dir-roster", 1);
  const stub = directoryStub(env, "dir-roster", null);
  await stub.publish(snapshot);
  expect(await stub.roster(1, { policy: null, users: ["ana"] })).toEqual({ kind: "unchanged" });
  const one = await stub.roster(null, { policy: null, users: ["ana", "nobody"] });
  expect(one.kind === "roster" && Object.keys(one.roster.people)).toEqual(["ana"]);
  const all = await stub.roster(0, { policy: snapshot.policies["critical"] ?? null, users: [] });
  expect(all.kind === "roster" && [Object.keys(all.roster.people), Object.keys(all.roster.notifiers)]).toEqual([
    ["ana", "eva"],
    ["inbox"],
  ]);
});

test("a configuration far over the 2 MB of a row is kept, to the last emoji", async () => {
  const ana = snapshotOf("dir-large").users["ana"];
  if (!ana) throw new Error("the test tenant has no ana");
  const users = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, n) => [`u${n}`, { ...ana, id: `u${n}`, name: `${"🦉".repeat(250)}${n}` }]),
  );
  const large = { ...atVersion("dir-large", 1), users };
  await directoryStub(env, "dir-large", null).publish(large);
  await evictDirectory("dir-large");
  const answer = await directoryStub(env, "dir-large", null).snapshot(null);
  expect(answer.kind === "snapshot" && JSON.stringify(answer.snapshot) === JSON.stringify(large)).toBe(true);
  await directoryStub(env, "dir-large", null).publish(atVersion("dir-large", 2));
  await evictDirectory("dir-large");
  expect(await directoryStub(env, "dir-large", null).snapshot(null)).toEqual({
    kind: "snapshot",
    snapshot: atVersion("dir-large", 2),
  });
});

test("a directory of the first release's schema still has its tenant after the new one", async () => {
  const stub = env.DIRECTORY.getByName("v1:-:dir-old");
  await runInDurableObject(stub, (_object, state) => {
    state.storage.transactionSync(() => {
      state.storage.sql.exec("DROP TABLE piece");
      state.storage.sql.exec("DROP TABLE untold");
      state.storage.sql.exec("DROP TABLE quiet_news");
      state.storage.sql.exec("DROP TABLE forgotten");
      state.storage.sql.exec("DROP TABLE own_code");
      state.storage.sql.exec("CREATE TABLE snapshot (k INTEGER PRIMARY KEY, version INTEGER NOT NULL, v TEXT NOT NULL)");
      state.storage.sql.exec("INSERT INTO snapshot VALUES (1, 7, ?)", JSON.stringify(atVersion("dir-old", 7)));
      state.storage.sql.exec("UPDATE schema_version SET version = 1");
    });
  });
  await evictDurableObject(stub);
  expect(await directoryStub(env, "dir-old", null).snapshot(7)).toEqual({ kind: "unchanged" });
});

function entryOf(tenant: string, integration: string): KeyEntry {
  return { tenant, integration, jurisdiction: null };
}

test("a shard replaces a tenant's keys, leaves others alone, and keeps them over an eviction", async () => {
  const shard = indexStubAt(env, 0);
  await shard.putKeys(
    "idx-a",
    [
      { hash: "h-one", entry: entryOf("idx-a", "one") },
      { hash: "h-two", entry: entryOf("idx-a", "two") },
    ],
    1,
  );
  await shard.putKeys(
    "idx-b",
    [
      { hash: "h-b", entry: entryOf("idx-b", "b") },
      { hash: "h-one", entry: entryOf("idx-b", "thief") },
    ],
    1,
  );
  await shard.putKeys("idx-a", [{ hash: "h-one", entry: entryOf("idx-a", "renamed") }], 3);
  await shard.putKeys("idx-a", [{ hash: "h-two", entry: entryOf("idx-a", "late") }], 2);
  await evictDurableObject(env.INDEX.getByName("i:0"));
  const again = indexStubAt(env, 0);
  expect(await again.lookup("h-one")).toEqual(entryOf("idx-a", "renamed"));
  expect(await again.lookup("h-two")).toBeNull();
  expect(await again.lookup("h-b")).toEqual(entryOf("idx-b", "b"));
});

test("a shard remembers which object holds a grouped alert until it is forgotten", async () => {
  const shard = indexStub(env, "abc");
  expect(await shard.openGroup("abc")).toBeNull();
  await shard.setGroup("abc", "first");
  await shard.setGroup("abc", "second");
  expect(await indexStub(env, "abc").openGroup("abc")).toEqual({ hash: "second" });
  await shard.setGroup("abc", null);
  expect(await shard.openGroup("abc")).toBeNull();
});

test("places spread over every shard, and are always the same", () => {
  const hashes = Array.from({ length: 2_000 }, (_, n) => keyHash(`key ${n}`));
  expect(new Set(hashes.map(indexShardOf)).size).toBe(indexShardCount);
  const shards = hashes.map((hash) => watchShardOf({ tenant: "t", jurisdiction: null, hash: hash.slice(0, 26) }));
  expect(new Set(shards).size).toBe(limits.watch.shards);
  expect([watchShardNames[0], watchShardNames.at(-1)]).toEqual(["w:00", "w:3f"]);
  expect(shards.every((name) => watchShardNames.includes(name))).toBe(true);
});

function message(n: number, at: number, user = "ana"): InboxMessage {
  return {
    at,
    delivery: `dlv_${n}`,
    user,
    contact: "phone",
    incident: "inc_1",
    title: `page ${n}`,
    severity: "P1",
    service: null,
    reason: "step 1",
    step: 1,
    round: 1,
    link: "http://localhost/r/x",
  };
}

test("the inbox takes a delivery once, lists newest first by person, and survives an eviction", async () => {
  const inbox = inboxStub(env, "inbox-once");
  await inbox.put(message(1, 100));
  await inbox.put({ ...message(1, 100), title: "a second copy" });
  await inbox.put(message(2, 200, "eva"));
  await evictDurableObject(env.INBOX.getByName("v1:inbox-once"));
  const again = inboxStub(env, "inbox-once");
  expect((await again.list({ limit: 10 })).map((each) => each.title)).toEqual(["page 2", "page 1"]);
  expect((await again.list({ limit: 10, user: "ana" })).map((each) => each.title)).toEqual(["page 1"]);
  expect(await inboxStub(env, "inbox-other").list({ limit: 10 })).toEqual([]);
});

test("paging through the inbox loses nothing where several pages share a millisecond", async () => {
  const inbox = inboxStub(env, "inbox-paging");
  for (let n = 0; n < 12; n++) await inbox.put(message(n, 1_000 + Math.floor(n / 3)));
  const seen: string[] = [];
  for (let before: number | undefined = undefined; ;) {
    const page: InboxMessage[] = await inbox.list({ limit: 2, ...(before === undefined ? {} : { before }) });
    if (page.length === 0) break;
    seen.push(...page.map((each) => each.delivery));
    before = page.at(-1)?.at;
  }
  expect(seen).toEqual(Array.from({ length: 12 }, (_, n) => `dlv_${11 - n}`));
});

test("the inbox keeps the last thousand", async () => {
  const inbox = inboxStub(env, "inbox-ring");
  await Promise.all(Array.from({ length: limits.inbox.kept + 5 }, (_, n) => inbox.put(message(n, n))));
  const all = await inbox.list({ limit: 5_000 });
  expect([all.length, all.at(-1)?.at]).toEqual([limits.inbox.kept, 5]);
});

/** An environment in which these objects do not answer, and a count of who tried. */
function dark(): { env: Env; asked: () => number } {
  let asked = 0;
  const fail = (): Promise<never> => {
    asked++;
    return Promise.reject(new Error("unreachable"));
  };
  const namespace = { getByName: () => ({ snapshot: fail, lookup: fail }) };
  return { env: { DIRECTORY: namespace, INDEX: namespace } as unknown as Env, asked: () => asked };
}

test("a copy is used for seconds, and marked stale while the directory is dark", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const out = dark();
  await expect(loadSnapshot(out.env, "cache-dark", null)).rejects.toThrow("unreachable");
  expect(await loadSnapshot(env, "cache-dark", null)).toBeNull();
  await directoryStub(env, "cache-dark", null).publish(atVersion("cache-dark", 1));
  expect(await loadSnapshot(env, "cache-dark", null)).toMatchObject({ stale: false, snapshot: { version: 1 } });
  const before = out.asked();
  expect(await loadSnapshot(out.env, "cache-dark", null)).toMatchObject({ stale: false });
  expect(out.asked()).toBe(before);
  vi.setSystemTime(Date.now() + limits.directory.isolateCacheMs);
  expect(await loadSnapshot(out.env, "cache-dark", null)).toMatchObject({ stale: true, snapshot: { version: 1 } });
  expect(await loadSnapshot(out.env, "cache-dark", null)).toMatchObject({ stale: true });
  expect(out.asked()).toBe(before + 1);
  await directoryStub(env, "cache-dark", null).publish(atVersion("cache-dark", 2));
  vi.setSystemTime(Date.now() + limits.directory.darkMs);
  expect(await loadSnapshot(env, "cache-dark", null)).toMatchObject({ stale: false, snapshot: { version: 2 } });
});

test("a known key outlives a dark shard; an unknown one is an error there, and briefly remembered elsewhere", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  forgetKeys();
  const out = dark();
  const hash = keyHash("cache-key");
  await indexStub(env, hash).putKeys("cache-keys", [{ hash, entry: entryOf("cache-keys", "datadog") }], 1);
  await expect(findKey(out.env, "cache-key")).rejects.toThrow("unreachable");
  expect(await findKey(env, "cache-key")).toEqual(entryOf("cache-keys", "datadog"));
  expect(await findKey(env, "cache-nobody")).toBeNull();
  const before = out.asked();
  expect(await findKey(out.env, "cache-nobody")).toBeNull();
  expect(out.asked()).toBe(before);
  vi.setSystemTime(Date.now() + limits.keys.foundMs);
  expect(await findKey(out.env, "cache-key")).toEqual(entryOf("cache-keys", "datadog"));
  await expect(findKey(out.env, "cache-nobody")).rejects.toThrow("unreachable");
  // Guessing does not push a known key out.
  for (let n = 0; n < 50; n++) await findKey(env, `guess ${n}`);
  expect(await findKey(out.env, "cache-key")).toEqual(entryOf("cache-keys", "datadog"));
});

test("calls an object again only where that may help, and within one limit", async () => {
  const failing = (error: object, times: number): { call: () => Promise<string>; calls: () => number } => {
    let calls = 0;
    return {
      calls: () => calls,
      call: () => (calls++ < times ? Promise.reject(Object.assign(new Error("object"), error)) : Promise.resolve("done")),
    };
  };
  const moved = failing({ retryable: true }, 2);
  expect([await callObject(moved.call, 1_000), moved.calls()]).toEqual(["done", 3]);
  const gone = failing({ retryable: true }, 9);
  await expect(callObject(gone.call, 1_000)).rejects.toThrow("object");
  expect(gone.calls()).toBe(3);
  const crowded = failing({ retryable: true, overloaded: true }, 1);
  await expect(callObject(crowded.call, 1_000)).rejects.toThrow("object");
  const broken = failing({}, 1);
  await expect(callObject(broken.call, 1_000)).rejects.toThrow("object");
  expect([crowded.calls(), broken.calls()]).toEqual([1, 1]);
  await expect(callObject(() => new Promise(() => undefined), 20)).rejects.toThrow(TimeLimitError);
});

test("a jurisdiction is asked for, never silently left out", () => {
  const asked: string[] = [];
  const namespace = {
    getByName: () => "anywhere",
    jurisdiction: (name: string) => (asked.push(name), { getByName: () => "there" }),
  };
  const env = { DIRECTORY: namespace } as unknown as Env;
  expect([directoryStub(env, "t", "eu"), directoryStub(env, "t", null), asked]).toEqual(["there", "anywhere", ["eu"]]);
});
