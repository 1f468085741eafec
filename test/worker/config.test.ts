// The tenant document through the API: all or nothing, errors with their place, secrets that never come back, round trip.

import { expect, test } from "vitest";
import { admin, api, ask, migrate } from "./hub.ts";
import { env } from "./runtime.ts";
import example from "../../worker/tenant/example.yaml?raw";

async function put(tenant: string, text: string, more = "", headers: Record<string, string> = {}) {
  await migrate();
  const response = await ask(`/api/v1/tenants/${tenant}/config${more}`, {
    method: "PUT",
    body: text,
    headers: { ...admin, ...headers },
  });
  return { status: response.status, etag: response.headers.get("etag"), body: await response.json<Record<string, unknown>>() };
}

async function get(tenant: string): Promise<{ text: string; etag: string | null }> {
  const response = await ask(`/api/v1/tenants/${tenant}/config`, { headers: admin });
  return { text: await response.text(), etag: response.headers.get("etag") };
}

/** The hub's variables are bindings: a test sets them where the launcher would. */
function setVariable(name: string, value: string): void {
  (env as unknown as Record<string, string>)[name] = value;
}

const withValues = (tenant: string): string =>
  example
    .replace("tenant: acme", `tenant: ${tenant}`)
    .replaceAll(/\{ env: (\w+) \}/g, '{ value: "a-secret-of-more-than-24-characters" }');

test("the shipped example applies, and given back and applied again changes nothing", async () => {
  const first = await put("example", withValues("example"));
  expect(first).toMatchObject({ status: 200, body: { applied: true, version: 1 } });
  expect((first.body["issued"] as unknown[]).length).toBe(4);
  const { text, etag } = await get("example");
  expect(etag).toBe('"1"');
  expect(await put("example", text)).toMatchObject({ status: 200, body: { applied: true, version: 1, changes: [], issued: [] } });
  const asJson = await ask("/api/v1/tenants/example/config", { headers: { ...admin, accept: "application/json" } });
  expect(await put("example", await asJson.text(), "", { "content-type": "application/json" })).toMatchObject({
    body: { changes: [] },
  });
});

test("no secret and no key ever comes back, nor lies readable in the database", async () => {
  await put("sealed", withValues("sealed"));
  const { text } = await get("sealed");
  const rows = await env.DB.prepare(
    "SELECT body FROM notifiers WHERE tenant = 'sealed' UNION ALL SELECT body FROM integrations WHERE tenant = 'sealed' UNION ALL SELECT body FROM audit WHERE tenant = 'sealed'",
  ).all<{ body: string }>();
  for (const each of [text, ...rows.results.map((row) => row.body)])
    expect(each).not.toContain("a-secret-of-more-than-24-characters");
});

test.each([
  ["tenant: errs\nusers: [ { id: ana, contcts: [] } ]\n", "users[0].contcts", "contacts"],
  ["tenant: errs\nservises: []\n", "servises", "services"],
  [
    "tenant: errs\nservices: [ { id: a, policy: paymnts } ]\npolicies: [ { id: payments, steps: [] } ]\n",
    "services[0].policy",
    "payments",
  ],
  ["tenant: errs\nintegrations: [ { id: a, source: prometheu } ]\n", "integrations[0].source", "prometheus"],
])("an unknown name is refused with its place and the nearest known one (%#)", async (text, path, nearest) => {
  const { status, body } = await put("errs", text);
  expect(status).toBe(422);
  expect(body["errors"]).toMatchObject([{ path, nearest, line: expect.any(Number), column: expect.any(Number) }]);
});

test.each([
  ["tenant: errs\npolicies: [ { id: p, steps: [ { notify: [], escalateAfter: 5 minutes } ] } ]\n", "duration"],
  ["tenant: errs\nroutes: [ { id: r, when: 'alert.title ==' } ]\n", "expression"],
  ["tenant: errs\ntimeZone: Europe/Nowhere\n", "IANA"],
  ["tenant: other\n", "the address is of errs"],
  ["tenant: errs\nusers: [ { id: a }, { id: a } ]\n", "two users"],
  ["tenant: errs\nusers: [ { id: a, contacts: [ { id: m, via: mail } ] } ]\n", "no notifier is called mail"],
  ["tenant: errs\nnotifiers: [ { id: n, plugin: smtp, config: { host: h, port: 25, from: a@b.test } } ]\n", "port 25"],
  ["tenant: [", "at line"],
])("what cannot be is refused whole (%#)", async (text, words) => {
  const { status, body } = await put("errs", text);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain(words === "at line" ? "errors" : words);
  expect((await api("GET", "/api/v1/tenants/errs/users")).status).toBe(404);
});

test("a section that is absent is left alone, an empty one is emptied, and a dry run changes nothing", async () => {
  await put("parts", "tenant: parts\nusers: [ { id: ana }, { id: bo } ]\nteams: [ { id: t, members: [ana] } ]\n");
  expect((await put("parts", "tenant: parts\nteams: []\n", "?dryRun=true")).body).toMatchObject({
    applied: false,
    changes: [{ op: "remove", kind: "teams", id: "t" }],
  });
  expect((await put("parts", "tenant: parts\nname: Parts\n")).body).toMatchObject({
    version: 2,
    changes: [{ op: "change", kind: "tenant" }],
  });
  expect((await put("parts", "tenant: parts\nusers: [ { id: bo } ]\n")).body).toMatchObject({
    errors: [{ message: expect.stringContaining("no user is called ana") }],
  });
  expect((await put("parts", "tenant: parts\nteams: []\nusers: [ { id: bo } ]\n")).body).toMatchObject({
    version: 3,
    changes: [
      { op: "remove", kind: "users", id: "ana" },
      { op: "remove", kind: "teams", id: "t" },
    ],
  });
});

test("If-Match refuses to overwrite what somebody changed since", async () => {
  await put("match", "tenant: match\n");
  expect((await put("match", "tenant: match\nname: A\n", "", { "if-match": '"1"' })).status).toBe(200);
  expect(await put("match", "tenant: match\nname: B\n", "", { "if-match": '"1"' })).toMatchObject({
    status: 412,
    body: { version: 2 },
  });
});

test("a secret is read from the tenant's own variable and from no other", async () => {
  const hook = (name: string): string =>
    `tenant: vars\nnotifiers: [ { id: h, plugin: webhook, config: { url: "https://a.test/" }, secrets: { signingKey: { env: ${name} } } } ]\n`;
  for (const name of ["TOCSIN_SECRET", "SECRET", "PATH"]) {
    expect((await put("vars", hook(name))).body).toMatchObject({
      errors: [{ message: expect.stringContaining(`TOCSIN_ENV_VARS_${name}`) }],
    });
  }
  setVariable("TOCSIN_ENV_VARS_HOOK", "a-hook-secret-of-more-than-24-characters");
  expect((await put("vars", hook("HOOK"))).status).toBe(200);
  expect((await put("vars", hook("HOOK"))).body).toMatchObject({ changes: [] });
});

test("one tenant's variable cannot be named by another whose name is its beginning", async () => {
  await put("long-prod", "tenant: long-prod\n");
  setVariable("TOCSIN_ENV_LONG_PROD_HOOK", "long-prod's-secret-of-more-than-24-characters");
  const { status, body } = await put(
    "long",
    'tenant: long\nnotifiers: [ { id: h, plugin: webhook, config: { url: "https://a.test/" }, secrets: { signingKey: { env: PROD_HOOK } } } ]\n',
  );
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain("is tenant long-prod's");
});

test("a generated key is shown once and works; a removed integration's key stops", async () => {
  const { body } = await put("keys", "tenant: keys\nintegrations: [ { id: in, source: generic } ]\n");
  const [{ key }] = body["issued"] as [{ key: string }];
  expect((await api("POST", `/v1/ingest/${key}`, { dedupKey: "a", title: "A" })).status).toBe(202);
  await put("keys", "tenant: keys\nintegrations: []\n");
  expect((await api("POST", `/v1/ingest/${key}`, { dedupKey: "a", title: "A" })).status).toBe(401);
});

test("the audit log holds every change and its chain is whole", async () => {
  await put("audited", "tenant: audited\n");
  await put("audited", "tenant: audited\nname: B\n");
  expect((await api("GET", "/api/v1/tenants/audited/audit")).body).toMatchObject({
    items: [{ seq: 1, action: "config.apply" }, { seq: 2 }],
  });
  expect((await api("GET", "/api/v1/tenants/audited/audit/verify")).body).toEqual({ whole: true, firstBad: null });
  await expect(env.DB.prepare("UPDATE audit SET actor = 'x' WHERE tenant = 'audited'").run()).rejects.toThrow(/append-only/);
  await expect(env.DB.prepare("DELETE FROM audit WHERE tenant = 'audited'").run()).rejects.toThrow(/append-only/);
});
