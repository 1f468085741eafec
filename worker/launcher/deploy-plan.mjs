// Owns what a deployment to Cloudflare wants, from wrangler.toml and the environment alone: what is wrong with them, the
// configuration that is really used, which secrets it needs. Pure: no network, no files, no wrangler.

import { newSecret } from "./secrets.mjs";

/** Where the size of a Worker ends: wrangler 4.156 measures against 64 MiB as uploaded, for every plan. */
export const uploadBytesMax = 64 * 1_024 * 1_024;
/** The limits until September 2026, packed with gzip: 3 MiB (free) and 10 MiB (paid). Some accounts may still have them. */
export const packedBytesFree = 3 * 1_024 * 1_024;

const minutely = "* * * * *";
const neededFlags = ["nodejs_compat", "global_fetch_strictly_public"];
const rootKeyCharsMin = 32;
const tokenCharsMin = 16;
/** Made by a deployment when the Worker has none; never replaced by one. */
export const ownSecrets = ["TOCSIN_SECRET", "TOCSIN_ADMIN_TOKEN"];
/** Sent as secrets whenever the environment holds them: their owner says so. */
const passedOn = /^TOCSIN_(ENV_\w+|DEADMAN_URL|METRICS_TOKEN|PUSH_CONTACT|SECRET_PREVIOUS)$/;

/**
 * Everything that is wrong, in sentences that say what to do.
 * @param {import("wrangler").Unstable_RawConfig} raw wrangler.toml as it stands
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {{ migrationFiles: readonly string[], journal: readonly string[] }} found file names in migrations_dir; drizzle's journal of them
 * @returns {string[]}
 */
export function problemsOf(raw, env, { migrationFiles, journal }) {
  return [
    ...nameProblems(raw),
    ...databaseProblems(raw, migrationFiles, journal),
    ...objectProblems(raw),
    ...runtimeProblems(raw),
    ...secretProblems(raw, env),
  ];
}

function nameProblems({ name, main }) {
  const problems = [];
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name ?? "")) {
    problems.push(`name = ${JSON.stringify(name)}: a Worker's name has 1 to 63 lower-case letters, digits and hyphens`);
  }
  if (typeof main !== "string") problems.push("main is missing: the Worker's first file, worker/index.ts");
  return problems;
}

function databaseProblems({ d1_databases: databases = [] }, migrationFiles, journal) {
  const database = databases.find((each) => each.binding === "DB");
  if (database === undefined) return ['[[d1_databases]] has no binding = "DB": definitions, lists and the audit log live there'];
  const problems = [];
  if (!database.database_name) problems.push('[[d1_databases]] DB has no database_name: the database is found by it ("tocsin")');
  if (!database.migrations_dir)
    problems.push('[[d1_databases]] DB has no migrations_dir ("migrations"): its tables would be missing');
  else if (migrationFiles.length === 0)
    problems.push(`${database.migrations_dir} holds no .sql file: the tables would be missing`);
  const missing = journal.filter((tag) => !migrationFiles.includes(`${tag}.sql`));
  if (missing.length > 0) problems.push(`the journal of the migrations names files that are not there: ${missing.join(", ")}`);
  return problems;
}

function objectProblems({ durable_objects: objects, migrations = [] }) {
  const problems = [];
  const tags = migrations.map((migration) => migration.tag);
  const twice = tags.filter((tag, i) => tags.indexOf(tag) !== i);
  if (twice.length > 0) problems.push(`[[migrations]] has the tag ${twice[0]} twice: each step needs its own`);
  const bound = (objects?.bindings ?? []).filter((each) => each.script_name === undefined);
  if (bound.length === 0) problems.push("[[durable_objects.bindings]] is empty: incidents live in Durable Objects");
  for (const { name, class_name: className } of bound) {
    const made = migrations.filter((each) => each.new_sqlite_classes?.includes(className)).length;
    if (migrations.some((each) => each.new_classes?.includes(className))) {
      problems.push(
        `${className} is in new_classes: it needs SQLite, and that cannot be changed once deployed. Put it into new_sqlite_classes`,
      );
    } else if (made !== 1) {
      problems.push(
        `${className} (binding ${name}) is in new_sqlite_classes of ${made} [[migrations]]: exactly one must make it`,
      );
    }
    if (migrations.some((each) => each.deleted_classes?.includes(className))) {
      problems.push(`${className} (binding ${name}) is in deleted_classes: all its incidents would be deleted`);
    }
  }
  return problems;
}

function runtimeProblems({ triggers, compatibility_flags: flags = [], compatibility_date: date }) {
  const problems = [];
  if (!triggers?.crons?.includes(minutely)) {
    problems.push(`[triggers] crons lacks "${minutely}": the minute's sweep wakes what lost its alarm`);
  }
  const missing = neededFlags.filter((flag) => !flags.includes(flag));
  if (missing.length > 0) problems.push(`compatibility_flags lacks ${missing.join(", ")}`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date ?? "")) problems.push("compatibility_date is missing (YYYY-MM-DD)");
  return problems;
}

function secretProblems({ vars = {} }, env) {
  const problems = [];
  for (const name of Object.keys(vars)) {
    if (ownSecrets.includes(name) || (passedOn.test(name) && !/^TOCSIN_(DEADMAN_URL|PUSH_CONTACT)$/.test(name))) {
      problems.push(
        `[vars] holds ${name}: a secret in a committed file. Take it out, and set it in the environment of this command`,
      );
    }
  }
  const { TOCSIN_SECRET: rootKey, TOCSIN_ADMIN_TOKEN: token } = env;
  if (given(rootKey) && rootKey.length < rootKeyCharsMin) {
    problems.push(`TOCSIN_SECRET has ${rootKey.length} characters: at least ${rootKeyCharsMin} (openssl rand -base64 32)`);
  }
  if (given(token) && token.length < tokenCharsMin) {
    problems.push(`TOCSIN_ADMIN_TOKEN has ${token.length} characters: at least ${tokenCharsMin}`);
  }
  return problems;
}

/**
 * Links in pages start with it, so it is one https origin that phones reach.
 * @param {string} text
 * @returns {{ url: string } | { problem: string }}
 */
export function publicUrlOf(text) {
  const say = (why) => ({ problem: `TOCSIN_PUBLIC_URL = ${text}: ${why}` });
  if (!URL.canParse(text)) return say("not an address; give one like https://tocsin.example.com");
  const url = new URL(text);
  if (url.protocol !== "https:") return say("links are opened from phones over the internet: https only");
  if (url.username !== "" || url.search !== "" || url.hash !== "" || url.pathname !== "/") {
    return say("only scheme and host, nothing after them");
  }
  if (/^(localhost|127\.|10\.|192\.168\.|\[)|\.(local|internal|localhost)$/.test(url.hostname) || !url.hostname.includes(".")) {
    return say("no phone reaches that host");
  }
  return { url: url.origin };
}

/**
 * wrangler.toml with the account's own facts put in. Written under dist/, so the committed file stays as it is; paths are
 * from there. Variables set in the dashboard are kept.
 * @param {object} raw
 * @param {{ databaseId: string | null, publicUrl: string | null, ui: string | null, fromRoot: (file: string) => string }} facts `ui`: folder of the admin UI's files
 */
export function configOf(raw, { databaseId, publicUrl, ui, fromRoot }) {
  const { $schema: _schema, vars: { TOCSIN_PUBLIC_URL: _local, ...vars } = {}, ...rest } = raw;
  return {
    ...rest,
    main: fromRoot(raw.main),
    keep_vars: true,
    ...(ui ? { assets: assetsOf(fromRoot(ui)) } : {}),
    vars: { ...vars, ...(publicUrl === null ? {} : { TOCSIN_PUBLIC_URL: publicUrl }) },
    d1_databases: raw.d1_databases.map((each) => ({
      ...each,
      ...(each.binding === "DB" && databaseId !== null ? { database_id: databaseId } : {}),
      ...(each.migrations_dir ? { migrations_dir: fromRoot(each.migrations_dir) } : {}),
    })),
  };
}

/** For an account without the Worker Loader: only tenants' own plugins need it, and their upload is then refused in words. */
export function withoutLoader({ worker_loaders: _loaders, ...raw }) {
  return raw;
}

/** Hashed files go out without the Worker (their headers stand in admin-ui/public/_headers); every page goes through it. */
function assetsOf(directory) {
  return { directory, binding: "UI", html_handling: "none", not_found_handling: "none", run_worker_first: ["/*", "!/assets/*"] };
}

/**
 * @typedef {object} SecretPlan
 * @property {Record<string, string>} values what goes up
 * @property {string[]} made names of those made here and now
 * @property {string[]} sent names of those from the environment
 * @property {string[]} kept names of our own that the Worker has already
 */

/**
 * Which secrets go up with this deployment.
 * @param {Readonly<Record<string, string | undefined>>} env
 * @param {readonly string[]} present names that the Worker has
 * @returns {SecretPlan}
 */
export function secretsFor(env, present) {
  const plan = { values: {}, made: [], sent: [], kept: [] };
  for (const name of ownSecrets) {
    if (present.includes(name)) plan.kept.push(name);
    else {
      plan.values[name] = given(env[name]) ? env[name] : newSecret();
      (given(env[name]) ? plan.sent : plan.made).push(name);
    }
  }
  for (const name of Object.keys(env).filter((each) => passedOn.test(each) && given(env[each]))) {
    plan.values[name] = env[name];
    plan.sent.push(name);
  }
  return plan;
}

function given(value) {
  return value !== undefined && value !== "";
}
