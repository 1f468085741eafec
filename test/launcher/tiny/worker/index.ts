// Owns the smallest Worker that shows what the launcher gives one: bindings, a database, objects with alarms, ticks.

import { DurableObject } from "cloudflare:workers";

interface TinyEnv {
  readonly DB: D1Database;
  readonly COUNTER: DurableObjectNamespace<Counter>;
  readonly [variable: `TOCSIN_${string}`]: string | undefined;
}

export class Counter extends DurableObject<TinyEnv> {
  async add(): Promise<number> {
    const n = ((await this.ctx.storage.get<number>("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return n;
  }

  async arm(afterMs: number): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + afterMs);
  }

  async rang(): Promise<number> {
    return (await this.ctx.storage.get<number>("rang")) ?? 0;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.put("rang", (await this.rang()) + 1);
  }
}

export default {
  async fetch(request: Request, env: TinyEnv): Promise<Response> {
    const url = new URL(request.url);
    const counter = env.COUNTER.getByName("one");
    if (url.pathname === "/count") return Response.json(await counter.add());
    if (url.pathname === "/rang") return Response.json(await counter.rang());
    if (url.pathname === "/ticks") return Response.json(await env.DB.prepare("SELECT count(*) AS n FROM tick").first("n"));
    if (url.pathname === "/arm") {
      await counter.arm(Number(url.searchParams.get("ms")));
      return new Response(null, { status: 204 });
    }
    return Response.json(Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("TOCSIN_"))));
  },
  async scheduled(_controller: ScheduledController, env: TinyEnv): Promise<void> {
    await env.DB.prepare("INSERT INTO tick (at) VALUES (?)").bind(Date.now()).run();
  },
};
