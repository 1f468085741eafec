// Owns changing a tenant, by a whole document or by one object: planned on what is stored, checked as a whole, saved under a
// version that only one writer wins, put in force. All or nothing.

import { notifiers, sources } from "../../plugins/registry.gen.ts";
import { limits } from "../core/limits.ts";
import type { Role, Snapshot } from "../core/snapshot.ts";
import { dbFor } from "../store/db.ts";
import { lastVersion } from "../store/audit.ts";
import { listTenants, loadTenant, saveTenant, takenKeys, type StoredTenant } from "../store/tenant.ts";
import { checkDefinitions, type Finding } from "./check.ts";
import { compile } from "./compile.ts";
import { fromStored, noDefinitions, toStored, type Definitions } from "./definitions.ts";
import { errorAt, parseDocument, type DocumentError, type PlaceOf } from "./parse.ts";
import { ownedDevices } from "./devices-of.ts";
import { changesBetween, merge, type PlannedChange } from "./plan.ts";
import { publish } from "./publish.ts";
import { recorded, type RecordedChange } from "./record.ts";
import { withHistory } from "./schedule-history.ts";
import { sealDocument, type Issued } from "./secrets.ts";

export { publish, republish } from "./publish.ts";

/** What somebody wants of the tenant as it stands. `stop`: nothing is to be changed after all, and why. */
export type Plan<Stop> =
  | { readonly next: Definitions; readonly issued: readonly Issued[]; readonly errors: readonly Finding[] }
  | { readonly stop: Stop };

export interface ChangeInput<Stop> {
  readonly tenant: string;
  readonly actor: string;
  /** What the audit log calls it. */
  readonly action: string;
  readonly dryRun: boolean;
  /** Planned anew on what somebody else saved meanwhile; false: such a change is the answer. */
  readonly again: boolean;
  /** An error that was there before is not this change's, and does not stop it. */
  readonly tolerant: boolean;
  plan(present: Definitions | null, version: number): Promise<Plan<Stop>>;
}

export interface Changed {
  readonly kind: "changed";
  readonly inForce: boolean;
  readonly version: number;
  readonly next: Definitions;
  readonly changes: readonly PlannedChange[];
  /** The same with each object before and after, without secrets. */
  readonly detail: readonly RecordedChange[];
  readonly issued: readonly Issued[];
  readonly warnings: readonly Finding[];
}

export type ChangeResult<Stop> =
  | Changed
  | { readonly kind: "stopped"; readonly stop: Stop }
  | { readonly kind: "invalid"; readonly findings: readonly Finding[]; readonly next: Definitions }
  | { readonly kind: "moved"; readonly version: number };

/** The one way to change a tenant. Throws when D1 refuses; nothing was changed then. */
export async function changeTenant<Stop>(env: Env, input: ChangeInput<Stop>, now: number): Promise<ChangeResult<Stop>> {
  for (let attempt = 1; ; attempt++) {
    const result = await changeOnce(env, input, now);
    if (result.kind !== "moved" || !input.again || attempt >= limits.api.changeTriesMax) return result;
    // Whoever was quicker has the version; the others spread, so that each round lets one through.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * Math.min(attempt, 10)));
  }
}

async function changeOnce<Stop>(env: Env, input: ChangeInput<Stop>, now: number): Promise<ChangeResult<Stop>> {
  const { tenant, actor, action } = input;
  const db = dbFor(env, tenant);
  const stored = await loadTenant(db, tenant);
  const present = stored === null ? null : fromStored(stored);
  const plan = await input.plan(present, stored?.version ?? 0);
  if ("stop" in plan) return { kind: "stopped", stop: plan.stop };
  const { issued } = plan;
  const next = withHistory(present, ownedDevices(plan.next), now);
  const { errors, warnings } = checkDefinitions(next, { sources, notifiers });
  // A secret that could not be had is missing below too: its own error says more.
  const wrong = plan.errors.length > 0 ? plan.errors : input.tolerant ? newOnes(errors, next, present) : errors;
  if (wrong.length > 0) return { kind: "invalid", findings: wrong, next };
  const changes = changesBetween(tenant, present, next);
  const version = stored?.version ?? 0;
  const detail = recorded(changes, present ?? noDefinitions, next);
  const result = { kind: "changed" as const, next, changes, detail, warnings };
  if (input.dryRun) return { ...result, version, inForce: false, issued: [] };
  if (changes.length === 0 && stored !== null) return { ...result, version, inForce: await publish(env, stored), issued: [] };
  const nextVersion = (stored === null ? await lastVersion(db, tenant) : version) + 1;
  const saved: StoredTenant = toStored(tenant, nextVersion, next, stored);
  const save = saveTenant(db, { before: stored, next: saved, actor, action, changes: detail, at: now });
  const outcome = await save.catch(async (error: unknown) => {
    const taken = await takenKeys(
      db,
      tenant,
      [...next.integrations, ...next.heartbeats].map((each) => each.keyHash),
    );
    if (taken.length === 0) throw error;
    return taken;
  });
  if (typeof outcome !== "string") {
    const kind = next.integrations.some((each) => outcome.includes(each.keyHash)) ? "integrations" : "heartbeats";
    const at = next[kind].findIndex((each) => outcome.includes(each.keyHash));
    const message = "this key is taken: choose another one, or leave `key` out to have one made";
    return { kind: "invalid", next, findings: [{ path: [kind, at, "key"], message }] };
  }
  if (outcome === "conflict") return { kind: "moved", version: (await loadTenant(db, tenant))?.version ?? 0 };
  return { ...result, version: nextVersion, inForce: await publish(env, saved), issued };
}

/** Errors that the present definitions do not have already. */
function newOnes(errors: readonly Finding[], next: Definitions, present: Definitions | null): readonly Finding[] {
  if (errors.length === 0 || present === null) return errors;
  const known = new Set(checkDefinitions(present, { sources, notifiers }).errors.map((each) => nameOf(each, present)));
  return errors.filter((each) => !known.has(nameOf(each, next)));
}

/** By the object's id where the path has its place, which moves. */
function nameOf({ path, message }: Finding, all: Definitions): string {
  const [kind, index, ...rest] = path;
  const object = objectAt(all, kind, index);
  return JSON.stringify([kind, object?.id ?? index, rest, message]);
}

/** The object that a finding's path begins with. */
export function objectAt(all: Definitions, kind: unknown, index: unknown): { readonly id: string } | undefined {
  const list = typeof kind === "string" ? (all as unknown as Record<string, unknown>)[kind] : undefined;
  return Array.isArray(list) && typeof index === "number" ? (list[index] as { readonly id: string } | undefined) : undefined;
}

export interface ApplyInput {
  readonly tenant: string;
  readonly text: string;
  readonly contentType: string;
  /** The version the caller saw; null: does not care. */
  readonly ifMatch: number | null;
  readonly dryRun: boolean;
  /** Kinds whose objects made at run time go too when the document does not name them. */
  readonly prune?: readonly string[];
  /** The tenant must not be there yet. */
  readonly create?: boolean;
  readonly actor: string;
  /** Whether the actor may give a person this role. */
  readonly mayGrant: (role: Role) => boolean;
}

export type ApplyResult =
  | {
      readonly kind: "applied";
      readonly inForce: boolean;
      readonly dryRun: boolean;
      readonly version: number;
      readonly changes: readonly PlannedChange[];
      readonly detail: readonly RecordedChange[];
      readonly issued: readonly Issued[];
      readonly warnings: readonly DocumentError[];
    }
  | { readonly kind: "invalid"; readonly errors: readonly DocumentError[] }
  | { readonly kind: "exists" }
  | { readonly kind: "moved"; readonly version: number };

export async function applyDocument(env: Env, input: ApplyInput, now: number): Promise<ApplyResult> {
  const { tenant, actor, dryRun } = input;
  const wish = wishOf(env, input);
  if (!wish.ok) return { kind: "invalid", errors: wish.errors };
  const { placeOf, plan } = wish;
  const action = input.create === true ? "tenant.create" : "config.apply";
  const result = await changeTenant(env, { tenant, actor, action, dryRun, again: true, tolerant: false, plan }, now);
  switch (result.kind) {
    case "stopped":
      return result.stop;
    case "moved":
      return result;
    case "invalid":
      return { kind: "invalid", errors: result.findings.map((finding) => placed(finding, placeOf)) };
    case "changed": {
      const { inForce, version, changes, detail, issued } = result;
      const warnings = result.warnings.map((finding) => placed(finding, placeOf));
      return { kind: "applied", inForce, dryRun, version, changes, detail, issued, warnings };
    }
  }
}

export type Draft =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** The configuration as it would be in force were this document applied. Nothing is stored. */
export async function draftOf(env: Env, tenant: string, text: string, now: number): Promise<Draft> {
  const input: ApplyInput = {
    tenant,
    text,
    contentType: "",
    ifMatch: null,
    dryRun: true,
    actor: "",
    // A draft gives nobody anything.
    mayGrant: () => true,
  };
  const wish = wishOf(env, input);
  if (!wish.ok) return wish;
  const { placeOf, plan } = wish;
  const how = { tenant, actor: "", action: "draft", dryRun: true, again: false, tolerant: false, plan };
  const result = await changeTenant(env, how, now);
  if (result.kind === "invalid") return { ok: false, errors: result.findings.map((finding) => placed(finding, placeOf)) };
  if (result.kind !== "changed") throw new Error("a draft is neither stopped nor overtaken");
  return { ok: true, snapshot: compile(toStored(tenant, result.version + 1, result.next), notifiers) };
}

type Wish =
  | {
      readonly ok: true;
      readonly placeOf: PlaceOf;
      readonly plan: (present: Definitions | null, version: number) => Promise<Plan<ApplyResult>>;
    }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

/** What a document wants of the tenant. */
function wishOf(env: Env, input: ApplyInput): Wish {
  const { tenant, ifMatch } = input;
  const parsed = parseDocument(input.text, input.contentType);
  if (!parsed.ok) return { ok: false, errors: parsed.errors };
  const { document, given, placeOf } = parsed;
  if (document.tenant !== tenant) {
    const message = `the document is of tenant ${document.tenant}, the address is of ${tenant}`;
    return { ok: false, errors: [errorAt(placeOf, ["tenant"], message)] };
  }
  const plan = async (present: Definitions | null, version: number): Promise<Plan<ApplyResult>> => {
    if (input.create === true && present !== null) return { stop: { kind: "exists" } };
    if (ifMatch !== null && ifMatch !== version) return { stop: { kind: "moved", version } };
    const base = present ?? noDefinitions;
    const sealed = await sealDocument(env, document, base, await otherTenants(env, tenant));
    const next = merge(base, given, sealed.definitions, input.prune);
    return { next, issued: sealed.issued, errors: [...sealed.errors, ...overreaching(base, next, input)] };
  };
  return { ok: true, placeOf, plan };
}

/** Roles given, or taken from people, that are above the actor's own. */
function overreaching(before: Definitions, next: Definitions, { mayGrant }: ApplyInput): Finding[] {
  const old = new Map(before.users.map((user) => [user.id, user.role]));
  const gone = before.users.filter((user) => !mayGrant(user.role) && !next.users.some((other) => other.id === user.id));
  return [
    ...next.users.flatMap(({ id, role }, i): Finding[] => {
      const was = old.get(id);
      const fine = was === role || (mayGrant(role) && (was === undefined || mayGrant(was)));
      return fine ? [] : [{ path: ["users", i, "role"], message: `the role of ${id} is above your own: you cannot change it` }];
    }),
    ...gone.map(({ id }): Finding => ({
      path: ["users"],
      message: `the role of ${id} is above your own: you cannot remove them`,
    })),
  ];
}

export async function otherTenants(env: Env, tenant: string): Promise<string[]> {
  return (await listTenants(env.DB)).map((row) => row.id).filter((id) => id !== tenant);
}

function placed(finding: Finding, placeOf: PlaceOf): DocumentError {
  const { path, message, nearest, inside, told } = finding;
  return { ...errorAt(placeOf, path, message, nearest, inside), ...(told && { told }) };
}
