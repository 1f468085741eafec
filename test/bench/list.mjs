// `npm run bench -- list`: how fast the list of incidents answers with 10,000 open ones (and 40,000 that are over), against the
// same SQL over the same rows in D1 and nothing around it. Figures are of this machine, quote the ratios; nothing here asserts one.
import { DatabaseSync } from "node:sqlite";
import path from "node:path";
import { build } from "../../worker/launcher/build.mjs";
import { launchHub } from "../e2e/hub.mjs";
import { databaseOf, fillWithIncidents } from "./many-incidents.mjs";

const rounds = Number(process.argv[2] ?? 60);
const open = 10_000;
const closed = 40_000;
const quantile = (list, q) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
const services = Array.from({ length: 40 }, (_, i) => `s${i}`);
const columns =
  "id, status, severity, urgency, service, policy, source, title, acknowledged_by AS acknowledgedBy, opened_at AS openedAt, updated_at AS updatedAt, resolved_at AS resolvedAt, body";
const isOpen = 'status IN (SELECT value FROM json_each(\'["triggered","acknowledged"]\'))';

const list = (query) => `/api/v1/tenants/many/incidents?limit=100&status=triggered,acknowledged${query}`;

const hub = await launchHub();
const floorLaunch = await build({ root: path.join(import.meta.dirname, "floor") });
const floor = await launchHub({ args: ["--launch", floorLaunch] });
try {
  const applied = await hub.apply(
    "many",
    JSON.stringify({
      tenant: "many",
      users: [{ id: "ana", contacts: [{ id: "phone", via: "inbox" }] }],
      teams: [{ id: "few", members: ["ana"] }],
      policies: [{ id: "p", steps: [{ notify: [{ user: "ana" }], escalateAfter: "1h" }] }],
      services: services.map((id, i) => ({ id, policy: "p", ...(i < 2 ? { team: "few" } : {}) })),
      integrations: [{ id: "in", source: "generic", service: "s0" }],
    }),
  );
  const alert = {
    dedupKey: "a",
    title: "Payments are down",
    severity: "critical",
    labels: { cluster: "eu-1", service: "payment" },
  };
  const sent = await fetch(applied.issued[0].url.replace(/^https?:\/\/[^/]+/, hub.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(alert),
  });
  if (sent.status !== 202) throw new Error(await sent.text());
  await fillWithIncidents(hub, { tenant: "many", open, closed, services });
  await copyTo(floor, hub);

  const deep = await cursorAfter(50);
  const cases = [
    ["first page of 100", list(""), isOpen],
    ["page 51", list(`&cursor=${deep}`), `${isOpen} AND id < '${deep}'`],
    ["severity P2", list("&severity=P2"), `${isOpen} AND severity = 'P2'`],
    ["one service of 40", list("&service=s39"), `${isOpen} AND service = 's39'`],
    ["a team's services", list("&team=few"), `${isOpen} AND service IN ('s0', 's1')`],
    ["mine", list("&assignee=ana"), `${isOpen} AND EXISTS (SELECT 1 FROM json_each(body -> 'assignees') WHERE value = 'ana')`],
    ["search, 1 in 100 fits", list("&q=voucher"), `${isOpen} AND instr(folded, 'voucher') > 0`],
    ["search, nothing fits", list("&q=nowhere"), `${isOpen} AND instr(folded, 'nowhere') > 0`],
    ["all states, nothing fits", "/api/v1/tenants/many/incidents?limit=100&q=nowhere", "instr(folded, 'nowhere') > 0"],
  ];
  console.log(
    `a list of 100 out of ${open} open and ${closed} closed incidents, ${rounds} times each, in turn with the plain SQL`,
  );
  let worst = 0;
  for (const [name, at, where] of cases) {
    const sql = `SELECT ${columns} FROM incidents WHERE tenant = 'many' AND ${where} ORDER BY id DESC LIMIT 101`;
    const [ours, base] = [[], []];
    let rows = 0;
    for (let i = 0; i < rounds + 5; i++) {
      // In turn, so that the machine's noise falls on both.
      const [took, found] = await timed(
        () => hub.api("GET", at),
        (answer) => answer.body.items?.length,
      );
      const [plain, there] = await timed(
        () => floor.api("POST", "/rows", JSON.stringify({ sql, values: [] })),
        (answer) => answer.body.results?.length,
      );
      if (found !== Math.min(there, 100)) throw new Error(`${name}: the list has ${found}, the table ${there}`);
      rows = found;
      if (i < 5) continue;
      ours.push(took);
      base.push(plain);
    }
    worst = Math.max(worst, quantile(ours, 0.95));
    const ms = (list, q) => `${quantile(list, q).toFixed(1).padStart(6)}`;
    console.log(
      `  ${name.padEnd(26)} ${String(rows).padStart(3)} rows   p50 ${ms(ours, 0.5)} ms  p95 ${ms(ours, 0.95)} ms   floor p50 ${ms(base, 0.5)} ms  p95 ${ms(base, 0.95)} ms   ratio ${(quantile(ours, 0.5) / quantile(base, 0.5)).toFixed(2)}`,
    );
  }
  console.log(`  the slowest p95 is ${worst.toFixed(0)} ms of the 200 ms that a list may take`);
} finally {
  await hub.stop();
  await floor.stop();
}

async function timed(run, size) {
  const before = performance.now();
  const answer = await run();
  const took = performance.now() - before;
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body).slice(0, 300));
  return [took, size(answer)];
}

/** The cursor that so many pages lead to. */
async function cursorAfter(pages) {
  let cursor = "";
  for (let n = 0; n < pages; n++) cursor = (await hub.api("GET", list(cursor === "" ? "" : `&cursor=${cursor}`))).body.next;
  return cursor;
}

/** The same rows and indexes in the floor's own D1. */
async function copyTo(to, from) {
  const db = new DatabaseSync(databaseOf(from.data), { readOnly: true });
  const made = db
    .prepare("SELECT sql FROM sqlite_master WHERE tbl_name = 'incidents' AND sql IS NOT NULL ORDER BY type DESC")
    .all();
  const all = db.prepare("SELECT * FROM incidents").all();
  db.close();
  for (const { sql } of made) await ran(to, sql);
  const columns = Object.keys(all[0]);
  const from0 = columns.map((column) => `value ->> '${column}'`).join(", ");
  for (let i = 0; i < all.length; i += 1_000)
    await ran(
      to,
      `INSERT INTO incidents (${columns.join(", ")}) SELECT ${from0} FROM json_each(?1)`,
      JSON.stringify(all.slice(i, i + 1_000)),
    );
}

async function ran(hubOrFloor, sql, value) {
  const answer = await hubOrFloor.api("POST", "/rows", JSON.stringify({ sql, values: value === undefined ? [] : [value] }));
  if (answer.status !== 200) throw new Error(`${sql.slice(0, 80)}: ${JSON.stringify(answer.body).slice(0, 300)}`);
}
