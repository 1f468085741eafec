// Owns composition only: the doors of the Worker and the classes of its objects.

import { Hono } from "hono";
import { feedApp } from "./api/feed-door.ts";
import { apiApp } from "./api/mount.ts";
import { notFound, onError } from "./api/error.ts";
import { operateApp } from "./api/operate.ts";
import { configProblems } from "./config.ts";
import { dropInApp } from "./ingest/drop-in.ts";
import { heartbeatApp } from "./ingest/heartbeats.ts";
import { ingestApp } from "./ingest/ingest.ts";
import { mailApp, receiveMail } from "./ingest/mail.ts";
import { securityHeaders } from "./lib/headers.ts";
import { sweep } from "./objects/sweep.ts";
import { respondApp } from "./respond/app.tsx";
import { refreshCalendars } from "./tenant/calendars.ts";
import { retireDevices } from "./tenant/devices.ts";
import { republishAll } from "./tenant/republish.ts";
import { serveUi } from "./ui/serve.ts";

export { AccountsObject } from "./objects/accounts.ts";
export { DirectoryObject } from "./objects/directory.ts";
export { GateObject } from "./objects/gate.ts";
export { HeartbeatObject } from "./objects/heartbeat.ts";
export { InboxObject } from "./objects/inbox.ts";
export { IncidentObject } from "./objects/incident.ts";
export { IndexShard } from "./objects/index-shard.ts";
export { LiveObject } from "./objects/live.ts";
export { PersonObject } from "./objects/person.ts";
export { PointerObject } from "./objects/pointer.ts";
export { ReceivedObject } from "./objects/received.ts";
export { WatchShard } from "./objects/watch.ts";

const app = new Hono<{ Bindings: Env }>();

app.use(securityHeaders);
app.use(async (c, next) => {
  const problems = configProblems(c.env);
  if (problems.length > 0 && c.req.path !== "/healthz")
    return c.text(`This hub is not set up:\n- ${problems.join("\n- ")}\n`, 503);
  await next();
});
app.route("/", ingestApp);
app.route("/", mailApp);
app.route("/", dropInApp);
app.route("/", heartbeatApp);
app.route("/", respondApp);
app.route("/", operateApp);
app.route("/", feedApp);
app.route("/", apiApp);
app.notFound(async (c) => (await serveUi(c)) ?? notFound(c));
app.onError(onError);

export default {
  fetch: app.fetch,
  async email(message, env, ctx): Promise<void> {
    await receiveMail(message, (request) => Promise.resolve(app.fetch(request, env, ctx)));
  },
  async scheduled(_controller, env): Promise<void> {
    await sweep(env);
    await republishAll(env);
    await refreshCalendars(env, Date.now());
    await retireDevices(env, Date.now());
  },
} satisfies ExportedHandler<Env>;
