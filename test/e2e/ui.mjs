// The admin UI in Debian's Chromium against a launched hub with real alerts: sign-in by link and passkey, incidents live in two
// browsers, keyboard, undo; axe-core on every page, light and dark; budgets; no console error, no other host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { pages } from "../../admin-ui/src/pages.ts";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";
import { scrollThrough, tenantOfMany, told } from "./ui-many.mjs";
import { addressOf, fillHub } from "./ui-world.mjs";

const ui = suite("admin UI");
const root = new URL("../../", import.meta.url).pathname;
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const kilobyte = 1_024;
const waitMs = 10_000;

const hub = await launchHub();
const firstLink = /sign in +(http:\S+)/.exec(hub.output)?.[1];
const browser = await launchBrowser();
const troubles = [];

async function newBrowser(options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    ...options,
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  troubles.push(watchPage(page, hub.url));
  return page;
}
async function signIn(page, link) {
  await page.goto(link);
  await page.getByRole("button", { name: /^Go on as/ }).click();
  await page.waitForURL(/\/(tenants|t\/)/);
}
async function ownerLink() {
  return (await hub.api("POST", "/api/v1/owner-link", {})).body.url;
}
async function invitation(user) {
  return (await hub.api("POST", `/api/v1/tenants/acme/users/${user}/invitation`, {})).body.url;
}
const row = (page, title) => page.locator(".incident", { hasText: title });
const pagesOf = (id) => hub.api("GET", `/api/v1/tenants/acme/incidents/${id}/deliveries`).then(({ body }) => body.items);
const incident = (id) => hub.api("GET", `/api/v1/tenants/acme/incidents/${id}`).then(({ body }) => body);

try {
  const { incidents, examples, send } = await fillHub(hub);
  const owner = await newBrowser();

  await ui.check("the first start prints a link on localhost that signs the owner in, once", async () => {
    assert.match(firstLink ?? "", /^http:\/\/localhost:\d+\/sign-in#h\./);
    await signIn(owner, firstLink);
    await owner.waitForURL(/\/t\/acme\/incidents/);
    const second = await newBrowser();
    troubles.pop(); // A refusal is a failed request, and Chromium says so on its console.
    await second.goto(firstLink);
    await second.getByText("This link no longer works").waitFor();
    await second.context().close();
  });

  await ui.check("the list shows what burns: severity, service, team, who was paged, the next step counting down", async () => {
    const payments = row(owner, "12 % of requests fail");
    await payments.waitFor();
    const text = await payments.innerText();
    for (const part of ["P1", "Payment API", "Payments", "Prometheus Alertmanager", "Triggered", "Ana Ruiz", "step 2"])
      assert.ok(text.includes(part), part);
    const countdown = payments.locator(".next b");
    const before = await countdown.innerText();
    assert.match(before, /^0\d:\d\d$/);
    await until("the countdown to move", 4_000, async () => (await countdown.innerText()) !== before);
    // Lists are read from a projection that is seconds behind; the list reads again by itself.
    await row(owner, "Disk of build-07").waitFor({ state: "detached" });
    assert.equal(await row(owner, "Pod restarted once").count(), 0);
  });

  await ui.check("filters stand in the address and survive a reload; search finds titles", async () => {
    await owner.getByRole("button", { name: "Held back" }).click();
    await row(owner, "Pod restarted once").waitFor();
    assert.match(owner.url(), /show=quiet/);
    await owner.reload();
    await row(owner, "Pod restarted once").waitFor();
    await owner.goto(`${hub.url}/t/acme/incidents`);
    await owner.getByLabel("Team").selectOption("platform");
    await until("only the team's", waitMs, async () => (await owner.locator(".incident").count()) === 1);
    await owner.getByLabel("Team").selectOption("");
    await owner.getByLabel("Search titles").fill("voucher");
    await until("only what fits", waitMs, async () => (await owner.locator(".incident").count()) === 1);
    await owner.getByLabel("Search titles").fill("");
    await row(owner, "12 % of requests fail").waitFor();
  });

  await ui.check(
    "an incident shows what changed just before it, the rest by one press; the list of changes is filtered",
    async () => {
      await owner.goto(`${hub.url}/t/acme/incidents/${incidents.payments}`);
      const around = owner.locator("section", { has: owner.locator("#changes-around") });
      await around.getByText("Deployed payment-api 2026.11.4").waitFor();
      assert.match(await around.locator("li").first().innerText(), /1[12] min before/);
      const build = around.getByRole("link", { name: "Build" });
      assert.deepEqual(await Promise.all(["href", "target"].map((name) => build.getAttribute(name))), [
        "https://ci.example.com/builds/4182",
        "_blank",
      ]);
      assert.match((await build.getAttribute("rel")) ?? "", /noopener/);
      assert.equal(await around.getByText("voucher-stacking").count(), 0);
      await around.getByRole("button", { name: "Show 1 change elsewhere" }).click();
      await around.getByText("voucher-stacking").waitFor();
      await around.getByRole("link", { name: "All changes" }).click();
      await owner.locator(".changes li").nth(2).waitFor();
      await owner.getByLabel("Service", { exact: true }).selectOption("checkout");
      await until("only checkout's", waitMs, async () => (await owner.locator(".changes li").count()) === 1);
      await owner.goto(`${hub.url}/t/acme/changes?q=nothing-like-this`);
      await owner.getByRole("button", { name: "Clear filters" }).click();
      await until("all of them", waitMs, async () => (await owner.locator(".changes li").count()) === 3);
      await owner.goto(`${hub.url}/t/acme/incidents`);
    },
  );

  await ui.check("one incident says what happens next, why each page went out, and shows the body as it came", async () => {
    await row(owner, "12 % of requests fail").getByRole("link").click();
    await owner.getByRole("heading", { name: "What happens next" }).waitFor();
    await owner.locator(".ahead", { hasText: "Step 2: Bo Lindqvist by phone, Chidi Okafor by phone" }).waitFor();
    await owner.locator(".ahead", { hasText: "Step 3: Eva Sørensen by phone" }).waitFor();
    await owner.locator(".timeline", { hasText: "Step 1 pages Ana Ruiz" }).waitFor();
    await owner.getByRole("tab", { name: "Pages" }).click();
    await owner.locator(".delivery", { hasText: "Ana Ruiz, phone" }).waitFor();
    await owner.getByRole("tab", { name: /Alerts/ }).click();
    await owner.getByText("Body as it came").click();
    await owner.locator("pre.raw", { hasText: "PaymentErrorRateHigh" }).waitFor();
  });

  await ui.check("acknowledge, and undo: everything goes on where it was, nobody is paged again", async () => {
    const pagesBefore = (await hub.api("GET", `/api/v1/tenants/acme/incidents/${incidents.payments}/deliveries`)).body.items
      .length;
    const before = await incident(incidents.payments);
    await owner.getByRole("button", { name: "Acknowledge", exact: true }).click();
    await owner.locator(".badge", { hasText: "Acknowledged" }).waitFor();
    assert.equal((await incident(incidents.payments)).acknowledgedBy, "hub-owner");
    await owner.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await owner.locator(".badge", { hasText: "Triggered" }).waitFor();
    const after = await incident(incidents.payments);
    assert.equal(after.status, "triggered");
    const escalation = (view) => view.pending.find((item) => item.kind === "escalate").at;
    assert.equal(escalation(after), escalation(before));
    assert.equal(
      (await hub.api("GET", `/api/v1/tenants/acme/incidents/${incidents.payments}/deliveries`)).body.items.length,
      pagesBefore,
    );
  });

  await ui.check("every action of the page does what it says", async () => {
    const title = "Gateway times out";
    const id = await send(title);
    await owner.goto(`${hub.url}/t/acme/incidents/${id}`);
    await owner.getByLabel("Add a note").fill("Looking at the gateway's pool");
    await owner.getByRole("button", { name: "Add note" }).click();
    await owner.locator(".timeline", { hasText: "Looking at the gateway's pool" }).waitFor();
    await owner.getByRole("button", { name: "Severity" }).click();
    await owner.locator("dialog").getByRole("button", { name: "P2" }).click();
    await owner.locator("dialog .actions .go").click();
    await owner.locator(".incident-head .severity", { hasText: "P2" }).waitFor();
    await owner.getByRole("button", { name: "Call in" }).click();
    await owner.locator("dialog").getByLabel("Chidi Okafor").check();
    await owner.locator("dialog .actions .go").click();
    await owner.locator(".timeline", { hasText: "Chidi Okafor" }).first().waitFor();
    await owner.getByRole("button", { name: "Escalate" }).click();
    await owner.locator("dialog .actions .go").click();
    await until("the next level", waitMs, async () => (await incident(id)).step === 2);
    await owner.getByRole("button", { name: "Reassign" }).click();
    await owner.locator("dialog").getByLabel("Person").selectOption("eva");
    await owner.locator("dialog .actions .go").click();
    await until("Eva", waitMs, async () => (await incident(id)).assignees.includes("eva"));
    await owner.getByRole("button", { name: "Snooze" }).click();
    await owner.locator("dialog").getByRole("button", { name: "30 minutes" }).click();
    await owner.locator("dialog .actions .go").click();
    await owner.locator(".badge", { hasText: "Snoozed" }).first().waitFor();
    await owner.getByRole("button", { name: "Resolve", exact: true }).click();
    await owner.locator(".badge", { hasText: "Resolved" }).first().waitFor();
    const pagesBefore = (await pagesOf(id)).length;
    await owner
      .locator(".doing")
      .getByRole("button", { name: /^Undo 0:\d\d|^Undo 00:\d\d/ })
      .click();
    await owner.locator(".badge", { hasText: "Snoozed" }).first().waitFor();
    assert.equal((await pagesOf(id)).length, pagesBefore);
    // Somebody else's resolve is not one's own to take back.
    await hub.api("POST", `/api/v1/tenants/acme/incidents/${id}/resolve`, { as: "eva" });
    await owner.locator(".badge", { hasText: "Resolved" }).first().waitFor();
    assert.equal(await owner.locator(".doing").getByRole("button", { name: /^Undo/ }).count(), 0);
    await owner.locator(".doing").getByRole("button", { name: "Re-open" }).click();
    await until("it open again", waitMs, async () => (await incident(id)).status === "triggered");
    await owner.locator(".doing").getByRole("button", { name: "Merge" }).click();
    await owner.locator("dialog").getByLabel("Into").selectOption(incidents.payments);
    await owner.locator("dialog .actions .go").click();
    await owner.locator(".badge", { hasText: "Merged" }).first().waitFor();
  });

  await ui.check("a keyboard is enough: j, k, x, a, Enter, ?, Ctrl-K", async () => {
    await owner.goto(`${hub.url}/t/acme/incidents`);
    await row(owner, "12 % of requests fail").waitFor();
    await owner.keyboard.press("j");
    const first = await owner.evaluate(() => document.activeElement?.textContent);
    await owner.keyboard.press("j");
    assert.notEqual(await owner.evaluate(() => document.activeElement?.textContent), first);
    await owner.keyboard.press("k");
    assert.equal(await owner.evaluate(() => document.activeElement?.textContent), first);
    await owner.keyboard.press("x");
    await owner.getByText("1 selected").waitFor();
    await owner.keyboard.press("x");
    await owner.keyboard.press("?");
    await owner.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await owner.keyboard.press("Escape");
    await owner.keyboard.press("Control+k");
    await owner.locator("dialog").getByRole("combobox").fill("vouch");
    await owner.getByRole("option", { name: /voucher/ }).waitFor();
    await owner.keyboard.press("Enter");
    await owner.waitForURL(new RegExp(incidents.cart));
  });

  await ui.check("several at once, with undo", async () => {
    const ids = [await send("Search is slow", "error"), await send("Search index is old", "error")];
    await owner.goto(`${hub.url}/t/acme/incidents?q=search`);
    await row(owner, "Search is slow").waitFor();
    for (const box of await owner.locator(".incident input[type=checkbox]").all()) await box.check();
    await owner.getByText("2 selected").waitFor();
    await owner.locator(".bulk").getByRole("button", { name: "Acknowledge" }).click();
    await owner.locator(".toast", { hasText: "2 acknowledged" }).waitFor();
    for (const id of ids) assert.equal((await incident(id)).status, "acknowledged");
    await owner.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await until("both as before", waitMs, async () =>
      (await Promise.all(ids.map(incident))).every((each) => each.status === "triggered"),
    );
    const before = await Promise.all(ids.map(pagesOf));
    for (const box of await owner.locator(".incident input[type=checkbox]").all()) await box.check();
    await owner.locator(".bulk").getByRole("button", { name: "Resolve" }).click();
    await owner.locator(".toast", { hasText: "2 resolved" }).waitFor();
    // One of them is opened again by its source meanwhile: that one stays as it is, and is told of.
    await send("Search is slow", "error");
    await owner.locator(".toast", { hasText: "2 resolved" }).getByRole("button", { name: "Undo" }).click();
    await owner.locator(".toast.bad", { hasText: "there is nothing to take back" }).waitFor();
    // A refusal is a failed request, and Chromium says so on its console.
    const [own] = troubles;
    own.splice(
      own.findIndex((line) => line.includes("409 (Conflict)")),
      1,
    );
    const after = await Promise.all(ids.map(incident));
    assert.deepEqual(
      after.map(({ status, epoch }) => [status, epoch]),
      [
        ["triggered", 1],
        ["triggered", 0],
      ],
    );
    assert.equal((await pagesOf(ids[1])).length, before[1].length, "nobody is paged anew");
  });

  await ui.check("declared by hand, it pages", async () => {
    await owner.goto(`${hub.url}/t/acme/incidents`);
    await owner.getByRole("button", { name: "Declare" }).click();
    await owner.getByLabel("What is wrong?").fill("The office door does not lock");
    await owner.locator("dialog").getByLabel("Service").selectOption("build");
    await owner.getByRole("button", { name: "Declare and page" }).click();
    await owner.getByRole("heading", { name: "The office door does not lock" }).waitFor();
    await owner.locator(".timeline", { hasText: "Chidi Okafor" }).first().waitFor();
  });

  const ana = await newBrowser({ viewport: { width: 360, height: 780 }, hasTouch: true, locale: "es-ES" });
  await ui.check("two browsers see each other live: an acknowledgment, and an alert that comes in", async () => {
    await ana.goto(await invitation("ana"));
    await ana.getByRole("button", { name: /Ana Ruiz/ }).click();
    await ana.waitForURL(/\/t\/acme\/mine/);
    await ana.goto(`${hub.url}/t/acme/incidents`);
    await owner.goto(`${hub.url}/t/acme/incidents`);
    for (const page of [owner, ana]) await page.locator(".link-state.live").waitFor();
    await row(owner, "12 % of requests fail").getByRole("checkbox").check();
    await row(ana, "12 % of requests fail").getByRole("link").click();
    await ana.getByRole("button", { name: "Reconocer", exact: true }).click();
    await ana.locator(".badge", { hasText: "Reconocida" }).waitFor();
    // The record in her language, from its data.
    await ana.locator(".timeline", { hasText: "aso 1 avisa a Ana Ruiz" }).waitFor();
    await ana.locator(".timeline", { hasText: "a tiene Ana Ruiz" }).waitFor();
    const began = Date.now();
    await row(owner, "12 % of requests fail").locator(".badge", { hasText: "Acknowledged" }).waitFor();
    assert.ok((await row(owner, "12 % of requests fail").innerText()).includes("Ana Ruiz"));
    console.log(`    seen ${Date.now() - began} ms after the other browser had its answer`);
    await send("A second fire");
    await row(owner, "A second fire").waitFor({ timeout: 3_000 });
  });

  await ui.check("what happened while a browser was away is there when it comes back", async () => {
    const mine = troubles.at(-1);
    await ana.goto(`${hub.url}/t/acme/incidents`);
    await ana.locator(".link-state.live").waitFor();
    await ana.context().setOffline(true);
    await send("While you were out");
    await ana.context().setOffline(false);
    await row(ana, "While you were out").waitFor();
    mine.splice(0, mine.length, ...mine.filter((each) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(each)));
  });

  await ui.check("a stakeholder sees, and is offered nothing to do", async () => {
    const mei = await newBrowser();
    await signIn(mei, await invitation("mei"));
    await mei.getByText("Only to read: changes here take the role Responder or above. Yours is Stakeholder.").waitFor();
    assert.equal(await mei.getByRole("checkbox").count(), 0);
    await row(mei, "12 % of requests fail").getByRole("link").click();
    await mei.getByRole("heading", { name: "What happens next" }).waitFor();
    assert.equal(await mei.locator(".doing").count(), 0);
    await mei.context().close();
  });

  await ui.check("a passkey is made, and signs in from then on; forgotten, it does not", async () => {
    const page = await newBrowser();
    const mine = troubles.at(-1);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    await devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page, await invitation("bo"));
    await page.goto(`${hub.url}/t/acme/account`);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("never used").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(/\/t\/acme\/mine/);
    await page.goto(`${hub.url}/t/acme/account`);
    await page.getByText("by passkey").waitFor();
    await page.getByRole("heading", { name: "Bo Lindqvist" }).waitFor();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByText("You have none yet").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("does not know that passkey").waitFor();
    mine.splice(0, mine.length, ...mine.filter((each) => !each.includes("401")));
    await page.context().close();
  });

  const places = [
    ...pages.map((page) => addressOf(page, examples)),
    `/t/acme/incidents/${incidents.cart}`,
    "/t/acme/incidents?show=all",
    "/t/acme/incidents?q=nothing-like-this",
    "/tenants/all",
  ];
  for (const colorScheme of ["light", "dark"])
    for (const width of [360, 1440])
      await ui.check(`axe-core finds nothing on any page: ${colorScheme}, ${width} px`, async () => {
        const page = await newBrowser({ viewport: { width, height: 900 }, colorScheme });
        await page.goto(`${hub.url}/sign-in`);
        await page.getByRole("button", { name: /passkey/ }).waitFor();
        const found = await faultsOf(page, "/sign-in");
        await signIn(page, await ownerLink());
        for (const at of places) {
          await page.goto(hub.url + at);
          await page.locator("h1, h2").first().waitFor();
          await page.waitForFunction(() => document.querySelector(".skeleton") === null);
          found.push(...(await faultsOf(page, at)));
        }
        if (width === 1440) {
          await page.goto(`${hub.url}/t/acme/incidents`);
          await row(page, "12 % of requests fail").waitFor();
          for (const key of ["n", "?", "Control+k"]) {
            await page.keyboard.press(key);
            await page.locator("dialog[open]").waitFor();
            found.push(...(await faultsOf(page, `dialog ${key}`)));
            await page.keyboard.press("Escape");
            await page.locator("dialog[open]").waitFor({ state: "detached" });
          }
        }
        assert.deepEqual(found, []);
        await page.context().close();
      });

  await ui.check("no console error, no breach of the policy, no request to another host", () => {
    assert.deepEqual(troubles.flat(), []);
  });

  await ui.check("every answer has the policy; hashed files are kept for ever, pages are not", async () => {
    const html = await fetch(`${hub.url}/t/acme/incidents`);
    assert.match(html.headers.get("content-security-policy"), /require-trusted-types-for 'script'/);
    assert.equal(html.headers.get("cache-control"), "no-cache");
    const script = /src="(\/assets\/[^"]+)"/.exec(await html.text())[1];
    const file = await fetch(hub.url + script);
    assert.match(file.headers.get("cache-control"), /immutable/);
    assert.match(file.headers.get("content-type"), /javascript/);
    assert.match(file.headers.get("content-security-policy"), /default-src 'none'/);
    assert.equal((await fetch(`${hub.url}/assets/not-there.js`)).status, 404);
    assert.equal(
      (await fetch(`${hub.url}/api/not-there`)).headers.get("content-type"),
      "application/problem+json; charset=utf-8",
    );
  });

  await ui.check("within the budgets: first load 35 KB of script and 8 KB of style, a page 30 KB, an editor 110 KB", () => {
    const { first, lazy } = sizes();
    console.log(
      `    first load ${(first.js / kilobyte).toFixed(1)} KB script, ${(first.css / kilobyte).toFixed(1)} KB style; ${lazy.map(({ name, js }) => `${name} ${(js / kilobyte).toFixed(1)}`).join(", ")}`,
    );
    assert.ok(first.js <= 35 * kilobyte, `script ${first.js}`);
    assert.ok(first.css <= 8 * kilobyte, `style ${first.css}`);
    for (const { name, js } of lazy) assert.ok(js <= (/editor/.test(name) ? 110 : 30) * kilobyte, `${name} ${js}`);
  });

  await ui.check("thousands of incidents: only the rows near the view are drawn, to the end of the list and back", async () => {
    const many = 700;
    for (const page of [owner, ana]) await page.context().close();
    await tenantOfMany(hub, many);
    const page = await newBrowser();
    await page.goto(await ownerLink());
    await page.getByRole("button", { name: /^Go on as/ }).click();
    await page.waitForURL(/\/tenants/);
    await page.goto(`${hub.url}/t/many/incidents`);
    const found = await scrollThrough(page, many);
    console.log(`    ${told(found)}`);
    assert.equal(found.listed, many);
    assert.equal(found.last, String(many));
    assert.ok(found.rowsMax <= 200, `${found.rowsMax} rows drawn`);
    assert.ok(found.nodesMax <= 5_000, `${found.nodesMax} nodes`);
    // The keyboard goes on over the edge of what was drawn.
    await page.locator('[data-row="0"] .title').focus();
    const place = () => page.evaluate(() => Number(document.activeElement?.closest("[data-row]")?.dataset.row));
    // More presses than places: one may come before the next rows are drawn.
    for (let n = 0; n < 400 && (await place()) < 120; n++) await page.keyboard.press("j");
    assert.equal(await place(), 120);
    assert.ok((await page.locator(".incident").count()) <= 200);
  });
} finally {
  await browser.close();
  await hub.stop();
}
ui.end();

async function faultsOf(page, at) {
  // A colour on its way from one to the other is neither.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.all(ending.map((each) => each.finished.catch(() => undefined)));
  });
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  // A bar of a calendar is as wide as its time is long. The same is to be had by the list beside it (WCAG 2.5.8, "equivalent").
  const narrow = ({ id, nodes }) => id === "target-size" && nodes.every((node) => /\[data-bar=/.test(node.target.join()));
  return violations
    .filter((each) => !narrow(each))
    .map(
      ({ id, nodes }) =>
        `${at}: ${id} ${nodes
          .slice(0, 3)
          .map((node) => node.target.join(" "))
          .join(" | ")}`,
    );
}

/** Gzipped: what the first page needs before anything is shown, and what each page adds to that. */
function sizes() {
  const folder = path.join(root, "dist/ui");
  const manifest = JSON.parse(readFileSync(path.join(folder, ".vite/manifest.json"), "utf8"));
  const size = (file) => gzipSync(readFileSync(path.join(folder, file))).length;
  const reach = (key, seen = new Set()) => {
    if (seen.has(key)) return seen;
    seen.add(key);
    for (const next of manifest[key].imports ?? []) reach(next, seen);
    return seen;
  };
  const entry = reach("index.html");
  const sum = (keys) => ({
    js: keys.reduce((total, key) => total + size(manifest[key].file), 0),
    css: [...new Set(keys.flatMap((key) => manifest[key].css ?? []))].reduce((total, file) => total + size(file), 0),
  });
  const lazy = Object.keys(manifest)
    .filter((key) => manifest[key].isDynamicEntry)
    .map((key) => ({
      name: path.basename(key).replace(/\.tsx?$/, ""),
      ...sum([...reach(key)].filter((each) => !entry.has(each))),
    }));
  return { first: sum([...entry]), lazy };
}
