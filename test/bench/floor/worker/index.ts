// Owns the floors that the hub is measured against: a bare Hono Worker with one object call and one SQLite insert, and one with
// one statement through D1.

import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";

interface FloorEnv {
  readonly FLOOR: DurableObjectNamespace<Floor>;
  readonly DB: D1Database;
}

export class Floor extends DurableObject<FloorEnv> {
  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  }

  async insert(body: string): Promise<void> {
    this.ctx.storage.sql.exec("INSERT INTO t (body) VALUES (?)", body);
  }
}

const app = new Hono<{ Bindings: FloorEnv }>();
app.get("/healthz", (c) => c.json({ status: "ok" }));
app.post("/insert/:name", async (c) => {
  await c.env.FLOOR.getByName(c.req.param("name")).insert(await c.req.text());
  return c.json({ accepted: 1 }, 202);
});

app.post("/rows", async (c) => {
  const { sql, values } = await c.req.json<{ sql: string; values: unknown[] }>();
  return c.json(
    await c.env.DB.prepare(sql)
      .bind(...values)
      .all(),
  );
});

export default app;
