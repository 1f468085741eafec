// The whole way in Debian's Chromium, on a screen of 360 px, from a hub with an empty folder to a page that somebody answered:
// first tenant, person, schedule, policy, sender, test alert, page, acknowledgment. Once by the simulated phone, once by mail.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, mailSink, suite, until } from "./hub.mjs";

const ui = suite("admin UI, first steps");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const waitMs = 10_000;
const phone = { width: 360, height: 780 };

const mail = await mailSink();
const hub = await launchHub();
const browser = await launchBrowser();
try {
  const context = await browser.newContext({
    viewport: phone,
    hasTouch: true,
    isMobile: true,
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const troubles = watchPage(page, hub.url);
  const button = (name, of = page) => of.getByRole("button", { name, exact: true });
  const at = (tenant, path) => `/api/v1/tenants/${tenant}${path}`;
  /** A state that somebody must bring about: nothing for axe to find, nothing wider than the screen. */
  async function clean(where, of = page) {
    await of.waitForFunction(() => globalThis.document.querySelector(".skeleton") === null);
    const wide = await of.evaluate(() => globalThis.document.documentElement.scrollWidth - globalThis.innerWidth);
    assert.ok(wide <= 0, `${where} is ${wide} px wider than the screen`);
    await of.evaluate(axeSource);
    const { violations } = await of.evaluate(() => globalThis.axe.run());
    const faults = violations.map(
      ({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => node.html.slice(0, 140)).join(" | ")}`,
    );
    assert.deepEqual(faults, []);
  }
  const step = (name) => page.getByRole("heading", { name, level: 2 }).waitFor();
  const next = () => button("Save and go on").click();
  /** Opens the page that came, as its receiver does, and presses the one button that matters. */
  async function acknowledge(open) {
    const [answer] = await Promise.all([context.waitForEvent("page"), open()]);
    const wrong = watchPage(answer, hub.url);
    await answer.waitForLoadState();
    assert.equal(await answer.evaluate(() => globalThis.innerWidth), phone.width);
    await clean("responder's page", answer);
    const { y, height } = await answer.locator("form[action$='/ack'] button").boundingBox();
    assert.ok(y + height <= phone.height, "the button is on the screen without scrolling");
    await answer.locator("form[action$='/ack'] button").tap();
    await answer.getByText("It is yours").waitFor();
    assert.deepEqual(wrong, []);
    await answer.close();
  }

  await ui.check("a hub with nothing: its printed link signs the owner in, and the first tenant is made there", async () => {
    const link = await until("the printed link", waitMs, () => /http:\/\/localhost:\d+\/sign-in#\S+/.exec(hub.output)?.[0]);
    await page.goto(link);
    await button("Go on as Hub owner").tap();
    await page.getByRole("heading", { name: "Your first tenant" }).waitFor();
    assert.equal(await page.getByLabel("Time zone").inputValue(), "Europe/Madrid");
    await page.getByLabel("Name of the organization").fill("Bakery & Sons");
    assert.equal(await page.getByLabel("Id", { exact: true }).inputValue(), "bakery-sons");
    await clean("first tenant");
    await button("Create it").tap();
    await step("You");
    const { body } = await hub.api("GET", at("bakery-sons", "/directory"));
    assert.deepEqual([body.name, body.timeZone, body.users.length], ["Bakery & Sons", "Europe/Madrid", 0]);
  });

  await ui.check("you, and how a page reaches you", async () => {
    await page.getByLabel("Your name").fill("Nora Baker");
    await clean("you");
    await next();
    await step("Who is on call");
    const { body } = await hub.api("GET", at("bakery-sons", "/users/nora-baker"));
    assert.deepEqual([body.role, body.contacts[0].via], ["owner", "inbox"]);
  });

  await ui.check("a colleague, and a schedule in plain words", async () => {
    await button("Add a colleague").tap();
    await page.getByLabel("Name", { exact: true }).fill("Bo Lindqvist");
    await button("Add").tap();
    await page.getByText("Sign-in link for Bo Lindqvist").waitFor();
    await page.getByLabel("Handed over").selectOption("1w-mo");
    await page.getByText("Nora Baker and Bo Lindqvist, weekly, handed over on Mondays 09:00 Madrid").waitFor();
    await clean("people");
    await next();
    await step("Who is paged when");
    const { body } = await hub.api("GET", at("bakery-sons", "/oncall"));
    assert.deepEqual(body.items[0].users, ["nora-baker"]);
  });

  await ui.check("left and taken up again: it goes on at the first thing that is not there yet", async () => {
    await page.goto(`${hub.url}/t/bakery-sons/incidents`);
    await page.getByRole("heading", { name: "Set up: 2 of 5 done" }).waitFor();
    await clean("incidents with the reminder");
    await page.getByRole("link", { name: "Go on" }).tap();
    await step("Who is paged when");
    await page.getByRole("link", { name: "Back" }).tap();
    await page.getByRole("link", { name: "On call", exact: true }).first().waitFor();
    await button("Go on").tap();
    await step("Who is paged when");
  });

  await ui.check("a policy as a ladder, with who it would page right now", async () => {
    await page.getByText("Right now: Nora Baker, Bo Lindqvist").waitFor();
    await clean("policy");
    await next();
    await step("Connect a sender");
    const { body } = await hub.api("GET", at("bakery-sons", "/policies/on-call"));
    assert.deepEqual(
      body.steps.map(({ notify, escalateAfter }) => [notify[0], escalateAfter]),
      [
        [{ schedule: "on-call" }, "5m"],
        [{ schedule: "on-call", who: "everyone" }, "10m"],
      ],
    );
    assert.match((await hub.api("GET", at("bakery-sons", "/config"))).body, /fallback:\s+notify:\s+- user: nora-baker/);
  });

  let address = "";
  await ui.check("a sender: its key shown once, and the text that says where to put it", async () => {
    await clean("senders");
    await page.getByLabel("What sends the alerts?").fill("uptime");
    await page.getByRole("button", { name: /^Uptime Kuma/ }).tap();
    await button("Connect").tap();
    await page.getByText("The key is shown this once").waitFor();
    address = await page.locator("code.input").first().innerText();
    await page.getByRole("heading", { name: "Setting up the sender" }).waitFor();
    // To be copied as it stands: an example's address would be an alert that nobody gets.
    assert.doesNotMatch(await page.getByRole("main").innerText(), /tocsin\.example\.com|INTEGRATION-KEY/);
    await clean("sender made");
    await button("Go on").tap();
    await step("The proof");
    assert.match(address, /\/v1\/ingest\//);
  });

  let incident = "";
  await ui.check("a test alert becomes a page on the phone, watched as it goes", async () => {
    await page.getByText("The page will go to Nora Baker.").waitFor();
    await clean("proof");
    await button("Send a test page").tap();
    await page.getByText("Page to Nora Baker by phone").waitFor();
    await page.getByText("Waiting for somebody to answer").waitFor();
    await page.getByText(/Otherwise Nora Baker, Bo Lindqvist in 04:\d\d/).waitFor();
    await page.locator(".phone li", { hasText: "on call for on-call, step 1" }).waitFor();
    await clean("watching");
    incident = new URL(page.url()).searchParams.get("incident");
    assert.equal((await hub.api("GET", at("bakery-sons", `/incidents/${incident}`))).body.status, "triggered");
  });

  await ui.check(
    "acknowledged on a 360 px screen by the link of the page; the guide sees it, and so does the record",
    async () => {
      await acknowledge(() => page.getByRole("link", { name: "Open to answer" }).tap());
      await page.getByRole("heading", { name: "It works" }).waitFor();
      await page.getByText(/Nora Baker had it \d+ s after the alert/).waitFor();
      await page.locator(".phone").getByText("Acknowledged by Nora Baker").waitFor();
      await clean("it works");
      const { body } = await hub.api("GET", at("bakery-sons", `/incidents/${incident}`));
      assert.deepEqual([body.status, body.acknowledgedBy], ["acknowledged", "nora-baker"]);
      const pages = (await hub.api("GET", at("bakery-sons", `/incidents/${incident}/deliveries`))).body.items;
      assert.deepEqual(
        pages.map(({ user, via, status }) => [user, via, status]),
        [["nora-baker", "inbox", "delivered"]],
      );
      const { items } = (await hub.api("GET", at("bakery-sons", `/incidents/${incident}/timeline`))).body;
      assert.ok(items.some((entry) => entry.kind === "acknowledged" && entry.actor.type === "link"));
      await button("Close the test incident").tap();
      await until("it resolved", waitMs, async () => {
        return (await hub.api("GET", at("bakery-sons", `/incidents/${incident}`))).body.status === "resolved";
      });
    },
  );

  await ui.check("nothing is left to remind of", async () => {
    await until("the list to know", waitMs, async () => {
      return (await hub.api("GET", at("bakery-sons", "/incidents?status=resolved"))).body.items[0]?.acknowledgedBy != null;
    });
    await page.goto(`${hub.url}/t/bakery-sons/incidents`);
    await page.getByRole("heading", { name: "Nothing is burning" }).waitFor();
    await page.getByRole("heading", { name: /^Set up/ }).waitFor({ state: "detached" });
  });

  await ui.check("the sender's own address pages the same person: what was set up is real", async () => {
    const body = {
      heartbeat: { status: 0, msg: "timeout" },
      monitor: { id: 7, name: "Shop", url: "https://shop.example.com" },
      msg: "down",
    };
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 202, await answer.clone().text());
    await page.goto(`${hub.url}/t/bakery-sons/phones?user=nora-baker`);
    await page.locator(".phone li", { hasText: "Shop" }).first().waitFor();
    await clean("phone");
  });

  await ui.check("a second tenant with mail: what was made elsewhere counts, each step says what is there", async () => {
    const smtp = { host: "127.0.0.1", port: mail.port, tls: "none", from: "tocsin@acme.test" };
    const made = await hub.apply("acme", {
      tenant: "acme",
      name: "Acme",
      notifiers: [{ id: "mail", plugin: "smtp", config: smtp }],
    });
    assert.equal(made.applied, true);
    await page.goto(`${hub.url}/t/acme/start`);
    await step("You");
    await page.getByLabel("Your name").fill("Eva Sørensen");
    await page.getByLabel("E-mail (not needed)").fill("eva@acme.test");
    assert.equal(await page.getByRole("radio", { name: /^Mail/ }).isChecked(), true);
    assert.equal(await page.getByLabel("Mail address").inputValue(), "eva@acme.test");
    await next();
    await step("Who is on call");
    await page.getByText("With you alone it is you, always").waitFor();
    await next();
    await step("Who is paged when");
    // Somebody else is quicker, by the API.
    const steps = [{ notify: [{ schedule: "on-call" }], escalateAfter: "5m" }];
    await hub.api("POST", at("acme", "/policies"), { id: "theirs", name: "Made elsewhere", steps });
    await page.getByRole("link", { name: "Made elsewhere" }).waitFor();
    await page.getByText("Right now: Eva Sørensen").waitFor();
    await button("Go on").tap();
    await step("Connect a sender");
    await button("Use a test alert").tap();
    await step("The proof");
  });

  await ui.check("the page arrives by mail, and its link acknowledges it", async () => {
    await button("Send a test page").tap();
    const sent = await until("the mail", waitMs, () => mail.mails.find((each) => each.to.includes("eva@acme.test")));
    await page.getByText("Look at eva@acme.test").waitFor();
    const link = /http\S+\/r\/\S+/.exec(sent.text)?.[0];
    assert.ok(link !== undefined, sent.text);
    await acknowledge(async () => {
      const answer = await context.newPage();
      await answer.goto(hub.url + new URL(link).pathname);
    });
    await page.getByRole("heading", { name: "It works" }).waitFor();
  });

  await ui.check("a sign-in link may lead to a page of the hub, and nowhere else", async () => {
    for (const [to, lands] of [
      ["/t/bakery-sons/people", /\/t\/bakery-sons\/people$/],
      ["//elsewhere.test/t/acme", /\/tenants/],
    ]) {
      const { body } = await hub.api("POST", "/api/v1/owner-link", {});
      const link = new URL(body.url);
      link.searchParams.set("to", to);
      await page.goto(link.href);
      await button("Go on as Hub owner").tap();
      await page.waitForURL(lands);
    }
  });

  await ui.check("the hub's owner gets from tenant to tenant, and to a new one", async () => {
    await page.goto(`${hub.url}/t/acme/incidents`);
    await page.getByRole("heading", { name: "Nothing is burning" }).or(page.locator(".incidents")).first().waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("tenants");
    await page.getByRole("option", { name: "Tenants" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Bakery & Sons" }).waitFor();
    await button("New tenant").tap();
    await page.getByLabel("Name of the organization").fill("Acme");
    await button("Create it").tap();
    await page
      .getByText(/there is/i)
      .first()
      .waitFor();
    troubles.splice(0); // The refusal of an id that is taken is a failed request, and Chromium says so on its console.
    await clean("an id that is taken");
    await button("Cancel").tap();
    await page.getByRole("link", { name: "Acme" }).waitFor();
  });

  await ui.check("a person of the tenant finds the guide as their own", async () => {
    const { body } = await hub.api("POST", at("bakery-sons", "/users/nora-baker/invitation"), {});
    await page.goto(`${body.url.replace("#", "?to=/t/bakery-sons/start#")}`);
    await button("Go on as Nora Baker").tap();
    await step("The proof");
    await page.getByText("A page arrived here and was answered").waitFor();
    await page.getByRole("link", { name: /You/ }).tap();
    await step("You");
    await page.locator(".made", { hasText: "Nora Baker" }).getByText("Simulated phone").waitFor();
    assert.equal(await page.getByLabel("Who are you here?").count(), 0);
    await button("Add another way").tap();
    await page.getByText("How does a page reach you?").waitFor();
    assert.equal(
      await page.getByRole("link", { name: "Your own page" }).getAttribute("href"),
      "/t/bakery-sons/people/nora-baker",
    );
    await clean("another way");
  });

  await ui.check("no console error, no breach of the policy, no request to another host", async () => {
    assert.deepEqual(troubles, []);
  });
} finally {
  await browser.close();
  await hub.stop();
  await mail.close();
}
ui.end();
