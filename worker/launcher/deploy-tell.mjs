// Owns what a deployment says: what it found, what it would do, what it did, what to do next. Decides nothing.

import { ownSecrets, packedBytesFree, uploadBytesMax } from "./deploy-plan.mjs";
import { fact, paint } from "./paint.mjs";

/** One aligned line: a name, or nothing under the name before, and what is to be said. */
export function say(name, value) {
  console.log(fact(name, value));
}

/** @param {{ bytes: number, packed: number }} size as uploaded, and after gzip */
export function tellSize({ bytes, packed }) {
  const kib = (n) => `${Math.ceil(n / 1_024)} KiB`;
  say(
    "bundle",
    `${kib(bytes)}, the limit is ${kib(uploadBytesMax)}; ${kib(packed)} packed, the older limits were 3 MiB (free) and 10 MiB (paid)`,
  );
  if (packed > packedBytesFree) say("", paint("yellow", "an account that still has the older limits needs the paid plan"));
}

/**
 * Exactly what would be done.
 * @param {object} raw wrangler.toml
 * @param {{ publicUrl: string | null, migrationFiles: readonly string[], secrets: import("./deploy-plan.mjs").SecretPlan }} plan
 */
export function tellDryRun(raw, { publicUrl, migrationFiles, secrets }) {
  const database = raw.d1_databases.find((each) => each.binding === "DB");
  say(
    "worker",
    `${raw.name}, from ${raw.main}, compatible with ${raw.compatibility_date}, flags ${raw.compatibility_flags.join(", ")}`,
  );
  say("address", publicUrl ?? "TOCSIN_PUBLIC_URL is not set: the one in force is kept; the first time it is asked for");
  say("database", `D1 ${database.database_name} as ${database.binding}: found by its name, else created`);
  say("tables", `${migrationFiles.length} migrations, those that are due: ${migrationFiles.join(", ")}`);
  for (const { name, class_name: className } of raw.durable_objects.bindings) {
    const step = raw.migrations.find((each) => each.new_sqlite_classes?.includes(className));
    say("object", `${className} as ${name}, SQLite, made by ${step.tag}`);
  }
  for (const { binding } of raw.worker_loaders ?? [])
    say("sandbox", `Worker Loader as ${binding}, for plugins of the tenants' own`);
  if (!raw.worker_loaders) say("sandbox", "none: no plugins of the tenants' own");
  say("cron", raw.triggers.crons.join(", "));
  const vars = Object.entries(raw.vars ?? {}).filter(([name]) => name !== "TOCSIN_PUBLIC_URL");
  for (const [name, value] of vars) say("variable", `${name} = ${JSON.stringify(value)}`);
  for (const name of secrets.made) say("secret", `${name}: made and set if the Worker has none; never replaced`);
  for (const name of secrets.sent)
    say("secret", `${name}: from the environment${ownSecrets.includes(name) ? ", if the Worker has none" : ""}`);
  console.log(
    "\n  ready to deploy; nothing was sent. Without --dry-run it is done, with `npx wrangler login` or CLOUDFLARE_API_TOKEN\n",
  );
}

/** Names only. @param {import("./deploy-plan.mjs").SecretPlan} secrets */
export function tellSecrets({ made, sent, kept }) {
  const lists = [`made ${made.join(", ")}`, `from the environment ${sent.join(", ")}`, `kept ${kept.join(", ")}`];
  say("secrets", lists.filter((list) => !list.endsWith(" ")).join("; "));
}

/** @param {string} token */
export function tellToken(token) {
  say("token", token);
  say("", "the hub owner's API token, made by this run and shown once: keep it");
}

/** @param {{ publicUrl: string, targets: readonly string[], name: string }} deployed `targets`: hosts that answer */
export function tellWhatNext({ publicUrl, targets, name }) {
  const { host } = new URL(publicUrl);
  if (!targets.includes(host)) {
    say("", paint("yellow", `links point at ${host}, but this deployment answers at ${targets.join(", ") || "no address yet"}:`));
    say(
      "",
      `give the Worker that domain (dashboard: Workers & Pages → ${name} → Settings → Domains & Routes), or another TOCSIN_PUBLIC_URL`,
    );
  }
  console.log(`\n  ${paint("bold", "Next")}`);
  say("check", `curl ${publicUrl}/readyz`);
  say(
    "tenant",
    `curl -X PUT -H "Authorization: Bearer $TOKEN" --data-binary @team.yaml ${publicUrl}/api/v1/tenants/TENANT/config`,
  );
  say("secrets", "that the document names as { env: NAME }: run this again with TOCSIN_ENV_TENANT_NAME set");
  say("again", "npm run deploy, after each change: it finds what is there\n");
}
