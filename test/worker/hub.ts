// Owns a tenant on the real runtime: applied through the API as a user does, paged by the inbox notifier.

import { applyD1Migrations, env, exports } from "./runtime.ts";

let migrated: Promise<void> | undefined;

/** JSON of an answer, looked into freely by the tests. */
// oxlint-disable-next-line typescript/no-explicit-any -- expectations below say what each field must be
export type Json = Record<string, any>;

export const admin = { authorization: "Bearer test-admin-token" };

/** The Worker's own door. */
export function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(new Request(`http://localhost:8787${path}`, init));
}

export async function api(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const init: RequestInit = {
    method,
    headers: admin,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
  const response = await ask(path, init);
  const text = await response.text();
  return { status: response.status, body: text.startsWith("{") ? (JSON.parse(text) as Json) : { text } };
}

export async function migrate(): Promise<void> {
  migrated ??= applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
  await migrated;
}

export interface TestTenant {
  readonly id: string;
  readonly key: string;
  fire(
    alert: Record<string, unknown>,
  ): Promise<{ status: number; results: { incident: string; action: string; reason: string }[] }>;
  inbox(): Promise<{ user: string; step: number; title: string; reason: string; delivery: string }[]>;
  incident(id: string): Promise<Json>;
  timeline(id: string): Promise<{ kind: string; reason: string; actor: { id: string } }[]>;
}

/** Ana, then Bo after 5 minutes, Eva when nobody else is to be had. */
export async function tenant(id: string, more = ""): Promise<TestTenant> {
  await migrate();
  const document = `
tenant: ${id}
fallback: { notify: [ { user: eva } ] }
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] }, { id: bo, contacts: [ { id: phone, via: inbox } ] }, { id: eva, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 5m }, { notify: [ { user: bo } ], escalateAfter: 10m } ] } ]
services: [ { id: svc, policy: p } ]
integrations: [ { id: in, source: generic, service: svc } ]
${more}`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  const key = String(applied.body["issued"][0].key);
  return {
    id,
    key,
    async fire(alert) {
      const response = await ask(`/v1/ingest/${key}`, { method: "POST", body: JSON.stringify(alert) });
      const body = response.status === 202 ? await response.json<{ results: [] }>() : { results: [] };
      return { status: response.status, results: body.results };
    },
    inbox: async () => (await api("GET", `/api/v1/tenants/${id}/inbox`)).body["items"],
    incident: async (incident) => (await api("GET", `/api/v1/tenants/${id}/incidents/${incident}`)).body,
    timeline: async (incident) => (await api("GET", `/api/v1/tenants/${id}/incidents/${incident}/timeline`)).body["items"],
  };
}

/** Polls the real runtime: what follows a request happens in the same turn, yet not in the same await. */
export async function until<T>(what: string, check: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain for ${what}`);
}
