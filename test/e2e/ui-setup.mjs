// Setting up in Debian's Chromium against a launched hub: an integration with its key shown once, alerts by that key, a
// simulation that is what then happens, quiet times, heartbeats; axe-core on each page; no console error, no other host.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";
import { beginPromise, boards } from "./ui-boards.mjs";
import { fillHub } from "./ui-world.mjs";

const ui = suite("admin UI, setting up");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const waitMs = 10_000;
/** Where pictures go, when they are asked for. */
const pictures = process.env.TOCSIN_PICTURES ?? null;

const hub = await launchHub();
const browser = await launchBrowser();
const t = "/api/v1/tenants/acme";
try {
  const { send } = await fillHub(hub);
  await beginPromise({ hub, send });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const troubles = watchPage(page, hub.url);
  const to = (at) => page.goto(`${hub.url}/t/acme${at}`);
  const accessible = async (name) => {
    // test/e2e/ui.mjs walks every page in both schemes and widths; here are the states that somebody must bring about.
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() =>
      globalThis.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${name} ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`),
      [],
    );
    if (pictures === null) return;
    for (const colorScheme of ["dark", "light"]) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      await shoot(name, colorScheme);
    }
  };
  const shoot = async (name, scheme) => {
    mkdirSync(pictures, { recursive: true });
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 });
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.min(Math.max(height, 780), 3_000) });
      await page.screenshot({ path: `${pictures}/${name}-${width}-${scheme}.png` });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  const { body: link } = await hub.api("POST", "/api/v1/owner-link", {});
  await page.goto(link.url);
  await page.getByRole("button", { name: /^Go on as/ }).click();
  await page.waitForURL(/\/(tenants|t\/)/);

  let url = "";
  await ui.check("a source is found, its form is made from its schema, and the key is shown once", async () => {
    await to("/integrations/add");
    await page.getByLabel("What sends the alerts?").fill("alertmanager");
    await page.getByRole("link", { name: /Prometheus/ }).waitFor();
    await accessible("gallery");
    await page.getByLabel("What sends the alerts?").fill("generic");
    await page.getByRole("link", { name: /^Generic/ }).click();
    await page.getByLabel("Name in addresses").fill("probe");
    await page.getByLabel("Service", { exact: true }).selectOption("payment-api");
    await page.getByLabel("Signature header").waitFor();
    await page.getByRole("heading", { name: "Setting up the sender" }).waitFor();
    await accessible("integration-form");
    await page.getByRole("button", { name: "Make the integration" }).click();
    await page.getByText("The key is shown this once").waitFor();
    url = await page.locator("code.input").first().innerText();
    assert.match(url, /\/v1\/ingest\//);
    assert.ok(
      (await page.locator("pre.raw").allInnerTexts()).some((text) => text.includes(url)),
      "the set-up text has the address",
    );
    await accessible("integration-made");
    await page.goto(`${hub.url}/t/acme/integrations/probe`);
    await page.getByRole("button", { name: "New key" }).waitFor();
    assert.ok(!(await page.locator("body").innerText()).includes(url), "it is not shown again");
    await accessible("integration");
  });

  await ui.check(
    "a plugin of one's own is refused with its line, checked, uploaded, tried, taken back and switched off",
    async () => {
      await to("/integrations");
      await page.getByRole("link", { name: "Own plugins" }).click();
      await page.getByRole("link", { name: "Doors of Acme" }).waitFor();
      await accessible("own-plugins");
      await page.getByRole("link", { name: "Upload a plugin" }).click();
      await page.getByLabel("Id", { exact: true }).fill("gate-watch");
      await page.getByLabel("Name", { exact: true }).fill("Gates");
      const code = page.getByLabel("Code", { exact: true });
      const { exampleCode: whole } = await import("../../admin-ui/src/pages/own-plugins/example.ts");
      const write = async (text) => {
        await page.locator(".code .cm-content").first().waitFor();
        await code.fill(text);
      };
      const check = () => page.getByRole("button", { name: "Only check it" }).click();
      await write(whole.replace("normalize({ payload })", "normalize({ payload }"));
      await check();
      await page.locator(".wrong", { hasText: "line" }).waitFor();
      await page.locator(".code .line-bad").waitFor();
      await write(whole.replace('payload["state"] === "shut"', 'payload["x"].y === "shut"'));
      await check();
      await page.getByText("The kit refuses it").waitFor();
      await page.locator(".checks li", { hasText: "line 7" }).first().waitFor();
      // In the code the line that threw, in the bodies the one that it threw on.
      await page.locator(".code .line-bad", { hasText: 'payload["x"].y' }).waitFor();
      await page.locator(".code .line-bad", { hasText: '"name": "open"' }).waitFor();
      await accessible("own-plugin-refused");
      await write(whole);
      await check();
      await page.getByText("Every check passed").waitFor();
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      await page.getByRole("heading", { name: "Gates" }).waitFor();
      await page.getByText("Version 1 is in use").first().waitFor();
      const door = await hub.api("POST", `${t}/integrations`, {
        id: "gates",
        source: "sandboxed",
        config: { plugin: "gate-watch", settings: { site: "north" } },
      });
      await fetch(door.body.issued[0].url, { method: "POST", body: '{"door":"east"}' });
      await page.reload();
      await page.getByText("It cannot be deleted while integrations use it").waitFor();
      await page.getByLabel("As for the integration").selectOption("gates");
      assert.match(await page.getByLabel("Settings").inputValue(), /"site": "north"/);
      const kept = page.getByLabel("Take a body it received");
      await until("what it received", waitMs, async () => (await kept.locator("option").count()) > 1);
      await kept.selectOption({ index: 1 });
      await page.getByRole("button", { name: "Read it" }).click();
      await page.locator(".would h3", { hasText: "Door east is open" }).waitFor();
      await page.getByRole("textbox", { name: "Body" }).fill("{}");
      await page.getByRole("button", { name: "Read it" }).click();
      await page.getByText("an event of a door names it").waitFor();
      assert.equal((await hub.api("DELETE", `${t}/own-plugins/gate-watch`)).body.usedBy[0].id, "gates");
      assert.equal((await hub.api("DELETE", `${t}/integrations/gates`)).status, 204);
      await page.getByRole("button", { name: "Upload a new version" }).click();
      await write(whole.replace("Door $", "Gate $"));
      await page.getByText("What it changes in version 1").click();
      await page.locator(".line-diff .new", { hasText: "Gate $" }).waitFor();
      await page.getByLabel("What is new").fill("Gates, not doors");
      await page.getByLabel("Put it in use at once").check();
      await page.getByRole("button", { name: "Upload", exact: true }).click();
      await page.getByText("Version 2 is in use").first().waitFor();
      await page.getByRole("button", { name: "Put in use" }).click();
      await page.getByText("Version 1 is in use").first().waitFor();
      await page.getByRole("button", { name: "Undo" }).first().click();
      await page.getByText("Version 2 is in use").first().waitFor();
      await page.getByRole("button", { name: "Show its code" }).last().click();
      await page.locator(".line-diff .gone", { hasText: "Gate $" }).waitFor();
      await page.getByRole("button", { name: "Switch off" }).click();
      await page.getByText("What comes in by its integrations opens").waitFor();
      await accessible("own-plugin");
      // A hub that saved and could not confirm says so, and what that means.
      await page.route("**/own-plugins/gate-watch", async (route) => {
        if (route.request().method() !== "PATCH") return route.fallback();
        const answer = await route.fetch();
        return route.fulfill({ status: 202, json: { ...(await answer.json()), detail: "saved, not yet in force" } });
      });
      await page.getByRole("button", { name: "Switch on" }).click();
      await page.getByText("Saved, not yet in force: the part of the hub").waitFor();
      await page.unroute("**/own-plugins/gate-watch");
      for (const id of ["gate-watch", "acme-door"]) assert.equal((await hub.api("DELETE", `${t}/own-plugins/${id}`)).status, 204);
      await to("/own-plugins");
      await page.getByText("No plugin of your own yet").waitFor();
      await accessible("own-plugins-empty");
    },
  );

  await ui.check("a body that nobody can read is seen, its mapping made beside it, and it is let in again", async () => {
    const { body: made } = await hub.api("POST", `${t}/integrations`, {
      id: "plant",
      name: "Plant sensors",
      source: "custom",
      service: "checkout",
    });
    await to("/integrations/plant?tab=received");
    await page.getByText("Nothing has come in yet").waitFor();
    await accessible("received-empty");
    const sent = {
      events: [{ id: "pump-7", label: "Pressure of pump 7", state: "firing", severity: "major", tags: ["line:b"] }],
    };
    const answer = await fetch(made.issued[0].url, { method: "POST", body: JSON.stringify(sent) });
    assert.equal((await answer.json()).results[0].action, "unreadable");
    // Live: nobody reloads.
    await page.locator(".body-list .badge", { hasText: "Unreadable" }).waitFor();
    await page.locator(".body-row").click();
    await page.locator("pre.raw", { hasText: "Pressure of pump 7" }).waitFor();
    await accessible("received");
    await page.getByRole("tab", { name: "Mapping" }).click();
    await page.getByRole("button", { name: "Start from a proposal" }).click();
    await page.locator(".would", { hasText: "pump-7" }).waitFor();
    await page.getByLabel("Title", { exact: true }).fill("Pressure of pump");
    await page.locator(".field .wrong", { hasText: "line 1" }).waitFor();
    await page.getByLabel("Title", { exact: true }).fill("{{ item.label }} is high");
    await page.locator(".would h3", { hasText: "Pressure of pump 7 is high" }).waitFor();
    await accessible("mapping");
    await page.getByRole("button", { name: "Save the mapping" }).click();
    await page.getByRole("button", { name: "Show what could not be read" }).click();
    await page.getByRole("button", { name: "Replay all unreadable" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("pages Ana Ruiz").waitFor();
    await accessible("replay");
    await dialog.getByRole("button", { name: "Let it in" }).click();
    await dialog.getByRole("link", { name: "Open the incident" }).click();
    await page.getByRole("heading", { name: "Pressure of pump 7 is high" }).waitFor();
    await page.getByText("was let in again by").waitFor();
  });

  await ui.check("a test alert opens an incident that pages nobody", async () => {
    await to("/integrations");
    const line = page
      .locator("li", { hasText: "probe" })
      .or(page.locator("li", { hasText: "Generic JSON or form → Payment API" }))
      .first();
    await line.waitFor();
    await accessible("integrations");
    await line.getByRole("button", { name: "Send a test alert" }).click();
    await page.getByLabel("What comes in").selectOption("own");
    await page.getByLabel("Title").fill("Only a test");
    await page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    await page.getByText("The test is there, nobody was paged").waitFor();
    await page.getByRole("button", { name: "Show the incident" }).click();
    await page.getByRole("heading", { name: "Only a test" }).waitFor();
    await page.getByText("A test: nobody was paged").waitFor();
    await page.getByRole("button", { name: "Page for real" }).waitFor();
  });

  await ui.check("what the simulator says is what happens when the same is sent", async () => {
    await to("/simulator?integration=probe");
    await page.getByLabel("Title").fill("Simulated, then real");
    await page.getByRole("button", { name: "Simulate" }).click();
    await page.getByRole("heading", { name: "If nobody answers" }).waitFor();
    await page.locator(".verdicts li", { hasText: "noise" }).getByText("Does not match").waitFor();
    const people = await page.locator(".plan li .person").allInnerTexts();
    assert.ok(people.length >= 4, "every step is there");
    await accessible("simulator");
    await page.getByRole("button", { name: "Send it for real" }).click();
    await page.getByText("Sent: people are being paged").waitFor();
    const said = await until("the incident", waitMs, async () => {
      const { body } = await hub.api("GET", `${t}/incidents?q=Simulated`);
      return body.items[0] ?? null;
    });
    const { body: incident } = await hub.api("GET", `${t}/incidents/${said.id}`);
    const first = await until("the first page", waitMs, async () => {
      const { body } = await hub.api("GET", `${t}/incidents/${said.id}/deliveries`);
      return body.items.length > 0 ? body.items : null;
    });
    const { body: directory } = await hub.api("GET", `${t}/directory`);
    const nameOf = (id) => directory.users.find((user) => user.id === id)?.name;
    assert.equal(incident.status, "triggered");
    const happens = [...first, ...incident.pending.filter((item) => item.kind === "page")].map((each) => nameOf(each.user));
    assert.deepEqual(
      happens,
      people.map((text) => text.split("\n").at(-1)),
    );
  });

  await ui.check("the night is reckoned on the tenant's own clock", async () => {
    await page.getByRole("button", { name: "Sunday, 03:12" }).click();
    await page.getByRole("button", { name: "Simulate" }).click();
    await page.locator(".plan time b", { hasText: "03:12:00" }).first().waitFor();
  });

  await ui.check("maintenance starts, is made longer, ends; a silence that cannot be read says where it is wrong", async () => {
    await to("/maintenance");
    await page.getByRole("button", { name: "Start maintenance" }).click();
    await page.getByLabel("What for").fill("Database upgrade");
    await page.getByLabel("Which alerts").fill('alert.labels.cluster == "db"');
    await page.getByRole("dialog").getByRole("button", { name: "Start", exact: true }).click();
    const line = page.locator("li", { hasText: "Database upgrade" });
    await line.getByText("On now").waitFor();
    await line.getByText(/^(1:00:00|59:\d\d|00:59:\d\d) left|left/).waitFor();
    await line.getByRole("button", { name: "An hour more" }).click();
    await line.getByText(/^1:5\d:\d\d left$/).waitFor();
    await page.getByRole("button", { name: "Silence alerts" }).click();
    await page.getByLabel("Why").fill("Noisy probe");
    await page.getByLabel("Which alerts").fill("alert.labels.host ==");
    await page.getByRole("dialog").getByRole("button", { name: "Silence", exact: true }).click();
    await page.locator("dialog .wrong").waitFor();
    troubles.splice(0); // The refusal is a failed request, and Chromium says so on its console.
    await page.getByLabel("Which alerts").fill('alert.labels.host == "probe-1"');
    await page.getByRole("dialog").getByRole("button", { name: "Silence", exact: true }).click();
    await page.locator("li", { hasText: "Noisy probe" }).getByText("On now").waitFor();
    await accessible("maintenance");
    await line.getByRole("button", { name: "End now" }).click();
    await line.getByText("Over").waitFor();
  });

  await ui.check("a heartbeat's key is shown once; it is paused and watched again", async () => {
    await to("/heartbeats");
    await page.getByRole("button", { name: "Add a heartbeat" }).first().click();
    await page.getByLabel("Name").fill("Nightly backup");
    await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
    await page.getByText("The key is shown this once").waitFor();
    const beat = await page.locator("dialog code.input").first().innerText();
    assert.equal((await fetch(beat, { method: "POST" })).status < 300, true);
    await page.getByRole("button", { name: "Done" }).click();
    await page.reload();
    const line = page.locator("li", { hasText: "Nightly backup" });
    await line.getByText("Alive").waitFor();
    await line.getByRole("button", { name: "Pause" }).click();
    await line.getByText("Paused").waitFor();
    await accessible("heartbeats");
    await line.getByRole("button", { name: "Watch again" }).click();
    await line.getByText("Paused").waitFor({ state: "detached" });
  });

  await boards({ ui, hub, page, to, accessible, troubles, send });

  await ui.check("no console error, no request to another host", async () => {
    assert.deepEqual(troubles, []);
  });
} finally {
  await browser.close();
  await hub.stop();
}
ui.end();
