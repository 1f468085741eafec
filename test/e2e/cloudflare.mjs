// Owns a stand-in of Cloudflare's REST API, as far as wrangler calls it in a deployment: accounts, D1 (real SQL, in memory),
// one account's Workers with versions, deployments, secrets and triggers. Answers what the API's documentation and wrangler's
// own source expect; anything else is 404, so that a new kind of call shows.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";

export const account = { id: "a".repeat(32), name: "Acme" };
const workerNotFound = { status: 404, code: 10_007, message: "This Worker does not exist on your account." };

/**
 * @typedef {object} Cloudflare
 * @property {string} url for CLOUDFLARE_API_BASE_URL
 * @property {string[]} calls `METHOD path`, below /accounts/{id} without it
 * @property {{ uuid: string, name: string, created_in_region: string, sql: DatabaseSync }[]} databases
 * @property {Map<string, { versions: any[], secrets: Map<string, string>, crons: string[] }>} workers
 * @property {Map<string, string>} assets hash by path
 * @property {Map<string, { status: number, code: number, message: string }>} failures by `METHOD path`
 */
export async function cloudflareStandIn() {
  const hub = { url: "", calls: [], databases: [], workers: new Map(), assets: new Map(), files: new Set(), failures: new Map() };
  const server = createServer((request, response) => void answer(hub, request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  hub.url = `http://127.0.0.1:${server.address().port}/client/v4`;
  hub.close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return hub;
}

async function answer(hub, request, response) {
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const body = await new Response(request.method === "GET" ? null : request, { headers }).blob();
  const path =
    new URL(request.url, "http://stand-in").pathname.replace("/client/v4", "").replace(`/accounts/${account.id}`, "") || "/";
  const call = `${request.method} ${path}`;
  hub.calls.push(call);
  const result = hub.failures.get(call) ??
    (await route(hub, call, body)) ?? { status: 404, code: 7_003, message: `no route ${call}` };
  const failed = "status" in result;
  response.writeHead(failed ? result.status : 200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      success: !failed,
      errors: failed ? [{ code: result.code, message: result.message }] : [],
      messages: [],
      result: failed ? null : result.result,
      ...(Array.isArray(result.result) && {
        result_info: { page: 1, per_page: 50, count: result.result.length, total_count: result.result.length, total_pages: 1 },
      }),
    }),
  );
}

async function route(hub, call, body) {
  if (call === "GET /user/tokens/verify") return { result: { id: "t", status: "active" } };
  if (call === "GET /user") return { result: { email: "ana@acme.test" } };
  if (call === "GET /accounts") return { result: [account] };
  if (call === "GET /memberships") return { result: [{ id: "m", account }] };
  if (call.includes("/assets")) return assets(hub, call, body);
  if (call.includes("/d1/")) return database(hub, call, body);
  return worker(hub, call, body);
}

/** Files are asked for by hash, and those that are not there yet are sent. */
async function assets(hub, call, body) {
  const jwt = `${btoa("{}")}.${btoa(JSON.stringify({ exp: Math.floor(Date.now() / 1_000) + 3_600 }))}.s`;
  if (/^POST \/workers\/scripts\/[^/]+\/assets-upload-session$/.test(call)) {
    const { manifest } = JSON.parse(await body.text());
    for (const [path, { hash }] of Object.entries(manifest)) hub.assets.set(path, hash);
    const missing = [...new Set(Object.values(manifest).map(({ hash }) => hash))].filter((hash) => !hub.files.has(hash));
    return { result: { jwt, buckets: missing.length === 0 ? [] : [missing] } };
  }
  if (call === "POST /workers/assets/upload") {
    const form = await new Response(body, { headers: { "content-type": body.type } }).formData();
    for (const hash of form.keys()) hub.files.add(hash);
    return { result: { jwt } };
  }
  return undefined;
}

async function database(hub, call, body) {
  if (call === "GET /d1/database") return { result: hub.databases.map(({ sql: _sql, ...each }) => each) };
  if (call === "POST /d1/database") {
    const { name, jurisdiction } = JSON.parse(await body.text());
    const made = {
      uuid: randomUUID(),
      name,
      jurisdiction,
      created_in_region: "WEUR",
      version: "production",
      sql: new DatabaseSync(":memory:"),
    };
    hub.databases.push(made);
    return { result: { uuid: made.uuid, name, created_in_region: made.created_in_region } };
  }
  const [, uuid, rest] = /^(?:GET|POST) \/d1\/database\/([^/]+)(.*)$/.exec(call) ?? [];
  const found = hub.databases.find((each) => each.uuid === uuid);
  if (found === undefined) return { status: 404, code: 7_404, message: "The database was not found" };
  if (rest === "/query") return { result: query(found.sql, JSON.parse(await body.text())) };
  return undefined;
}

function query(db, { sql, params = [] }) {
  const meta = { duration: 0.1, changes: 0, served_by: "stand-in" };
  if (params.length === 0 && /;\s*\S/.test(sql)) {
    db.exec(sql);
    return [{ results: [], success: true, meta }];
  }
  return [{ results: db.prepare(sql).all(...params), success: true, meta }];
}

async function worker(hub, call, body) {
  if (call === "GET /workers/subdomain") return { result: { subdomain: "acme" } };
  const [, method, name, rest = ""] = /^(\w+) \/workers\/(?:scripts|services|workers)\/([^/]+)(\/.*)?$/.exec(call) ?? [];
  if (name === undefined) return undefined;
  if (rest === "" && method === "PUT") return { result: await upload(hub, name, body) };
  const found = hub.workers.get(name);
  if (found === undefined) return workerNotFound;
  const newest = found.versions.at(-1);
  switch (`${method} ${rest}`) {
    case "GET ":
      return { result: described(name, found) };
    case "GET /settings":
      return { result: { bindings: newest.resources.bindings } };
    case "POST /versions":
      return { result: await upload(hub, name, body) };
    case "GET /secrets":
      return { result: [...found.secrets.keys()].map((each) => ({ name: each, type: "secret_text" })) };
    case "GET /deployments":
      return {
        result: {
          deployments: [
            { id: randomUUID(), created_on: "2026-11-23T03:12:00Z", versions: [{ version_id: newest.id, percentage: 100 }] },
          ],
        },
      };
    case "POST /deployments":
      return { result: { id: randomUUID() } };
    case "PATCH /script-settings":
      return { result: {} };
    case "GET /subdomain":
    case "POST /subdomain":
      return { result: { enabled: true, previews_enabled: false } };
    case "PUT /schedules":
      found.crons = JSON.parse(await body.text()).map((each) => each.cron);
      return { result: { schedules: found.crons.map((cron) => ({ cron })) } };
    default:
      return rest === `/versions/${newest.id}` && method === "GET" ? { result: newest } : undefined;
  }
}

/** What `services/{name}` and `workers/{name}` answer, in one. */
function described(name, { migrationTag }) {
  const script = { id: name, tag: "0".repeat(32), tags: [], last_deployed_from: "wrangler", migration_tag: migrationTag };
  const subdomain = { enabled: true, previews_enabled: false, url: `https://${name}.acme.workers.dev` };
  return { id: name, default_environment: { environment: "production", script }, subdomain };
}

/** A new version: what the upload says, and what it keeps of the version before. */
async function upload(hub, name, body) {
  const form = await new Response(body).formData();
  const metadata = JSON.parse(await textOf(form.get("metadata")));
  const before = hub.workers.get(name) ?? { versions: [], secrets: new Map(), crons: [], migrationTag: undefined };
  const given = metadata.bindings ?? [];
  const kept = (before.versions.at(-1)?.resources.bindings ?? []).filter(
    (binding) => (metadata.keep_bindings ?? []).includes(binding.type) && !given.some((each) => each.name === binding.name),
  );
  const id = randomUUID();
  const bindings = [...given, ...kept];
  hub.workers.set(name, {
    ...before,
    migrationTag: metadata.migrations?.new_tag ?? before.migrationTag,
    secrets: new Map([
      ...before.secrets,
      ...bindings.filter((each) => each.type === "secret_text" && each.text).map((each) => [each.name, each.text]),
    ]),
    versions: [
      ...before.versions,
      {
        id,
        metadata: {},
        resources: { bindings, script: { etag: id }, migrations: metadata.migrations },
        files: [...form.keys()],
      },
    ],
  });
  return { id, etag: id, deployment_id: id.replaceAll("-", ""), startup_time_ms: 20, resources: { script: { etag: id } } };
}

function textOf(part) {
  return typeof part === "string" ? part : part.text();
}
