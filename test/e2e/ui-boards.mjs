// Owns the browser checks of the boards: service level clocks, notifiers and connectors, API keys, the audit log, an
// integration's settings. test/e2e/ui-setup.mjs runs them on its hub.
import assert from "node:assert/strict";
import { until, webhookSink } from "./hub.mjs";

const t = "/api/v1/tenants/acme";
const secret = "a-signing-key-that-nobody-sees-again";

/** Begins a promise of a minute, so that it is over when `boards` looks. */
export async function beginPromise({ hub, send }) {
  const minute = { respondWithin: "60s", warn: [{ at: "50%", flag: "at-risk", clock: "respond" }] };
  assert.equal((await hub.api("PATCH", `${t}/slas/gold`, minute)).status, 200);
  await send("Promised within a minute", "critical");
}

export async function boards({ ui, hub, page, to, accessible, troubles, send }) {
  const sink = await webhookSink(() => ({ status: 200 }));
  const refusing = await webhookSink(() => ({ status: 403 }));
  const button = (name) => page.getByRole("button", { name, exact: true });
  const field = (name) => page.getByLabel(name, { exact: true });
  try {
    await ui.check("a clock counts on the board, and is at risk when its warning comes", async () => {
      const warned = {
        hours: "always",
        pauseIn: [],
        respondWithin: "10m",
        warn: [{ at: "1%", flag: "at-risk", clock: "respond" }],
      };
      assert.equal((await hub.api("PATCH", `${t}/slas/silver`, warned)).status, 200);
      await send("Promised within ten minutes", "error");
      await to("/sla?sla=silver&service=checkout");
      const clock = page.locator(".clock", { hasText: "Promised within ten minutes" }).filter({ hasText: "Respond" });
      await clock.waitFor();
      const left = () => clock.locator(".left b").innerText();
      const first = await left();
      assert.match(first, /^(10:00|09:\d\d)$/);
      await until("the seconds to go on", 5_000, async () => (await left()) !== first);
      await clock.locator(".badge", { hasText: "At risk" }).waitFor({ timeout: 20_000 });
      await accessible("sla-board");
      await page.getByRole("button", { name: /^Paused/ }).click();
      assert.match(page.url(), /state=paused/);
      await clock.waitFor({ state: "detached" });
    });

    await ui.check("a notifier is made by its form, and a test page goes out through it, signed", async () => {
      await to("/notifiers");
      await page.getByRole("link", { name: "Add a notifier" }).click();
      await page.getByRole("link", { name: /^Signed webhook/ }).click();
      await field("Id").fill("pager");
      await field("URL").fill(`http://127.0.0.1:${sink.port}/pages`);
      await field("Signing key").fill(secret);
      await accessible("notifier-form");
      await button("Make the notifier").click();
      await page.getByRole("heading", { name: "pager" }).waitFor();
      await page.getByText("Set, and never shown").waitFor();
      await page.getByLabel(/sent along as contact/).fill("whoever tries it");
      await button("Send the test").click();
      await page.getByText("The provider took it").waitFor();
      assert.equal(sink.calls.length, 1);
      const [{ headers, body }] = sink.calls;
      assert.equal(body.type, "page");
      assert.match(body.incident.title, /^TEST/);
      assert.equal(body.contact.to, "whoever tries it");
      assert.ok(headers["webhook-signature"].startsWith("v1,"));
      await page.locator(".badge", { hasText: "Working" }).waitFor();
      await page.locator(".sent li", { hasText: "whoever tries it" }).getByText("accepted").waitFor();
      assert.ok(!(await page.content()).includes(secret), "the secret is not in the page");
      await accessible("notifier");
    });

    await ui.check("a notifier that somebody needs is not deleted, and says who needs it", async () => {
      const contact = { id: "pager", via: "pager", to: "bo" };
      assert.equal((await hub.api("POST", `${t}/users/bo/contacts`, contact)).status, 201);
      await button("Delete").click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page
        .getByRole("dialog")
        .getByText(/users bo would break/)
        .waitFor();
      troubles.splice(0); // The refusal is a failed request, and Chromium says so on its console.
      await button("Keep it").click();
      await to("/notifiers");
      const line = page.locator("li", { hasText: "pager" });
      await line.getByText("1 person uses it").waitFor();
      assert.equal((await hub.api("DELETE", `${t}/users/bo/contacts/pager`)).status, 204);
      await line.getByRole("link", { name: "pager" }).click();
      await button("Delete").click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.getByText("Deleted").waitFor();
      await line.waitFor({ state: "detached" });
    });

    await ui.check(
      "an integration offers the connector that answers its sender, and says then that state goes back",
      async () => {
        await to("/integrations/am");
        await page.getByText("No: the sender does not learn").waitFor();
        await accessible("integration-not-back");
        await page.getByRole("link", { name: "Add the connector Alertmanager silences" }).click();
        await field("Id").fill("am-silences");
        await field("Base URL").fill("http://127.0.0.1:9/");
        const told = page.getByRole("group", { name: "Tells the sender when an incident is" });
        assert.equal(await told.getByLabel("acknowledged", { exact: true }).isChecked(), true);
        await told.getByLabel("reopened").check();
        await page.getByRole("group", { name: "Which integrations" }).getByLabel("am", { exact: true }).check();
        await accessible("connector-back-form");
        await button("Make the connector").click();
        await page.getByRole("heading", { name: "am-silences" }).waitFor();
        const { body: made } = await hub.api("GET", `${t}/connectors/am-silences`);
        assert.deepEqual(made.integrations, ["am"]);
        assert.deepEqual(made.on.toSorted(), ["acknowledged", "reopened", "resolved", "unacknowledged"]);
        await to("/integrations/am");
        await page.getByRole("link", { name: "By am-silences" }).waitFor();
        assert.equal((await hub.api("DELETE", `${t}/connectors/am-silences`)).status, 204);
      },
    );

    await ui.check("a connector's failing test says why, on its page and in the list", async () => {
      await to("/connectors/add?plugin=webhook");
      await field("Id").fill("log");
      await field("resolved").check();
      await field("URL").fill(`http://127.0.0.1:${refusing.port}/events`);
      await button("Make the connector").click();
      await page.getByText("The signing key is shown this once").waitFor();
      await button("Done").click();
      await button("Send the test").click();
      await page.getByText(/It did not go through: HTTP 403/).waitFor();
      assert.equal(refusing.calls[0].body.type, "incident.resolved");
      assert.equal(refusing.calls[0].body.incident.test, true);
      await accessible("connector");
      await to("/connectors");
      const line = page.locator("li", { hasText: "log" }).filter({ hasText: "Failing" });
      await line.getByText(/403/).waitFor();
    });

    await ui.check("an API key works as long as nobody revokes it, and is seen once", async () => {
      await to("/api-keys");
      await button("New API key").first().click();
      await field("Name").fill("Deploy bot");
      await field("Role").selectOption("responder");
      await accessible("api-key-form");
      await page.getByRole("dialog").getByRole("button", { name: "New API key" }).click();
      await page.getByText("The key is shown this once").waitFor();
      const key = await page.locator("dialog code.input").innerText();
      const status = async (at) => (await fetch(`${hub.url}${at}`, { headers: { authorization: `Bearer ${key}` } })).status;
      assert.equal(await status(`${t}/incidents`), 200);
      assert.equal(await status(`${t}/audit`), 403);
      await button("Done").click();
      await page.reload();
      const line = page.locator("li", { hasText: "Deploy bot" });
      await line.getByText("last used just now").waitFor();
      assert.ok(!(await page.content()).includes(key.slice(-20)), "it is not shown again");
      await accessible("api-keys");
      await line.getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await line.getByText("Revoked", { exact: true }).waitFor();
      assert.equal(await status(`${t}/incidents`), 401);
    });

    await ui.check("an integration is changed by hand: what is saved is in force, its secret only replaced", async () => {
      await to("/integrations/probe");
      await field("Service").selectOption("checkout");
      await field("Secret").fill("a-first-secret-of-it");
      await page.getByText("Severities", { exact: true }).click();
      await field("critical").selectOption("P2");
      await button("Save").click();
      await page.getByText("Integration saved").waitFor();
      await button("Replace").waitFor();
      await accessible("integration-edit");
      const { body } = await hub.api("GET", `${t}/integrations/probe`);
      assert.deepEqual([body.service, body.severityMap, body.secret], ["checkout", { critical: "P2" }, { sealed: true }]);
    });

    await ui.check("the audit log says who changed what, before and after, and that its chain is whole", async () => {
      await to("/audit");
      await page.getByLabel("Kind of object").selectOption("integrations");
      assert.match(page.url(), /kind=integrations/);
      const entry = page.locator(".audit > li", { hasText: "changed integration" }).first();
      await entry.locator("summary").click();
      const row = entry.locator("tr", { hasText: "service" });
      assert.deepEqual(await row.locator("td").allInnerTexts(), ["payment-api", "checkout"]);
      await accessible("audit");
      await page.getByLabel("Kind of object").selectOption("apiKeys");
      await page.locator(".audit > li", { hasText: "revoked API key Deploy bot" }).waitFor();
      await page.locator(".audit > li", { hasText: "added API key Deploy bot" }).waitFor();
      await page.getByLabel("Kind of object").selectOption("");
      await page.locator(".audit > li", { hasText: "added notifier pager" }).waitFor();
      await button("Verify the chain").click();
      await page.getByText("The chain is whole").waitFor();
      const href = await page.getByRole("link", { name: "Export NDJSON" }).getAttribute("href");
      const lines = (await (await page.request.get(`${hub.url}${href}`)).text()).trim().split("\n");
      assert.equal(JSON.parse(lines[0]).seq, 1);
      assert.ok(!lines.join().includes(secret), "no secret is in the log");
    });

    await ui.check("business hours and a service level are made by hand", async () => {
      await to("/business-hours");
      await page.getByRole("link", { name: "New business hours" }).click();
      await field("Name").fill("Night shift");
      await field("A day").fill("2027-01-06");
      await button("Add").click();
      await page.getByText(/6 Jan 2027/).waitFor();
      await accessible("hours-form");
      await button("Save business hours").click();
      await page
        .getByRole("link", { name: /Night shift/ })
        .getByText("1 holiday")
        .waitFor();
      await to("/service-levels/-");
      await field("Name").fill("Bronze");
      await field("For incidents where").fill("alert.labels.tier ==");
      await field("Counted in").selectOption("night-shift");
      await button("Save service level").click();
      await page.locator("dialog .wrong").first().waitFor();
      troubles.splice(0);
      await field("For incidents where").fill('alert.labels.tier == "bronze"');
      await accessible("sla-form");
      await button("Save service level").click();
      await page
        .getByRole("link", { name: /Bronze/ })
        .getByText("counted in Night shift")
        .waitFor();
    });

    await ui.check("a promise that was missed says so, and by how much", async () => {
      await to("/sla?sla=gold");
      const clock = page.locator(".clock", { hasText: "Promised within a minute" }).filter({ hasText: "Respond" });
      await clock.locator(".badge", { hasText: "Missed" }).waitFor({ timeout: 60_000 });
      assert.match(await clock.locator(".left b").innerText(), /^\+\d+:\d\d/);
      // The hub says what is missed: a browser whose clock is behind or ahead of it counts nothing else.
      const atHub = async (state, inMs) => {
        await page.route("**/sla?*", async (route) => {
          const response = await route.fetch();
          const { items, ...rest } = await response.json();
          const deadline = new Date(Date.now() + inMs).toISOString();
          await route.fulfill({ response, json: { ...rest, items: items.map((each) => ({ ...each, state, deadline })) } });
        });
        await to("/sla?sla=gold");
        await clock.locator(".badge").waitFor();
        await page.unroute("**/sla?*");
        return clock.locator(".badge, .left b").allInnerTexts();
      };
      assert.deepEqual(await atHub("breached", 30_000), ["+00:00", "Missed"]);
      assert.deepEqual(await atHub("at-risk", -30_000), ["00:00", "At risk"]);
      await to("/sla?sla=gold");
      await clock.getByRole("link", { name: "Promised within a minute" }).click();
      await page.getByRole("heading", { name: "Promised within a minute" }).waitFor();
    });
  } finally {
    await sink.close();
    await refusing.close();
  }
}
