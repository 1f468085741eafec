// Pages on a phone, whole: a browser is registered as a device, the hub encrypts a page for it, a push service of the test takes it,
// it is opened there independently, handed to the service worker through the browser's debugging protocol and acknowledged from
// the notification. Chromium without a network cannot subscribe, so its subscription is the test's; everything behind it is real.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { openPush, p256dhOf, verifyVapid } from "../plugins/push-receiver.ts";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";

const push = suite("pages on a phone");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const waitMs = 10_000;
const document = `
tenant: acme
name: Acme Payments
fallback: { notify: [ { user: eva } ] }
users:
  - { id: ana, name: Ana Ruiz, role: responder }
  - { id: bo, name: Bo Lindqvist, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, name: Eva Sørensen, role: admin, contacts: [ { id: phone, via: inbox } ] }
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 8m }, { notify: [ { user: bo } ], escalateAfter: 10m } ] } ]
services: [ { id: payment-api, policy: p } ]
integrations: [ { id: shop, source: generic, service: payment-api } ]
`;

/** A push service: keeps what it is sent, answers as it is told. */
const messages = [];
let answer = 201;
const service = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    messages.push({ headers: request.headers, url: request.url, body: Buffer.concat(chunks) });
    response.writeHead(answer).end();
  });
});
await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
const pushOrigin = `http://127.0.0.1:${service.address().port}`;
const receiver = { privateKey: randomBytes(32).toString("base64url"), auth: randomBytes(16).toString("base64url") };
const subscription = { endpoint: `${pushOrigin}/send/ana`, keys: { p256dh: p256dhOf(receiver), auth: receiver.auth } };

const hub = await launchHub();
const home = new URL(hub.url);
const browser = await launchBrowser({ args: ["--host-resolver-rules=MAP hub.lan.test 127.0.0.1"] });
const troubles = [];
const troubled = (page, origin = hub.url) => troubles.push(watchPage(page, origin));

/** In the page: the browser's push service, which is the test's; kept over a reload as a browser keeps it. */
function subscribing(given) {
  const named = (key) => ({ ...given, options: { applicationServerKey: Uint8Array.from(key).buffer } });
  const made = (key) => ({ ...named(key), toJSON: () => given, unsubscribe: async () => (localStorage.removeItem("sub"), true) });
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem("sub");
    return key === null ? null : made(JSON.parse(key));
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem("sub", JSON.stringify([...new Uint8Array(applicationServerKey)]));
    return made(JSON.parse(localStorage.getItem("sub")));
  };
  const hindrance = globalThis.origin === "null" ? null : localStorage.getItem("hindrance");
  if (hindrance === "stuck") PushManager.prototype.subscribe = () => new Promise(() => undefined);
  if (hindrance === "denied") Object.defineProperty(Notification, "permission", { get: () => "denied" });
  if (hindrance === "iphone") {
    delete globalThis.PushManager;
    Object.defineProperty(navigator, "userAgent", { get: () => "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)" });
  }
}

async function phone({ script, argument, origin = hub.url, ...options }) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 780 },
    locale: "en-GB",
    hasTouch: true,
    ...options,
  });
  context.setDefaultTimeout(waitMs);
  if (script) await context.addInitScript(script, argument);
  const page = await context.newPage();
  troubled(page, origin);
  return { context, page };
}
async function signIn(page, user, origin = hub.url) {
  const { body } = await hub.api("POST", `/api/v1/tenants/acme/users/${user}/invitation`, {});
  await page.goto(body.url.replace(/^https?:\/\/[^/]+/, origin));
  await page.getByRole("button", { name: /^Go on as/ }).click();
  await page.waitForURL(/\/(t\/|mine)/);
}
const accountOf = async (page, origin = hub.url) => {
  await page.goto(`${origin}/t/acme/account`);
  return page.locator("section", { has: page.getByRole("heading", { name: "Pages on your devices" }) });
};

try {
  const { issued } = await hub.apply("acme", document);
  const fire = async (dedupKey, title) => {
    const body = JSON.stringify({ dedupKey, title, severity: "critical" });
    const response = await fetch(issued[0].url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return (await response.json()).results[0].incident;
  };
  const incident = async (id) => (await hub.api("GET", `/api/v1/tenants/acme/incidents/${id}`)).body;
  const { context, page } = await phone({ script: subscribing, argument: subscription });
  await context.grantPermissions(["notifications"], { origin: hub.url });
  const debug = await context.newCDPSession(page);
  let registrationId = null;
  debug.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    registrationId = registrations.find((each) => each.scopeURL.startsWith(hub.url))?.registrationId ?? registrationId;
  });
  await debug.send("ServiceWorker.enable");

  const worker = async () => until("the service worker", waitMs, () => context.serviceWorkers()[0]);
  /** Hands a message that was taken and opened to the service worker, as the browser's push service would. */
  const deliver = (data) => debug.send("ServiceWorker.deliverPushMessage", { origin: home.origin, registrationId, data });
  const shown = async (tag) =>
    (await worker()).evaluate(async (wanted) => {
      const all = await self.registration.getNotifications(wanted === null ? {} : { tag: wanted });
      return all.map(({ title, body, tag: of, actions, silent, requireInteraction }) => ({
        title,
        body,
        of,
        silent,
        requireInteraction,
        actions: actions.map((each) => each.action),
      }));
    }, tag);
  /**
   * Until it is shown. A worker that the browser puts to sleep at that moment loses what the debugging protocol hands it, which a
   * push service would send again; a second copy changes nothing on the screen.
   */
  const arrives = async (text, tag) => {
    const end = Date.now() + waitMs;
    for (;;) {
      await deliver(text);
      const all = await until("a notification", 2_500, async () => (await shown(tag)).length > 0 && shown(tag)).catch(() => null);
      if (all !== null) return all;
      assert.ok(Date.now() < end, "no notification came of the message");
    }
  };
  const press = async (tag, action) =>
    (await worker()).evaluate(
      async ([wanted, pressed]) => {
        const [notification] = await self.registration.getNotifications({ tag: wanted });
        self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: pressed }));
      },
      [tag, action],
    );
  const taken = async (what, check) => {
    const found = await until(what, waitMs, () =>
      messages.find((each) => each.body.length > 0 && check(JSON.parse(openPush(each.body, receiver).plaintext))),
    );
    return {
      ...found,
      text: openPush(found.body, receiver).plaintext,
      page: JSON.parse(openPush(found.body, receiver).plaintext),
    };
  };

  await signIn(page, "ana");
  const devices = await accountOf(page);

  await push.check(
    "one press makes this browser a device; it knows that after a reload, and the person has a contact for it",
    async () => {
      await devices.getByRole("button", { name: "Get pages on this device" }).click();
      await devices.getByText("Pages arrive on this device.").waitFor();
      await devices.getByText("this device", { exact: true }).waitFor();
      await page.reload();
      await devices.getByText("Pages arrive on this device.").waitFor();
      const { body } = await hub.api("GET", "/api/v1/tenants/acme/users/ana/contacts");
      assert.deepEqual(body.items, [{ id: "push", via: "web-push", to: "" }]);
    },
  );

  await push.check("axe finds nothing on it, light or dark, at 360 px, and nothing sticks out", async () => {
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.reload(); // Colours that are on their way are no colours.
      await devices.getByText("Pages arrive on this device.").waitFor();
      await page.evaluate(axeSource);
      const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        [],
      );
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
    await page.emulateMedia({ colorScheme: "light" });
  });

  await push.check(
    "its test arrives: sealed for it, signed for the push service's origin, shown by the service worker",
    async () => {
      await devices.getByRole("button", { name: "Send a test" }).click();
      await devices.getByText("Accepted: look whether it arrived").waitFor();
      const { headers, text, page: told } = await taken("the test page", (each) => each.status === "test");
      const { aud, sub } = verifyVapid(headers.authorization);
      assert.deepEqual(
        [aud, sub, headers["content-encoding"], headers.urgency],
        [pushOrigin, "mailto:tocsin@localhost", "aes128gcm", "high"],
      );
      await until("the registration", waitMs, () => registrationId);
      const [notification] = await arrives(text, told.incident);
      assert.match(notification.title, /TEST for Ana Ruiz/);
      assert.deepEqual(notification.actions, ["open"]);
    },
  );

  await push.check("an alert rings on the phone and is acknowledged from the notification, with nobody signed in", async () => {
    const id = await fire("down", "Payments are down");
    const { text } = await taken("the page", (each) => each.incident === id);
    await context.clearCookies();
    const [notification] = await arrives(text, id);
    assert.equal(notification.title, "[P1] Payments are down");
    assert.match(notification.body, /payment-api · .*step 1/);
    assert.deepEqual([notification.actions, notification.requireInteraction], [["ack", "open"], true]);
    await press(id, "ack");
    await until("the word that it is theirs", waitMs, async () =>
      (await shown(id)).find((each) => each.title === "Acknowledged: it is yours"),
    );
    const { status, acknowledgedBy } = await incident(id);
    assert.deepEqual([status, acknowledgedBy], ["acknowledged", "ana"]);
  });

  await push.check("a page that comes late says who has the incident, quietly, with nothing to press in vain", async () => {
    const id = await fire("late", "Carts are lost");
    const { text } = await taken("the page", (each) => each.incident === id);
    await hub.api("POST", `/api/v1/tenants/acme/incidents/${id}/ack`, { as: "bo" });
    await arrives(text, id);
    const [notification] = await until("the standing", waitMs, async () => {
      const all = await shown(id);
      return all[0]?.body.includes("Bo Lindqvist has it") && all;
    });
    assert.deepEqual([notification.actions, notification.silent, notification.requireInteraction], [["open"], true, false]);
  });

  await push.check("without a network a press is called what it is, and works when pressed again", async () => {
    const id = await fire("offline", "Disk is full");
    const { text } = await taken("the page", (each) => each.incident === id);
    await arrives(text, id);
    await context.setOffline(true);
    await press(id, "ack");
    const [told] = await until("the bad news", 15_000, async () => {
      const all = await shown(id);
      return all[0]?.title === "NOT acknowledged" && all;
    });
    assert.match(told.body, /cannot be reached/);
    assert.deepEqual(told.actions, ["ack", "open"]);
    assert.equal((await incident(id)).status, "triggered");
    await context.setOffline(false);
    await press(id, "ack");
    await until("the good news", waitMs, async () => (await shown(id))[0]?.title === "Acknowledged: it is yours");
    assert.equal((await incident(id)).acknowledgedBy, "ana");
  });

  await push.check(
    "with its person signed in, a press without a network is kept, and sent by the app when there is one",
    async () => {
      await signIn(page, "ana");
      const id = await fire("kept", "Refunds hang");
      const { text } = await taken("the page", (each) => each.incident === id);
      await arrives(text, id);
      await context.setOffline(true);
      await press(id, "ack");
      await until("the word that it waits", 15_000, async () => (await shown(id))[0]?.body.includes("Kept here"));
      assert.equal((await incident(id)).status, "triggered");
      await context.setOffline(false);
      await until("the acknowledgment", 15_000, async () => (await incident(id)).acknowledgedBy === "ana");
      await until("the notification to say so, or to go", waitMs, async () =>
        (await shown(id)).every((each) => each.title === "Acknowledged: it is yours"),
      );
    },
  );

  await push.check("a device that its push service knows no more is shown as that, and the next is paged at once", async () => {
    const section = await accountOf(page);
    answer = 410;
    const id = await fire("gone", "Vouchers fail");
    await until("bo's page", waitMs, async () => {
      const { body } = await hub.api("GET", "/api/v1/tenants/acme/inbox?user=bo");
      return body.items.find((each) => each.incident === id);
    });
    await until(
      "the hub to know",
      waitMs,
      async () => (await hub.api("GET", "/api/v1/tenants/acme/users/ana/devices")).body.gone === 1,
    );
    await page.reload();
    await section.getByText("No pages any more").waitFor();
    await section.getByRole("button", { name: "Register this device again" }).waitFor();
    answer = 201;
    await section.getByRole("button", { name: "Register this device again" }).click();
    await section.getByText("Pages arrive on this device.").waitFor();
    await section.getByRole("button", { name: /^Remove / }).click();
    await section.getByRole("button", { name: "Get pages on this device" }).waitFor();
  });

  await push.check(
    "what stands in the way is said: no answer from the browser, a no, plain http, an iPhone's browser",
    async () => {
      const hindered = async (by) => {
        await page.evaluate((what) => localStorage.setItem("hindrance", what), by);
        return accountOf(page);
      };
      await (await hindered("denied")).getByText("Notifications of this site are blocked here").waitFor();
      await (await hindered("iphone")).getByText("add Tocsin to the home screen first").waitFor();
      const waiting = await hindered("stuck");
      await page.clock.install();
      await waiting.getByRole("button", { name: "Get pages on this device" }).click();
      await waiting.getByText("The browser may ask now").waitFor();
      await until("the browser's limit", waitMs, async () => {
        await page.clock.fastForward(5_000);
        return waiting.getByText("did not answer in time").isVisible();
      });

      const lan = `http://hub.lan.test:${home.port}`;
      const plain = await phone({ origin: lan });
      await signIn(plain.page, "ana", lan);
      const insecure = await accountOf(plain.page, lan);
      await insecure.getByText("on https and on localhost only").waitFor();
      assert.equal(await insecure.getByRole("button", { name: "Get pages on this device" }).count(), 0);
      await plain.context.close();
    },
  );

  await push.check("no console error, nothing against the policy, no other host", async () => {
    // The network that this test took away, and the session it took away.
    const own = /ERR_INTERNET_DISCONNECTED|status of 401|Cross-Origin-Opener-Policy header has been ignored/;
    assert.deepEqual(
      troubles.flat().filter((each) => !own.test(each)),
      [],
    );
  });
} finally {
  await browser.close();
  await hub.stop();
  service.closeAllConnections();
  service.close();
}
push.end();
