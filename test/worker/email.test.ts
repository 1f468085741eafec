// Mail, through the Worker's own doors: what Email Routing hands over opens, joins and closes an incident, a stranger is refused for
// good, and what could not be stored is never said to have arrived.

import { expect, test } from "vitest";
import worker from "../../worker/index.ts";
import { receiveMail } from "../../worker/ingest/mail.ts";
import { api, ask, tenant } from "./hub.ts";
import { env } from "./runtime.ts";

async function mailbox(id: string, config = "{}"): Promise<{ key: string; items: () => Promise<Record<string, string>[]> }> {
  await tenant(id);
  const document = `tenant: ${id}\nintegrations: [ { id: mail, source: email, service: svc, config: ${config} } ]\n`;
  const applied = await api("PUT", `/api/v1/tenants/${id}/config`, document);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  const key = String((applied.body["issued"] as { id: string; key: string }[]).find((each) => each.id === "mail")?.key);
  return { key, items: async () => (await api("GET", `/api/v1/tenants/${id}/inbox`)).body["items"] };
}

/** As the platform calls it. */
async function routed(to: string, raw: string, from = "a@acme.example"): Promise<{ rejected: string | null }> {
  let rejected: string | null = null;
  const message = {
    from,
    to,
    raw: new Blob([raw]).stream(),
    setReject: (reason: string) => void (rejected = reason),
  };
  const late: Promise<unknown>[] = [];
  const ctx = { waitUntil: (each: Promise<unknown>) => void late.push(each), passThroughOnException: () => undefined };
  await worker.email(message as unknown as ForwardableEmailMessage, env, ctx as unknown as ExecutionContext);
  await Promise.all(late);
  return { rejected };
}

let count = 0;
const mail = (subject: string, text = "text", id = `<${++count}@acme.example>`): string =>
  `From: a@acme.example\r\nSubject: ${subject}\r\nMessage-ID: ${id}\r\n\r\n${text}\r\n`;

test("a mail opens an incident, the next joins it, and RESOLVED ends it; the body is kept without the key", async () => {
  const { key, items } = await mailbox("mailed");
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(await routed(`ops+${key.toUpperCase()}@pages.example`, mail("CRITICAL: Disk full on db1", `key ${key}`))).toEqual({
    rejected: null,
  });
  expect((await items()).map((each) => each["title"])).toEqual(["CRITICAL: Disk full on db1"]);
  const answer = await ask(`/v1/mail/${key}@pages.example?from=a@acme.example`, {
    method: "POST",
    body: mail("WARNING: Disk full on db1"),
  });
  const joined = await answer.json<{ results: { incident: string; action: string }[] }>();
  expect([answer.status, joined.results[0]?.action]).toEqual([202, "updated"]);
  await routed(`${key}@pages.example`, mail("Re: [RESOLVED] Disk full on db1"));
  const incident = (await api("GET", `/api/v1/tenants/mailed/incidents/${joined.results[0]?.incident}`)).body;
  expect(incident).toMatchObject({ status: "resolved" });
  const received = await api("GET", "/api/v1/tenants/mailed/integrations/mail/received");
  expect(JSON.stringify(received.body)).not.toContain(key);
});

test("a new integration's mail address is told with its key, and after a new key the new one", async () => {
  await mailbox("mail-told");
  const made = await api("POST", "/api/v1/tenants/mail-told/integrations", { id: "more", source: "email", service: "svc" });
  const [first] = made.body["issued"] as { key: string; mail: string }[];
  expect(first?.mail).toBe(`${first?.key}@localhost`);
  const turned = await api("POST", "/api/v1/tenants/mail-told/integrations/more/rotate", {});
  const [next] = turned.body["issued"] as { key: string; mail: string }[];
  expect([next?.mail === first?.mail, next?.mail]).toEqual([false, `${next?.key}@localhost`]);
});

test("the same mail delivered twice is one", async () => {
  const { key } = await mailbox("mailed-twice");
  const send = () => ask(`/v1/mail/${key}`, { method: "POST", body: mail("Down", "x", "<same@acme.example>") });
  const [first, second] = [await (await send()).text(), await (await send()).text()];
  expect(first).toContain('"triggered"');
  expect(second).not.toContain('"triggered"');
});

test("unknown addresses, other sources' keys and senders that are not allowed are refused for good and open nothing", async () => {
  const { key, items } = await mailbox("strict", "{ allow: [ acme.example ] }");
  const other = await tenant("webhooks");
  for (const to of ["nobody@pages.example", `${other.key}@pages.example`])
    expect((await routed(to, mail("Down"))).rejected, to).toMatch(/No such address/);
  expect((await routed(`${key}@pages.example`, mail("Down").replace("a@acme", "a@evil"))).rejected).toMatch(
    /not for this sender/,
  );
  expect(await items()).toEqual([]);
  expect((await ask(`/v1/mail/${other.key}`)).status).toBe(401);
  expect((await ask(`/v1/mail/${key}@pages.example`)).status).toBe(204);
});

test("an automatic answer is taken and opens nothing; a mail that nobody can read opens the incident that says so", async () => {
  const { key, items } = await mailbox("odd");
  expect((await routed(`${key}@x.example`, `Auto-Submitted: auto-replied\r\n${mail("Away")}`)).rejected).toBeNull();
  expect(await items()).toEqual([]);
  expect((await routed(`${key}@x.example`, "")).rejected).toBeNull();
  expect((await items()).map((each) => each["title"])).toEqual(["Unreadable alert from mail"]);
});

test("what is not durable is thrown, so that the sending server comes again", async () => {
  for (const status of [429, 500, 503]) {
    let rejected = false;
    const message = { from: "", to: "k@x", raw: new Blob(["x"]).stream(), setReject: () => void (rejected = true) };
    const sent = receiveMail(message, async () => new Response("later", { status }));
    await expect(sent).rejects.toThrow(/send it again/);
    expect(rejected).toBe(false);
  }
});
