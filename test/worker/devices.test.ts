// Devices on the real runtime: who may register, see and remove them; what is kept and what is never told; pages to each of them,
// to none of them, and to one that is gone. The push service is the test's, which opens what it gets by itself.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { vapidPublicKey } from "../../worker/security/vapid.ts";
import { retireDevices } from "../../worker/tenant/devices.ts";
import { openPush, p256dhOf, verifyVapid, type Receiver } from "../plugins/push-receiver.ts";
import { api, ask, tenant, until, type Json, type TestTenant } from "./hub.ts";
import { env } from "./runtime.ts";

const own = { "sec-fetch-site": "same-origin", origin: "http://localhost:8787" };
const android = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";

interface Got {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}
const got: Got[] = [];
const answers = new Map<string, number>();

beforeAll(() => {
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    const status = answers.get(request.url) ?? 201;
    if (status < 300) got.push({ url: request.url, headers: request.headers, body });
    return new Response(null, { status });
  });
});
afterAll(() => void vi.unstubAllGlobals());

/** A browser: keys of its own, and an address at a push service that nobody else knows. */
class Browser {
  readonly receiver: Receiver;
  readonly endpoint: string;
  constructor(name: string) {
    const random = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");
    this.receiver = { privateKey: random(32), auth: random(16) };
    this.endpoint = `https://push.example.com/send/${name}-${random(12)}`;
  }
  async subscription(): Promise<Record<string, string>> {
    return {
      endpoint: this.endpoint,
      p256dh: p256dhOf(this.receiver),
      auth: this.receiver.auth,
      key: await vapidPublicKey(env),
    };
  }
  pages(): Json[] {
    return got
      .filter((each) => each.url === this.endpoint)
      .map((each) => JSON.parse(openPush(each.body, this.receiver).plaintext) as Json);
  }
}

async function sessionOf(of: string, user: string): Promise<string> {
  const invited = await api("POST", `/api/v1/tenants/${of}/users/${user}/invitation`, {});
  const ticket = new URL(String(invited.body["url"])).hash.slice(1);
  const entered = await ask("/api/v1/session", { method: "POST", headers: own, body: JSON.stringify({ ticket }) });
  return entered.headers.get("set-cookie")?.split(";")[0] ?? "";
}

interface Person {
  call(
    method: string,
    path: string,
    body?: unknown,
    more?: Record<string, string>,
  ): Promise<{ status: number; body: Json; text: string }>;
}

async function signedIn(of: string, user: string): Promise<Person> {
  const cookie = await sessionOf(of, user);
  return {
    async call(method, path, body, more = {}) {
      const headers = { ...own, cookie, "user-agent": android, ...more };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await ask(`/api/v1/tenants/${of}${path}`, init);
      const text = await response.text();
      return { status: response.status, text, body: text.startsWith("{") ? (JSON.parse(text) as Json) : {} };
    },
  };
}

async function registered(person: Person, user: string, browser: Browser, more: Json = {}): Promise<Json> {
  const made = await person.call("POST", `/users/${user}/devices`, { ...(await browser.subscription()), ...more });
  expect(made.status, made.text).toBe(201);
  return made.body;
}

/** Ana by push alone, then Bo by the simulated phone. */
async function pushTenant(id: string, more = ""): Promise<TestTenant> {
  const made = await tenant(id, more);
  const document = `
tenant: ${id}
fallback: { notify: [ { user: eva } ] }
users: [ { id: ana, name: Ana Ruiz, contacts: [ { id: push, via: web-push } ] }, { id: bo, contacts: [ { id: phone, via: inbox } ] }, { id: eva, role: admin, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 5m }, { notify: [ { user: bo } ], escalateAfter: 10m } ] } ]
`;
  expect((await api("PUT", `/api/v1/tenants/${id}/config`, document)).status).toBe(200);
  return made;
}

const critical = { dedupKey: "a", title: "Payments are down", severity: "critical" };

describe("registering", () => {
  test("the browser that asks: told back without what it is reached by, and the same browser again is the same device", async () => {
    await pushTenant("dev-register");
    const ana = await signedIn("dev-register", "ana");
    const browser = new Browser("one");
    expect(await registered(ana, "ana", browser)).toMatchObject({
      id: "chrome-on-android",
      label: "Chrome on Android",
      gone: null,
    });
    const again = await ana.call("POST", "/users/ana/devices", await browser.subscription());
    expect([again.status, again.body["id"]]).toEqual([200, "chrome-on-android"]);
    const other = await registered(ana, "ana", new Browser("two"), { label: "Tablet, kitchen" });
    expect(other["id"]).toBe("tablet-kitchen");
    // Its subscription changed: the browser says which it was.
    const moved = await ana.call("POST", "/users/ana/devices", {
      ...(await new Browser("three").subscription()),
      replaces: "tablet-kitchen",
    });
    expect([moved.status, moved.body["label"]]).toEqual([200, "Tablet, kitchen"]);
    const listed = await ana.call("GET", "/users/ana/devices");
    expect(listed.body).toMatchObject({ live: 2, gone: 0, contact: "push", pages: { high: true, low: true } });
    expect(listed.body["items"].map((each: Json) => each["id"])).toEqual(["chrome-on-android", "tablet-kitchen"]);
    expect(listed.text).not.toContain("push.example.com");
  });

  test("a person without a contact for it gets one, and rules that do not name it are told", async () => {
    await pushTenant("dev-contact");
    const bo = await signedIn("dev-contact", "bo");
    expect((await bo.call("PUT", "/users/bo/notify", { high: [{ after: "0s", contact: "phone" }] })).status).toBe(200);
    await registered(bo, "bo", new Browser("bo"));
    expect((await bo.call("GET", "/users/bo/contacts")).body["items"]).toEqual([
      { id: "phone", via: "inbox", to: "" },
      { id: "push", via: "web-push", to: "" },
    ]);
    expect((await bo.call("GET", "/users/bo/devices")).body).toMatchObject({ live: 1, pages: { high: false, low: true } });
  });

  test("what is no subscription of this hub is refused, and the field named", async () => {
    await pushTenant("dev-wrong");
    const ana = await signedIn("dev-wrong", "ana");
    const wrong: readonly (readonly [string, Json])[] = [
      ["endpoint", { endpoint: "http://169.254.169.254/latest" }],
      ["endpoint", { endpoint: "ftp://push.example.com/x" }],
      ["endpoint", { endpoint: `https://push.example.com/${"x".repeat(2_000)}` }],
      ["p256dh", { p256dh: `B${"A".repeat(86)}` }],
      ["p256dh", { p256dh: "short" }],
      ["auth", { auth: "short" }],
      ["key", { key: "B".repeat(87) }],
      ["label", { label: "" }],
    ];
    for (const [field, part] of wrong) {
      const answer = await ana.call("POST", "/users/ana/devices", { ...(await new Browser("wrong").subscription()), ...part });
      expect([answer.status, answer.body["errors"]?.[0]?.path], JSON.stringify(part)).toEqual([422, field]);
    }
    expect((await ana.call("GET", "/users/ana/devices")).body["live"]).toBe(0);
  });

  test("as many as there may be, and no more", async () => {
    await pushTenant("dev-many");
    const ana = await signedIn("dev-many", "ana");
    for (let n = 0; n < 10; n++) await registered(ana, "ana", new Browser(`${n}`));
    expect((await ana.call("POST", "/users/ana/devices", await new Browser("more").subscription())).status).toBe(409);
    expect((await ana.call("GET", "/users/ana/devices")).body["items"].at(-1)["id"]).toBe("chrome-on-android-10");
  });
});

describe("what is whose", () => {
  test("nobody registers, names or removes another's; others see a number; an admin may take all away", async () => {
    await pushTenant("dev-whose");
    const [ana, bo, eva] = await Promise.all(["ana", "bo", "eva"].map((user) => signedIn("dev-whose", user)));
    if (!ana || !bo || !eva) throw new Error("three people");
    await registered(ana, "ana", new Browser("hers"));
    const subscription = await new Browser("forged").subscription();
    expect((await bo.call("POST", "/users/ana/devices", subscription)).status).toBe(403);
    expect((await eva.call("POST", "/users/ana/devices", subscription)).status).toBe(403);
    expect((await api("POST", "/api/v1/tenants/dev-whose/users/ana/devices", subscription)).status).toBe(403);
    expect((await bo.call("GET", "/users/ana/devices")).status).toBe(403);
    expect((await eva.call("GET", "/users/ana/devices")).body).toMatchObject({ items: [], live: 1, gone: 0 });
    expect((await bo.call("DELETE", "/users/ana/devices/chrome-on-android")).status).toBe(403);
    expect((await eva.call("PATCH", "/users/ana/devices/chrome-on-android", { label: "x" })).status).toBe(403);
    expect((await ana.call("PATCH", "/users/ana/devices/chrome-on-android", { label: "Work phone" })).body["label"]).toBe(
      "Work phone",
    );
    expect((await eva.call("DELETE", "/users/ana/devices")).status).toBe(204);
    expect((await ana.call("GET", "/users/ana/devices")).body).toMatchObject({ items: [], live: 0 });
    expect((await ana.call("DELETE", "/users/ana/devices/chrome-on-android")).status).toBe(404);
  });

  test("another tenant is not there, and a registration moved into it does not open", async () => {
    await Promise.all([pushTenant("dev-here"), pushTenant("dev-there")]);
    const [here, there] = [await signedIn("dev-here", "ana"), await signedIn("dev-there", "ana")];
    const browser = new Browser("here");
    await registered(here, "ana", browser);
    const across = await ask("/api/v1/tenants/dev-here/users/ana/devices", {
      headers: { ...own, cookie: await sessionOf("dev-there", "ana") },
    });
    expect(across.status).toBe(404);
    expect((await there.call("GET", "/users/ana/devices")).body["live"]).toBe(0);
    // As somebody with the database in their hands would move it.
    await env.DB.prepare(
      "INSERT INTO devices (tenant, id, position, origin, body) SELECT 'dev-there', id, position, origin, body FROM devices WHERE tenant = 'dev-here'",
    ).run();
    await there.call("PUT", "/users/ana/notify", { high: [{ after: "0s", contact: "push" }] });
    const tested = await there.call("POST", "/users/ana/contacts/push/test", {});
    expect(tested.body).toMatchObject({ outcome: "failed", detail: expect.stringContaining("does not open") as unknown });
    expect(browser.pages()).toEqual([]);
  });

  test("no document, export, list, audit log or page of another holds what a device is reached by", async () => {
    const t = await pushTenant("dev-secret");
    const ana = await signedIn("dev-secret", "ana");
    const browser = new Browser("secret");
    await registered(ana, "ana", browser);
    const { incident } = (await t.fire(critical)).results[0] ?? { incident: "" };
    await until("the push", async () => browser.pages()[0]);
    const paths = [
      "config",
      "config?runtime=true",
      "users",
      "users/ana",
      "users/ana/contacts",
      "users/ana/devices",
      "audit",
      "directory",
      `incidents/${incident}`,
      `incidents/${incident}/timeline`,
      `incidents/${incident}/deliveries`,
      "deliveries",
    ];
    for (const path of paths) {
      const answer = await ask(`/api/v1/tenants/dev-secret/${path}`, { headers: { authorization: "Bearer test-admin-token" } });
      const text = await answer.text();
      expect(answer.status, path).toBe(200);
      for (const part of ["push.example.com", browser.receiver.auth, p256dhOf(browser.receiver)])
        expect(text, path).not.toContain(part);
      if (path !== "audit") expect(text, path).not.toContain('"subscription"');
    }
    const rows = await env.DB.prepare("SELECT body FROM devices WHERE tenant = 'dev-secret'").all<{ body: string }>();
    expect(rows.results.length).toBe(1);
    expect(JSON.stringify(rows.results)).not.toContain("push.example.com");
    expect(
      await env.DB.prepare("SELECT count(*) AS n FROM audit WHERE tenant = 'dev-secret' AND action = 'devices.register'").first(
        "n",
      ),
    ).toBe(1);
  });

  test("a document that is applied again keeps them; a person who is taken out loses them, and one who comes back has none", async () => {
    const t = await pushTenant("dev-kept");
    const ana = await signedIn("dev-kept", "ana");
    await registered(ana, "ana", new Browser("kept"));
    const text = await (
      await ask("/api/v1/tenants/dev-kept/config", { headers: { authorization: "Bearer test-admin-token" } })
    ).text();
    expect((await api("PUT", "/api/v1/tenants/dev-kept/config", text)).body).toMatchObject({ applied: true, changes: [] });
    expect((await ana.call("GET", "/users/ana/devices")).body["live"]).toBe(1);
    const bare = `tenant: ${t.id}\nfallback: { notify: [ { user: bo } ] }\nusers: [ { id: bo, contacts: [ { id: phone, via: inbox } ] } ]\npolicies: []\nservices: []\nintegrations: []\n`;
    expect((await api("PUT", "/api/v1/tenants/dev-kept/config", bare)).status).toBe(200);
    const back = `tenant: ${t.id}\nusers: [ { id: bo, contacts: [ { id: phone, via: inbox } ] }, { id: ana, contacts: [ { id: push, via: web-push } ] } ]\n`;
    const applied = await api("PUT", "/api/v1/tenants/dev-kept/config", back);
    expect(applied.body["warnings"].map((each: Json) => each["message"])).toContain(
      "contact push of ana reaches nobody until ana signs in and registers a device",
    );
    expect((await api("GET", "/api/v1/tenants/dev-kept/users/ana/devices")).body["live"]).toBe(0);
  });
});

describe("paging", () => {
  test("each device by a delivery of its own, sealed for it, signed by the hub, with a link that acknowledges", async () => {
    const t = await pushTenant("dev-page");
    const ana = await signedIn("dev-page", "ana");
    const [phone, laptop] = [new Browser("phone"), new Browser("laptop")];
    await registered(ana, "ana", phone);
    await registered(ana, "ana", laptop, { label: "Laptop" });
    const { incident } = (await t.fire(critical)).results[0] ?? { incident: "" };
    await until("both pushes", async () => phone.pages().length === 1 && laptop.pages().length === 1);
    expect(phone.pages()[0]).toMatchObject({
      type: "page",
      incident,
      title: "Payments are down",
      severity: "P1",
      urgency: "high",
      service: "svc",
      tenant: { id: "dev-page" },
    });
    const request = got.find((each) => each.url === phone.endpoint);
    expect(verifyVapid(request?.headers.get("authorization") ?? "")).toMatchObject({
      aud: "https://push.example.com",
      publicKey: await vapidPublicKey(env),
    });
    await until("both on record", async () => {
      const sent = (await t.timeline(incident)).filter((entry) => entry.kind === "sent");
      return sent.length === 2;
    });
    const paged = (await t.timeline(incident)).filter((entry) => entry.kind === "paged").map((entry) => entry.reason);
    expect(paged.toSorted()).toEqual([
      expect.stringMatching(/^ana by push\.chrome-on-android: /),
      expect.stringMatching(/^ana by push\.laptop: /),
    ]);
    const link = new URL(String(phone.pages()[0]?.["link"]));
    const pressed = await ask(`${link.pathname}/ack`, {
      method: "POST",
      headers: { ...own, "content-type": "application/x-www-form-urlencoded" },
      body: "confirm=1",
      redirect: "manual",
    });
    expect(pressed.status).toBe(303);
    expect(await t.incident(incident)).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana" });
  });

  test("a person without a device is out of reach: the next is paged at once, and the record says why", async () => {
    const t = await pushTenant("dev-none");
    const { incident } = (await t.fire(critical)).results[0] ?? { incident: "" };
    const page = await until("bo's page", async () => (await t.inbox())[0]);
    expect(page.user).toBe("bo");
    const reasons = (await t.timeline(incident)).map((entry) => entry.reason).join("\n");
    expect(reasons).toMatch(/ana has no usable contact/);
    const tested = await api("POST", "/api/v1/tenants/dev-none/users/ana/contacts/push/test", {});
    expect([tested.status, tested.body["detail"]]).toEqual([409, expect.stringContaining("no device")]);
  });

  test("a device that is gone: the next is paged at once, it is paged no more, and its owner sees that", async () => {
    const t = await pushTenant("dev-gone");
    const ana = await signedIn("dev-gone", "ana");
    const browser = new Browser("gone");
    await registered(ana, "ana", browser);
    answers.set(browser.endpoint, 410);
    const { incident } = (await t.fire(critical)).results[0] ?? { incident: "" };
    expect((await until("bo's page", async () => (await t.inbox())[0])).user).toBe("bo");
    const reasons = (await t.timeline(incident)).map((entry) => entry.reason).join("\n");
    expect(reasons).toMatch(/ana by push\.chrome-on-android: HTTP 410/);
    await until("the note", async () => env.DB.prepare("SELECT * FROM gone_devices WHERE tenant = 'dev-gone'").first());
    // Shown at once, and part of the definitions with the minute's sweep.
    expect((await ana.call("GET", "/users/ana/devices")).body).toMatchObject({ live: 0, gone: 1, contact: "push" });
    await retireDevices(env, Date.now());
    expect((await ana.call("GET", "/users/ana/devices")).body).toMatchObject({
      live: 0,
      gone: 1,
      contact: null,
      items: [{ id: "chrome-on-android", gone: { reason: expect.stringContaining("410") as unknown } }],
    });
    expect(await env.DB.prepare("SELECT * FROM gone_devices WHERE tenant = 'dev-gone'").first()).toBeNull();
    // Registered anew, it is paged again; a late word of the one before does not end it.
    answers.delete(browser.endpoint);
    expect((await ana.call("POST", "/users/ana/devices", await browser.subscription())).status).toBe(200);
    await env.DB.prepare("INSERT INTO gone_devices VALUES ('dev-gone', 'ana/chrome-on-android', 'another', 1, 'late')").run();
    await retireDevices(env, Date.now());
    expect((await ana.call("GET", "/users/ana/devices")).body).toMatchObject({ live: 1, gone: 0 });
    expect((await ana.call("POST", "/users/ana/contacts/push.chrome-on-android/test", {})).body).toMatchObject({
      outcome: "accepted",
    });
    expect(browser.pages().at(-1)).toMatchObject({ status: "test", title: expect.stringContaining("TEST") as unknown });
  });

  test("a test that meets a device which is gone says so, and it is marked at once", async () => {
    await pushTenant("dev-test-gone");
    const ana = await signedIn("dev-test-gone", "ana");
    const browser = new Browser("test-gone");
    await registered(ana, "ana", browser);
    answers.set(browser.endpoint, 404);
    expect((await ana.call("POST", "/users/ana/contacts/push/test", {})).body).toMatchObject({ outcome: "failed" });
    expect((await ana.call("GET", "/users/ana/devices")).body).toMatchObject({ live: 0, gone: 1 });
  });

  test("an admin who tries the notifier rings a device of their own, or is told to register one", async () => {
    await pushTenant("dev-try");
    const [ana, eva] = [await signedIn("dev-try", "ana"), await signedIn("dev-try", "eva")];
    const [hers, evas] = [new Browser("try-ana"), new Browser("try-eva")];
    await registered(ana, "ana", hers);
    expect((await eva.call("POST", "/notifiers/web-push/test", { to: "" })).status).toBe(409);
    await registered(eva, "eva", evas);
    expect((await eva.call("POST", "/notifiers/web-push/test", { to: "" })).body).toMatchObject({ outcome: "accepted" });
    expect([hers.pages().length, evas.pages().length]).toEqual([0, 1]);
  });

  test("a policy that names the contact pages its devices; one that is removed meanwhile is not paged", async () => {
    const t = await pushTenant("dev-named");
    const policies = "policies: [ { id: p, steps: [ { notify: [ { user: ana, contact: push } ], escalateAfter: 5m } ] } ]";
    expect((await api("PUT", "/api/v1/tenants/dev-named/config", `tenant: dev-named\n${policies}\n`)).status).toBe(200);
    const ana = await signedIn("dev-named", "ana");
    const [phone, laptop] = [new Browser("named-phone"), new Browser("named-laptop")];
    await registered(ana, "ana", phone);
    await registered(ana, "ana", laptop, { label: "Laptop" });
    expect((await ana.call("DELETE", "/users/ana/devices/laptop")).status).toBe(204);
    await t.fire(critical);
    await until("the push", async () => phone.pages()[0]);
    expect(laptop.pages()).toEqual([]);
  });
});

test("the hub's key is told to whoever is signed in, and whether browsers allow push at its address", async () => {
  await pushTenant("dev-key");
  const ana = await signedIn("dev-key", "ana");
  expect((await ana.call("GET", "/push")).body).toEqual({
    key: await vapidPublicKey(env),
    secure: true,
    publicUrl: "http://localhost:8787",
  });
});
