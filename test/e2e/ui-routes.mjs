// Routes and the tenant's document in Debian's Chromium against a launched hub: a bad expression and a good one, order by keys and
// by a pointer, tried on an alert that really came in, a plan and then the change; axe-core; no console error, no other host.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";
import { fillHub } from "./ui-world.mjs";

const ui = suite("admin UI, routes and configuration");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const waitMs = 10_000;
const t = "/api/v1/tenants/acme";
const routes = `tenant: acme
businessHours: [ { id: office, name: Office hours, timeZone: America/New_York, hours: [ { days: [MO, TU, WE, TH, FR], from: "09:00", to: "18:00" } ] } ]
routes:
  - { id: noise, when: 'alert.labels.level == "chatter"', suppress: true }
  - { id: payments, when: 'alert.labels.service == "payment-api"', set: { service: payment-api, policy: critical } }
  - { id: flaps, when: 'alert.labels.flappy == "true"', hold: 2m }
`;

const hub = await launchHub();
const browser = await launchBrowser();
try {
  await fillHub(hub);
  await hub.apply("acme", routes);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const troubles = watchPage(page, hub.url);
  const button = (name) => page.getByRole("button", { name });
  const accessible = async (name) => {
    await page.evaluate(axeSource);
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      // Colours change over a moment: on a busy machine a long one.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.waitForFunction(() => document.getAnimations().every((each) => each.playState !== "running"));
      const { violations } = await page.evaluate(() =>
        globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
      );
      assert.deepEqual(
        violations.map(
          ({ id, nodes }) => `${name} ${colorScheme} ${id}: ${nodes.map((each) => each.target.join(" ")).join(" | ")}`,
        ),
        [],
      );
    }
  };
  const row = (id) => page.locator(".route", { has: page.locator(".route-id b", { hasText: new RegExp(`^${id}$`) }) });
  const stored = async () => (await hub.api("GET", `${t}/routes`)).body.items;
  const order = async () => (await stored()).map((each) => each.id);
  const shown = () => page.locator(".route-id b").allInnerTexts();
  /** Typed as a person types: the whole of it anew. */
  const write = async (box, text) => {
    await box.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  };

  const { body: link } = await hub.api("POST", "/api/v1/owner-link", {});
  await page.goto(link.url);
  await button(/^Go on as/).click();
  await page.waitForURL(/\/(tenants|t\/)/);

  await ui.check("routes are read from the top in plain words", async () => {
    await page.goto(`${hub.url}/t/acme/routes`);
    await row("noise").getByText("When label level is chatter").waitFor();
    await row("noise").getByText("suppressed, nobody is paged").waitFor();
    await row("payments").getByText("service Payment API").waitFor();
    await row("payments").getByText("policy Payments, critical").waitFor();
    await row("flaps").getByText("held back 2 min").waitFor();
    await page.getByText("No route fitted").waitFor();
    assert.deepEqual(await shown(), ["noise", "payments", "flaps"]);
  });

  await ui.check("a bad expression says where it is wrong and what to do; labels that alerts had are proposed", async () => {
    await button("Add a route").click();
    const form = page.locator(".route", { has: page.locator(".route-fields") });
    await form.getByLabel("Id", { exact: true }).fill("eu-first");
    const when = form.getByRole("textbox", { name: "When", exact: true });
    await write(when, 'alert.sevrity == "critical"');
    await form.getByText("alert has no field sevrity, did you mean alert.severity?").waitFor();
    await form.locator(".mark-bad", { hasText: "sevrity" }).waitFor();
    assert.equal(await when.getAttribute("aria-invalid"), "true");
    await write(when, "alert.title ==");
    await form.getByText("the expression ends too soon").waitFor();
    await accessible("a bad expression");
    await write(when, "");
    await page.keyboard.type("alert.labels.clus");
    await form.getByRole("option", { name: /alert\.labels\.cluster/ }).click();
    await page.keyboard.type(' == "');
    await form.getByRole("option", { name: "eu-1" }).click();
    await until("the whole expression", waitMs, async () => (await when.innerText()) === 'alert.labels.cluster == "eu-1"');
    await form.locator(".code-said .wrong").waitFor({ state: "detached" });
  });

  await ui.check("an unsaved route is tried on an alert that came in: each verdict with why, and where it goes", async () => {
    await page.getByLabel("Severity", { exact: true }).selectOption("P2");
    const saved = await order();
    await page.getByLabel("Alert", { exact: true }).selectOption({ label: "Payment API: 12 % of requests fail" });
    await page.locator(".decided").getByText("eu-first").waitFor();
    await row("eu-first").getByText("Fits", { exact: true }).waitFor();
    await row("noise").getByText("Not tried").waitFor();
    await page.locator(".decided").getByText("P2").waitFor();
    assert.deepEqual(await order(), saved, "nothing of it is saved");
    const alert = page.getByLabel("Alert", { exact: true });
    const body = await alert.locator("option", { hasText: /\d Carts are lost/ }).getAttribute("value");
    await alert.selectOption(body);
    await page.locator(".decided").getByText("Checkout").waitFor();
    await row("eu-first").getByText("Does not fit").waitFor();
    await page.getByLabel("Alert", { exact: true }).selectOption({ label: "One that I write" });
    await page.getByLabel("Labels", { exact: true }).fill("level=chatter");
    await row("noise").getByText("Fits", { exact: true }).waitFor();
    await row("eu-first").getByText('alert.labels.cluster is ""').waitFor();
    await page.locator(".decided").getByText("Suppressed by route noise").waitFor();
    await accessible("routes, tried");
  });

  await ui.check("compared on the last bodies that came in: which would have gone another way", async () => {
    await button("Compare on the last 20 bodies").click();
    await page.getByText(/^\d of \d would have gone another way:$/).waitFor();
    await page.locator(".compare ins", { hasText: "P2" }).waitFor();
    await page.locator(".compare del", { hasText: "P1" }).waitFor();
    await accessible("routes, compared");
  });

  await ui.check("it is saved in its place, in one change, and decides for the next alert", async () => {
    await button("Save route").click();
    await page.getByText("Route saved").waitFor();
    assert.deepEqual(await order(), ["eu-first", "noise", "payments", "flaps"]);
    const [first] = await stored();
    assert.equal(first.when, 'alert.labels.cluster == "eu-1"');
    assert.deepEqual(first.set, { severity: "P2" });
  });

  await ui.check("order by the arrow keys and by a drag, saved once; who comes second is told", async () => {
    const handle = (id) => button(`Move ${id}: arrow up or down`);
    await handle("eu-first").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await until("the keys to move it", waitMs, async () => (await shown())[2] === "eu-first");
    const from = await handle("flaps").boundingBox();
    const to = await handle("noise").boundingBox();
    await page.mouse.move(from.x + 8, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 8, from.y - 40, { steps: 4 });
    await page.mouse.move(to.x + 8, to.y + 8, { steps: 8 });
    await page.mouse.up();
    await until("the drag to move it", waitMs, async () => (await shown())[0] === "flaps");
    await page.getByText("The order is not saved yet").waitFor();
    assert.deepEqual(await order(), ["eu-first", "noise", "payments", "flaps"]);
    await button("Save the order").click();
    await page.getByText("Order saved").waitFor();
    const now = await order();
    assert.deepEqual(now, await shown());
    assert.equal(now[0], "flaps");
    // Somebody else adds a route while the next order is being made.
    await handle("flaps").focus();
    await page.keyboard.press("ArrowDown");
    await hub.api("POST", `${t}/routes`, { id: "theirs", when: "alert.test" });
    await button("Save the order").click();
    await page.getByText("Somebody changed this while you were editing").waitFor();
    troubles.splice(0); // The refusal is a failed request, and Chromium says so on its console.
    await button("Show theirs, drop mine").click();
    await row("theirs").waitFor();
    assert.deepEqual(await shown(), [...now, "theirs"]);
  });

  await ui.check("a deleted route comes back to its place by undo", async () => {
    await button("Edit: payments").click();
    await row("payments").getByRole("button", { name: "Delete" }).click();
    await page.getByText("Route payments deleted").waitFor();
    const before = [...(await order())];
    assert.ok(!before.includes("payments"));
    await button("Undo").click();
    await row("payments").waitFor();
    const after = await order();
    assert.deepEqual(
      after.filter((id) => id !== "payments"),
      before,
    );
    assert.notEqual(after.at(-1), "payments");
  });

  const document = () => page.getByRole("textbox", { name: "Tenant document" });
  const upload = (text) =>
    page
      .locator('input[type="file"]')
      .setInputFiles({ name: "acme.yaml", mimeType: "application/yaml", buffer: Buffer.from(text) });
  const yaml = async () => (await hub.api("GET", `${t}/config`)).body;

  await ui.check("a document that is wrong names the line, and the way to it", async () => {
    await page.goto(`${hub.url}/t/acme/configuration`);
    await document().waitFor();
    const text = await yaml();
    const wrong = text.replace(/policy: critical$/m, "policy: critcal");
    await upload(wrong);
    const line = wrong.split("\n").findIndex((each) => each.includes("critcal")) + 1;
    await page.getByText("no policy is called critcal, did you mean critical?").waitFor();
    troubles.splice(0);
    await button(`Line ${line}`).click();
    await page.locator(".line-bad", { hasText: "critcal" }).waitFor();
    assert.equal(await button(/^Apply/).count(), 0);
    await accessible("a document that is wrong");
  });

  await ui.check("the plan says what was and what becomes, and only then it is applied; keys are shown once", async () => {
    const text = await yaml();
    assert.ok(!/\*a\d|&a\d/.test(text), "no alias stands for a secret");
    await upload(
      `${text.replace("name: Checkout", "name: Checkout and cart").replace(/^heartbeats: \[\]\n/m, "")}heartbeats:\n  - { id: nightly, every: 1d, service: checkout }\n`,
    );
    await page.getByText("1 added, 1 changed").waitFor();
    const change = page.locator(".change", { hasText: "checkout" }).first();
    await change.locator("del", { hasText: "Checkout" }).waitFor();
    await change.locator("ins", { hasText: "Checkout and cart" }).waitFor();
    await accessible("a plan");
    assert.ok(!(await yaml()).includes("Checkout and cart"), "a plan changes nothing");
    await button("Apply 2 changes").click();
    await page
      .getByRole("dialog")
      .getByText(/\/v1\/heartbeats\//)
      .waitFor();
    await button("I have copied them").click();
    assert.match(await yaml(), /name: Checkout and cart/);
  });

  await ui.check("who changes it meanwhile is not overwritten unasked; keys of the schema are proposed", async () => {
    await document().click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("defau");
    await page.getByRole("option", { name: /^defaults/ }).waitFor();
    await page.keyboard.press("Escape");
    await until("the keys to be there", waitMs, async () => (await document().innerText()).includes("defau"));
    const text = await yaml();
    await hub.api("PATCH", `${t}/services/build`, { name: "Build farm, theirs" });
    await upload(text.replace("name: Checkout and cart", "name: Mine"));
    await page.getByText("Somebody changed the configuration since you read it").waitFor();
    troubles.splice(0);
    await button("Show theirs, drop mine").click();
    await until("theirs", waitMs, async () => (await page.getByText("Not applied yet").count()) === 0);
    assert.match(await yaml(), /Build farm, theirs/);
  });

  await ui.check("no console error, no breach of the policy, no request to another host", () => {
    assert.deepEqual(troubles, []);
  });
} finally {
  await browser.close();
  await hub.stop();
}
ui.end();
