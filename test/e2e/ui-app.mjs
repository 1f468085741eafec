// The responder's app on a phone in Debian's Chromium, against a launched hub: a page arrives in My pages and is one tap away
// from being had; without a network it says so, keeps the acknowledgment and sends it once; installable; wiped on sign-out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { createRequire } from "node:module";
import { chromiumPath, installHint, launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";

if (chromiumPath() === null) {
  console.error(`Chromium is not installed: ${installHint}`);
  process.exit(1);
}
const waitMs = 10_000;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const document = `
tenant: acme
name: Acme
timeZone: America/New_York
fallback: { notify: [ { user: eva } ] }
users:
  - { id: ana, name: Ana Ruiz, role: responder, contacts: [ { id: phone, via: inbox } ], notify: { high: [ { after: 0s, contact: phone } ] } }
  - { id: bo, name: Bo Lindqvist, role: responder, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, name: Eva Sørensen, role: admin, contacts: [ { id: phone, via: inbox } ] }
schedules:
  - { id: sre, timeZone: America/New_York, layers: [ { id: day, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [ana] } ] }
  - { id: backup, timeZone: Europe/Madrid, layers: [ { id: all, start: 2026-01-05T09:00, rotation: { every: 1w }, users: [bo] } ] }
policies:
  - { id: critical, steps: [ { notify: [ { schedule: sre } ], escalateAfter: 8m }, { notify: [ { schedule: backup } ], escalateAfter: 10m } ] }
services: [ { id: shop, name: Shop, policy: critical, runbook: "https://runbooks.example.com/shop" } ]
integrations: [ { id: in, source: generic, service: shop } ]
`;

const app = suite("the responder's app");
const hub = await launchHub();
const browser = await launchBrowser();
const troubles = [];
let sent = 0;
try {
  const applied = await hub.apply("acme", document);
  const { url } = applied.issued[0];
  const fire = async (title) => {
    const body = JSON.stringify({ dedupKey: `k${++sent}`, title, severity: "critical" });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return (await response.json()).results[0].incident;
  };
  const api = (method, at, body) => hub.api(method, `/api/v1/tenants/acme/${at}`, body);
  const incident = async (id) => (await api("GET", `incidents/${id}`)).body;
  const statusOf = async (id) => (await incident(id)).status;
  const acks = async (id) =>
    (await api("GET", `incidents/${id}/timeline`)).body.items.filter((entry) => entry.kind === "acknowledged").length;
  const invitation = async (user) =>
    (await api("POST", `users/${user}/invitation`, {})).body.url.replace(/^https?:\/\/[^/]+/, hub.url);

  async function phone(user, options = {}) {
    const context = await browser.newContext({
      viewport: { width: 360, height: 780 },
      hasTouch: true,
      locale: "en-GB",
      timezoneId: "Europe/Madrid",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(waitMs);
    troubles.push(watchPage(page, hub.url));
    await page.goto(await invitation(user));
    await page.locator(".button.go").click();
    await page.waitForURL(/\/t\/acme\/(mine|incidents)/);
    return page;
  }
  const card = (page, title) => page.locator(".own", { hasText: title });
  const press = (page, title, name) => card(page, title).getByRole("button", { name, exact: false }).first().click();
  /** The shell is kept before anything is asked of it without a network. */
  const workerReady = (page) =>
    until("the service worker", waitMs, () => page.evaluate(() => navigator.serviceWorker.controller !== null));

  const ana = await phone("ana");
  await app.check("a responder begins with My pages; all clear says until when she is on call", async () => {
    await ana.waitForURL(/\/t\/acme\/mine/);
    await ana.getByRole("heading", { name: "All clear" }).waitFor();
    await ana.getByText(/You are on call for sre until/).waitFor();
  });

  let first = "";
  await app.check("a page arrives live; the main button needs no scrolling and is large", async () => {
    await ana.locator(".own").waitFor({ state: "detached" });
    first = await fire("Checkout is down");
    await card(ana, "Checkout is down").waitFor({ timeout: 5_000 });
    await card(ana, "Checkout is down").getByText("Bo Lindqvist paged").waitFor();
    const box = await card(ana, "Checkout is down")
      .getByRole("button", { name: /Acknowledge/ })
      .boundingBox();
    assert.ok(box.height >= 56 && box.width > 250, JSON.stringify(box));
    assert.ok(box.y + box.height < 780 - 60, `it ends at ${box.y + box.height}`);
    for (const each of await card(ana, "Checkout is down").locator(".small-act").all())
      assert.ok((await each.boundingBox()).height >= 56);
    assert.equal(
      await card(ana, "Checkout is down").getByRole("link", { name: "Runbook" }).getAttribute("href"),
      "https://runbooks.example.com/shop",
    );
  });

  const bo = await phone("bo");
  await app.check("one tap has it, and another browser sees so; undo gives it back without a new wave", async () => {
    await api("POST", `incidents/${first}/responders`, { as: "eva", users: ["bo"], message: "please look" });
    await card(bo, "Checkout is down").waitFor({ timeout: 20_000 });
    await press(ana, "Checkout is down", "Acknowledge");
    await card(ana, "Checkout is down")
      .getByText(/Yours since/)
      .waitFor();
    // Beside Undo, on the narrowest screen: two short lines, and nothing of the button is cut.
    const line = await card(ana, "Checkout is down").locator(".has > span").boundingBox();
    assert.ok(line.height <= 48, `${line.height}`);
    assert.equal((await incident(first)).acknowledgedBy, "ana");
    await bo.getByText("Ana Ruiz has it").waitFor({ timeout: 5_000 });
    // What stands where something stood a moment ago does not act yet.
    await ana.waitForTimeout(2_200);
    await press(ana, "Checkout is down", "Undo");
    await card(ana, "Checkout is down")
      .getByRole("button", { name: /Acknowledge/ })
      .waitFor();
    await card(bo, "Checkout is down")
      .getByRole("button", { name: /Acknowledge/ })
      .waitFor({ timeout: 5_000 });
    assert.equal(await statusOf(first), "triggered");
  });

  await app.check("escalate asks, then the next level is paged; a note is kept", async () => {
    await ana.waitForTimeout(800);
    await press(ana, "Checkout is down", "Escalate");
    await ana.getByRole("dialog").getByRole("button", { name: "Escalate now" }).click();
    await until("step 2", waitMs, async () => (await incident(first)).step === 2);
    await ana.waitForTimeout(800);
    await press(ana, "Checkout is down", "More");
    await ana.getByRole("button", { name: "Add a note" }).click();
    await ana.getByLabel("Everybody on this incident sees it").fill("Restarting");
    await ana.getByRole("button", { name: "Save note" }).click();
    await ana.getByText("Note saved").waitFor();
  });

  await app.check("an acknowledgment without a network waits, says so, and is sent once when it is back", async () => {
    await workerReady(ana);
    await ana.context().setOffline(true);
    await ana.waitForTimeout(800);
    await press(ana, "Checkout is down", "Acknowledge");
    await card(ana, "Checkout is down")
      .getByText(/Not sent yet/)
      .waitFor();
    await card(ana, "Checkout is down")
      .getByText(/will still be paged/)
      .waitFor();
    assert.equal(await statusOf(first), "triggered");
    // The hub has not heard it: the page is as open as it was.
    await ana.getByText("1 page waits for you").waitFor({ state: "attached" });
    await ana.context().setOffline(false);
    await ana.getByText(/Sent, it is yours/).waitFor();
    await ana.getByText("1 page waits for you").waitFor({ state: "detached" });
    await card(ana, "Checkout is down")
      .getByText(/Yours since/)
      .waitFor();
    assert.equal((await incident(first)).acknowledgedBy, "ana");
    assert.equal(await acks(first), 2, "once before the undo, once now");
    await ana.getByRole("button", { name: "OK" }).click();
  });

  let second = "";
  await app.check(
    "without a network the app opens on what was known, and says since when; what waits is not lost by it",
    async () => {
      second = await fire("Search is slow");
      await card(ana, "Search is slow").waitFor({ timeout: 5_000 });
      await until("the copies", waitMs, () => ana.evaluate(() => navigator.serviceWorker.ready.then(() => true)));
      await ana.context().setOffline(true);
      await ana.goto(`${hub.url}/mine`);
      await card(ana, "Search is slow").waitFor();
      await ana.getByText(/No connection\. This is what was known at \d\d:\d\d/).waitFor();
      await ana.locator("#my-shifts").waitFor();
      await press(ana, "Search is slow", "Acknowledge");
      await card(ana, "Search is slow")
        .getByText(/Not sent yet/)
        .waitFor();
      await ana.reload();
      await card(ana, "Search is slow")
        .getByText(/Not sent yet/)
        .waitFor();
    },
  );

  await app.check("somebody else was faster: it says who has it", async () => {
    await api("POST", `incidents/${second}/ack`, { as: "eva" });
    await ana.context().setOffline(false);
    await ana.getByText(/Eva Sørensen has it since/).waitFor();
    assert.equal((await incident(second)).acknowledgedBy, "eva");
    await ana.getByRole("button", { name: "OK" }).click();
  });

  await app.check("one that is cancelled is never sent", async () => {
    const third = await fire("Mail is late");
    await card(ana, "Mail is late").waitFor({ timeout: 5_000 });
    await ana.context().setOffline(true);
    await ana.waitForTimeout(800);
    await press(ana, "Mail is late", "Acknowledge");
    await card(ana, "Mail is late").getByRole("button", { name: "Do not send it" }).click();
    await ana.getByText("It will not be sent").waitFor();
    await ana.context().setOffline(false);
    await ana.locator(".offline").waitFor({ state: "detached" });
    assert.equal(await statusOf(third), "triggered");
    await api("POST", `incidents/${third}/resolve`, { as: "eva" });
  });

  await app.check("a shift is given away, exactly those hours; another is taken over; each in two taps", async () => {
    await ana.getByRole("button", { name: "Give away" }).first().click();
    await ana
      .getByRole("dialog")
      .getByText(/New York/)
      .waitFor();
    await ana
      .getByRole("dialog")
      .getByRole("button", { name: /Bo Lindqvist takes it/ })
      .click();
    await until("bo for sre", waitMs, async () => (await api("GET", "oncall?schedule=sre")).body.items[0].users.join() === "bo");
    await ana.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await until("ana again", waitMs, async () => (await api("GET", "oncall?schedule=sre")).body.items[0].users.join() === "ana");
    await ana.locator("li", { hasText: "backup" }).getByRole("button", { name: "Take over" }).click();
    await ana.getByRole("dialog").getByText("instead of Bo Lindqvist").waitFor();
    await ana.getByRole("dialog").getByRole("button", { name: "I take it" }).click();
    await until(
      "ana for backup",
      waitMs,
      async () => (await api("GET", "oncall?schedule=backup")).body.items[0].users.join() === "ana",
    );
  });

  await app.check("her contacts are tested from here; her rules stand in words", async () => {
    await ana.getByText("at once by phone, until somebody acknowledges").waitFor();
    await ana.getByRole("button", { name: "Send a test" }).click();
    await ana.locator(".told .badge.go").waitFor();
  });

  await app.check(
    "the app can be installed: its manifest and every icon, and a worker that is asked anew each time",
    async () => {
      const devtools = await ana.context().newCDPSession(ana);
      const { errors, data } = await devtools.send("Page.getAppManifest");
      assert.deepEqual(errors, []);
      const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
      // A test's browser is a private window.
      assert.deepEqual(
        installabilityErrors.map((each) => each.errorId).filter((each) => each !== "in-incognito"),
        [],
      );
      const manifest = JSON.parse(data);
      assert.ok(manifest.icons.some((icon) => icon.purpose === "maskable" && icon.sizes === "512x512"));
      for (const { src, type } of [...manifest.icons, ...manifest.shortcuts.flatMap((each) => each.icons)]) {
        const icon = await fetch(hub.url + src);
        assert.equal(icon.status, 200, src);
        assert.equal(icon.headers.get("content-type").split(";")[0], type, src);
      }
      const worker = await fetch(`${hub.url}/sw.js`);
      assert.equal(worker.headers.get("cache-control"), "no-cache");
      assert.match(worker.headers.get("content-type"), /javascript/);
    },
  );

  for (const colorScheme of ["light", "dark"])
    await app.check(`axe-core finds nothing in My pages and the message of a page that waits: ${colorScheme}`, async () => {
      await ana.emulateMedia({ colorScheme });
      const open = await fire(`For ${colorScheme}`);
      await card(ana, `For ${colorScheme}`).waitFor();
      await ana.context().setOffline(true);
      await ana.waitForTimeout(800);
      await press(ana, `For ${colorScheme}`, "Acknowledge");
      await card(ana, `For ${colorScheme}`)
        .getByText(/Not sent yet/)
        .waitFor();
      await ana.evaluate(axeSource);
      const { violations } = await ana.evaluate(() => globalThis.axe.run(document));
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id} ${nodes[0].target.join(" ")}`),
        [],
      );
      await ana.context().setOffline(false);
      await ana
        .getByText(/Sent, it is yours/)
        .first()
        .waitFor();
      for (const ok of await ana.getByRole("button", { name: "OK" }).all()) await ok.click();
      await api("POST", `incidents/${open}/resolve`, { as: "eva" });
    });

  await app.check("the hub goes down and comes back: what was pressed meanwhile is sent then", async () => {
    const open = await fire("Down with the hub");
    await card(ana, "Down with the hub").waitFor();
    await hub.kill("SIGTERM");
    await ana.waitForTimeout(800);
    await press(ana, "Down with the hub", "Acknowledge");
    await card(ana, "Down with the hub")
      .getByText(/Not sent yet/)
      .waitFor();
    await hub.start();
    await ana.getByText(/Sent, it is yours/).waitFor({ timeout: 25_000 });
    assert.equal((await incident(open)).acknowledgedBy, "ana");
    await ana.getByRole("button", { name: "OK" }).click();
    await api("POST", `incidents/${open}/resolve`, { as: "eva" });
  });

  await app.check("a newer build is taken whole, beside the one before, and what waits is not lost by it", async () => {
    const front = await proxy(hub.url);
    const open = await fire("Across a build");
    const page = await (await browser.newContext({ viewport: { width: 360, height: 780 }, locale: "en-GB" })).newPage();
    page.setDefaultTimeout(waitMs);
    await page.goto((await invitation("ana")).replace(hub.url, front.url));
    await page.locator(".button.go").click();
    await card(page, "Across a build").waitFor();
    const shells = () => page.evaluate(() => caches.keys().then((all) => all.filter((name) => name.startsWith("tocsin-shell-"))));
    await workerReady(page);
    const [before] = await shells();
    front.state.dark = true;
    await press(page, "Across a build", "Acknowledge");
    await card(page, "Across a build")
      .getByText(/Not sent yet/)
      .waitFor();
    front.state.build = "-newer";
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
    await until("both builds", waitMs, async () => (await shells()).join() === `${before},${before}-newer`);
    await page.reload();
    await card(page, "Across a build")
      .getByText(/Not sent yet/)
      .waitFor();
    front.state.dark = false;
    await page.getByText(/Sent, it is yours/).waitFor({ timeout: 25_000 });
    assert.equal(await acks(open), 1);
    front.state.build = "-newest";
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration.update()));
    await until("the newest two", waitMs, async () => (await shells()).join() === `${before}-newer,${before}-newest`);
    await page.context().close();
    front.close();
    await api("POST", `incidents/${open}/resolve`, { as: "eva" });
  });

  await app.check("signing out that the hub does not hear says so, and ends the session as soon as it does", async () => {
    const left = await phone("ana");
    await left.goto(`${hub.url}/t/acme/account`);
    await left.getByText("this browser").waitFor();
    await left.route("**/api/v1/session", (route) => (route.request().method() === "DELETE" ? route.abort() : route.continue()));
    await left.locator(".page-head").getByRole("button", { name: "Sign out" }).click();
    await left.getByText("The hub did not hear it").waitFor();
    await left.unroute("**/api/v1/session");
    await left.goto(`${hub.url}/t/acme/mine`);
    await left.getByRole("button", { name: /passkey/ }).waitFor();
    assert.equal(await left.evaluate(async () => (await (await fetch("/api/v1/session")).json()).session), null);
    await left.context().close();
  });

  await app.check("signing out leaves nothing of hers in the browser, and the next person sees only their own", async () => {
    const other = await ana.context().newPage();
    other.setDefaultTimeout(waitMs);
    troubles.push(watchPage(other, hub.url));
    await other.goto(`${hub.url}/t/acme/incidents`);
    await other.getByRole("heading", { name: "Incidents" }).waitFor();
    await ana.goto(`${hub.url}/t/acme/account`);
    await ana.getByText("this browser").waitFor();
    // The hub has ended it and the answer is on its way: whatever stirs the pages now would be asked of a session that is over.
    const asked = [];
    await ana.route("**/api/v1/session", async (route) => {
      if (route.request().method() !== "DELETE") return route.continue();
      for (const page of [ana, other]) {
        page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
        page.on("websocket", (socket) => asked.push(socket.url()));
      }
      const response = await route.fetch();
      const open = await fire("While she signs out");
      for (const page of [ana, other])
        await page.evaluate(() => {
          dispatchEvent(new Event("online"));
          document.dispatchEvent(new Event("visibilitychange"));
        });
      await ana.waitForTimeout(1_500);
      await api("POST", `incidents/${open}/resolve`, { as: "eva" });
      await route.fulfill({ response });
    });
    await ana.locator(".page-head").getByRole("button", { name: "Sign out" }).click();
    for (const page of [ana, other]) await page.getByRole("button", { name: /passkey/ }).waitFor();
    assert.deepEqual(
      asked.filter((each) => each.includes("/api/")),
      [],
    );
    await ana.unroute("**/api/v1/session");
    await other.close();
    await until("nothing kept", waitMs, async () => (await kept(ana)) === "");
    await ana.goto(await invitation("bo"));
    await ana.locator(".button.go").click();
    await ana.waitForURL(/\/t\/acme\/mine/);
    await ana.getByText("Checkout is down").waitFor();
    await until("his copies", waitMs, async () => /acme\/bo/.test(await kept(ana)));
    assert.doesNotMatch(await kept(ana), /acme\/ana/);
  });

  await app.check("no console error, no breach of the policy, no request to another host", () => {
    const offline =
      /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket connection|status of 409/;
    assert.deepEqual(
      troubles.flat().filter((each) => !offline.test(each)),
      [],
    );
  });
} finally {
  await browser.close();
  await hub.stop();
}
app.end();

/** The hub at another port: `dark`: commands are answered 503, as by a proxy; `build`: the worker is of another build. */
async function proxy(target) {
  const state = { dark: false, build: "" };
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      if (state.dark && request.method === "POST") return response.writeHead(503).end();
      const { hostname, port } = new URL(target);
      const { method, url } = request;
      // The worker's file is asked whole: it is not what lies on the hub's disk.
      const { "if-modified-since": _since, "if-none-match": _match, ...headers } = request.headers;
      const asked = ask({ hostname, port, method, headers, path: url }, (answer) => {
        const body = [];
        answer.on("data", (part) => body.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(body);
          const isWorker = url === "/sw.js" && state.build !== "";
          const { "content-length": _length, "transfer-encoding": _encoding, ...kept } = answer.headers;
          response.writeHead(answer.statusCode, kept);
          response.end(isWorker ? text.toString().replace(/(version:\s*[`"'])(\w+)/, `$1$2${state.build}`) : text);
        });
      });
      asked.on("error", () => response.destroy());
      asked.end(Buffer.concat(parts));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    state,
    url: `http://localhost:${server.address().port}`,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

/** Whatever of a person lies in the browser: copies, the queue, what is remembered, and the worker's caches. */
function kept(page) {
  return page.evaluate(async () => {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open("tocsin");
      request.addEventListener("success", () => resolve(request.result));
    });
    const all = (name) =>
      new Promise((resolve) => {
        const request = db.transaction(name).objectStore(name).getAll();
        request.addEventListener("success", () => resolve(request.result));
      });
    const rows = [...(await all("kept")), ...(await all("unsent"))];
    db.close();
    const cached = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) if (/\/api\//.test(url)) cached.push(url);
    const session = localStorage.getItem("tocsin.session") ?? "";
    return rows.length === 0 && session === "" && cached.length === 0 ? "" : JSON.stringify({ rows, session, cached });
  });
}
