// The pages of on call, policies and people in Debian's Chromium against a launched hub: a schedule and a policy made by hand,
// overrides by drag and by keyboard with undo, any moment explained, conflicts and wrong fields said, a contact tested.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launchBrowser, watchPage } from "./browser.mjs";
import { launchHub, suite, until } from "./hub.mjs";

const ui = suite("admin UI, on call");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const waitMs = 10_000;
const hourMs = 3_600_000;
const document = `
tenant: acme
name: Acme
timeZone: America/New_York
users:
  - { id: ana, name: Ana Ruiz, role: responder, contacts: [ { id: phone, via: inbox, to: Ana's phone } ] }
  - { id: bo, name: Bo Lindqvist, role: responder, contacts: [ { id: phone, via: inbox } ] }
  - { id: eva, name: Eva Sørensen, role: manager, contacts: [] }
`;

const hub = await launchHub();
const browser = await launchBrowser();
const api = (method, at, body, headers) => hub.api(method, `/api/v1/tenants/acme${at}`, body, headers);
const overridesOf = async () => (await api("GET", "/schedules/night-watch/overrides")).body.items;

try {
  await hub.apply("acme", document);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1_000 },
    locale: "en-GB",
    timezoneId: "Europe/Madrid",
  });
  context.setDefaultTimeout(waitMs);
  const page = await context.newPage();
  const troubles = watchPage(page, hub.url);
  // A refusal that a check provokes is also a failed request, which Chromium says on its console.
  const forget = (pattern) => troubles.splice(0, troubles.length, ...troubles.filter((each) => !pattern.test(each)));
  const open = (at) => page.goto(`${hub.url}/t/acme${at}`);
  const dialog = page.locator("dialog[open]");
  async function clean(where) {
    await page.waitForFunction(() => globalThis.document.querySelector(".skeleton") === null);
    await page.evaluate(axeSource);
    const found = await page.evaluate(() => globalThis.axe.run());
    const faults = found.violations.map((each) => `${where}: ${each.id}: ${each.nodes.map((node) => node.html).join(" | ")}`);
    assert.deepEqual(faults, []);
  }
  /** A point on a lane, by the share of its width. */
  async function at(lane, share) {
    const box = await page.locator(`.track[data-lane="${lane}"]`).first().boundingBox();
    return { x: box.x + box.width * share, y: box.y + box.height / 2 };
  }
  async function drag(from, to) {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 4 });
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
  }

  const { body: link } = await hub.api("POST", "/api/v1/owner-link", {});
  await page.goto(link.url);
  await page.getByRole("button", { name: /^Go on as/ }).click();
  await page.waitForURL(/\/(tenants|t\/)/);

  await ui.check("a tenant without schedules says what one is for, and leads to making one", async () => {
    await open("/oncall");
    await page.getByText("No schedule yet").waitFor();
    await clean("on call, empty");
    await page.getByRole("link", { name: "New schedule" }).last().click();
    await page.getByRole("heading", { name: "New schedule" }).waitFor();
  });

  await ui.check("a schedule is made by hand: in plain words, previewed before it is saved", async () => {
    await page.getByLabel("Name").first().fill("Night watch");
    assert.equal(await page.getByLabel("Id", { exact: true }).inputValue(), "night-watch");
    await page.getByLabel("Time zone").first().fill("Europe/Madrid");
    await page.getByLabel("Add a person…").selectOption("ana");
    await page.getByLabel("Add a person…").selectOption("bo");
    await page.getByText(/^Ana Ruiz and Bo Lindqvist, weekly, handed over on Mondays 09:00 Madrid$/).waitFor();
    await page.locator(".beside .span", { hasText: "Ana Ruiz" }).first().waitFor();
    assert.equal((await api("GET", "/schedules/night-watch")).status, 404);
    await clean("schedule editor");
    await page.getByRole("button", { name: "Save schedule" }).click();
    await page.getByRole("heading", { name: "Night watch" }).waitFor();
    const { body } = await api("GET", "/schedules/night-watch");
    assert.deepEqual(body.layers[0].users, ["ana", "bo"]);
    await clean("schedule");
  });

  await ui.check(
    "turns change places by the keyboard; the preview says who comes instead, and what is wrong stands at its field",
    async () => {
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByRole("button", { name: /^Move Ana Ruiz/ }).focus();
      await page.keyboard.press("ArrowDown");
      await page.getByText(/^Bo Lindqvist and Ana Ruiz, weekly/).waitFor();
      assert.match(await page.evaluate(() => globalThis.document.activeElement?.getAttribute("aria-label")), /Move Ana Ruiz/);
      await page.getByLabel("A turn lasts").selectOption("rule");
      await page.getByLabel("Rule", { exact: true }).fill("FREQ=SOMETIMES");
      await page.locator(".field", { hasText: "RFC 5545" }).locator(".wrong", { hasText: "FREQ=SOMETIMES" }).waitFor();
      forget(/422/);
      await page.getByRole("button", { name: "Discard" }).click();
      await page.getByText(/^Ana Ruiz and Bo Lindqvist, weekly/).waitFor();
    },
  );

  await ui.check("an override by drag, taken back by undo", async () => {
    await open("/oncall/schedules/night-watch?view=day&day=2027-03-10");
    await page.locator('.track[data-lane="final"]').waitFor();
    await drag(await at("final", 0.25), await at("final", 0.5));
    await dialog.getByLabel("Who").selectOption("bo");
    await clean("override");
    await dialog.getByRole("button", { name: "Save override" }).click();
    await page.locator(".toast", { hasText: "Override saved" }).waitFor();
    const [made] = await overridesOf();
    assert.deepEqual(
      [made.kind, made.user, made.from, made.to],
      ["take-over", "bo", "2027-03-10T05:00:00.000Z", "2027-03-10T11:00:00.000Z"],
    );
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await until("no override", waitMs, async () => (await overridesOf()).length === 0);
  });

  await ui.check("an override moves by drag, and back by undo", async () => {
    await drag(await at("final", 0.25), await at("final", 0.5));
    await dialog.getByLabel("Who").selectOption("bo");
    await dialog.getByRole("button", { name: "Save override" }).click();
    await page.locator(".span.movable").waitFor();
    await drag(await at("overrides-0", 0.375), await at("overrides-0", 0.625));
    await until("six hours on", waitMs, async () => (await overridesOf())[0]?.from === "2027-03-10T11:00:00.000Z");
    assert.equal((await overridesOf())[0].to, "2027-03-10T17:00:00.000Z");
    await page.locator(".toast", { hasText: "moved" }).getByRole("button", { name: "Undo" }).click();
    await until("back", waitMs, async () => (await overridesOf())[0]?.from === "2027-03-10T05:00:00.000Z");
  });

  await ui.check("an override moves by arrow keys, with Shift its end", async () => {
    const before = (await overridesOf())[0];
    await until("it to be drawn where it is", waitMs, async () =>
      (await page.locator(".span.movable").getAttribute("aria-label"))?.includes("06:00"),
    );
    await page.locator(".span.movable").focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
    await until("an hour on", waitMs, async () => Date.parse((await overridesOf())[0].from) === Date.parse(before.from) + hourMs);
    await until("it drawn there", waitMs, async () =>
      (await page.locator(".span.movable").getAttribute("aria-label"))?.includes("07:00"),
    );
    await page.locator(".span.movable").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await until(
      "a later end",
      waitMs,
      async () => Date.parse((await overridesOf())[0].to) === Date.parse(before.to) + hourMs + hourMs / 4,
    );
    assert.equal(Date.parse((await overridesOf())[0].from), Date.parse(before.from) + hourMs);
  });

  await ui.check("what the keys moved is saved though the page is left at once: within the app, and for good", async () => {
    const place = page.url();
    const { from } = (await overridesOf())[0];
    const movedBy = (ms) =>
      until("it moved", waitMs, async () => Date.parse((await overridesOf())[0].from) === Date.parse(from) + ms);
    await page.locator(".span.movable").focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator(".rail a", { hasText: "Heartbeats" }).click();
    await movedBy(-hourMs / 4);
    await page.goto(place);
    await page.locator(".span.movable").waitFor();
    await page.waitForLoadState("networkidle");
    // In one turn, so that no machine is too slow for it to be within the rest.
    await page.evaluate(() => {
      const bar = document.querySelector(".span.movable");
      bar.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
      window.location.assign("/t/acme/people");
    });
    await page.waitForURL(/people/);
    await movedBy(0);
    await page.goto(place);
    await page.locator(".span.movable").waitFor();
  });

  await ui.check("pressing a moment says why; so does Enter on a shift", async () => {
    const point = await at("final", 0.9);
    await page.mouse.click(point.x, point.y);
    await dialog.getByText(/^Why (Ana Ruiz|Bo Lindqvist) at/).waitFor();
    await dialog.getByText(/Layer Primary \(weekly, handed over Mondays 09:00 Europe\/Madrid\)/).waitFor();
    await clean("explain");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.locator(".track.final button.span").nth(1).focus();
    await page.keyboard.press("Enter");
    await dialog.getByText(/Bo Lindqvist takes over/).waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  await ui.check(
    "several people as the fallback, several layers of an override: shown, changed, and none of them lost",
    async () => {
      const layer = (id, user) => ({ id, start: "2026-01-05T09:00", users: [user] });
      const made = { id: "pair", name: "Pair", layers: ["first", "second", "third"].map((id) => layer(id, "ana")) };
      await api("POST", "/schedules", { ...made, fallback: { users: ["bo", "ana"] } });
      const span = { from: "2027-03-10T05:00:00.000Z", to: "2027-03-10T11:00:00.000Z" };
      await api("POST", "/schedules/pair/overrides", { kind: "take-over", user: "bo", layers: ["first", "third"], ...span });
      await open("/oncall/schedules/pair/edit");
      await page.getByRole("button", { name: "Remove Ana Ruiz", exact: true }).last().waitFor();
      await page.getByLabel("When nobody is on call").selectOption("eva");
      await page.getByRole("button", { name: "Save schedule" }).click();
      await page.getByRole("heading", { name: "Pair", exact: true }).waitFor();
      assert.deepEqual((await api("GET", "/schedules/pair")).body.fallback, { users: ["bo", "ana", "eva"] });
      await open("/oncall/schedules/pair?view=day&day=2027-03-10");
      await page.locator(".span.movable").first().focus();
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: "third", pressed: true }).click();
      await dialog.getByRole("button", { name: "second", pressed: false }).click();
      await clean("override of some layers");
      await dialog.getByRole("button", { name: "Save override" }).click();
      await until("its layers", waitMs, async () => {
        const { body } = await api("GET", "/schedules/pair/overrides");
        return JSON.stringify(body.items[0].layers) === '["first","second"]';
      });
      await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
      await until("its layers of before", waitMs, async () => {
        const { body } = await api("GET", "/schedules/pair/overrides");
        return JSON.stringify(body.items[0].layers) === '["first","third"]';
      });
      await open("/oncall/schedules/night-watch?view=day&day=2027-03-10");
      await page.getByRole("heading", { name: "Night watch" }).waitFor();
      await api("DELETE", "/schedules/pair");
    },
  );

  await ui.check("a calendar address is shown once, reads shifts, and works no more when revoked", async () => {
    await page.getByRole("button", { name: "New address" }).click();
    const address = await page.locator("code.address").innerText();
    const feed = new URL(address).pathname;
    assert.match(await (await fetch(hub.url + feed)).text(), /BEGIN:VCALENDAR/);
    await page.getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No calendar reads it yet").waitFor();
    assert.equal((await fetch(hub.url + feed)).status, 404);
  });

  await ui.check("who is on call, with why and who is next; gaps are called out", async () => {
    await api("POST", "/schedules", {
      id: "weekdays",
      name: "Weekdays only",
      layers: [
        {
          id: "days",
          start: "2026-01-05T09:00",
          users: ["ana"],
          restrictions: [{ days: ["MO", "TU", "WE", "TH", "FR"], from: "09:00", to: "17:00" }],
        },
      ],
    });
    await open("/oncall");
    const duty = page.locator(".duty", { hasText: "Night watch" });
    await duty.getByText("Layer Primary").waitFor();
    await duty.getByText("No gap in the next 7 days").waitFor();
    await page
      .locator(".duty", { hasText: "Weekdays only" })
      .getByText(/gaps? in the next 7 days/)
      .waitFor();
    await clean("on call");
  });

  await ui.check("a policy is made by hand, and says beside the step whom it would page right now", async () => {
    const { body } = await api("GET", "/oncall?schedule=night-watch");
    const present = body.items[0].users[0] === "ana" ? "Ana Ruiz" : "Bo Lindqvist";
    await open("/policies/-");
    await page.getByLabel("Name").fill("Nightly");
    await page.getByRole("button", { name: "Add somebody to page" }).first().click();
    await page.getByLabel("Target", { exact: true }).selectOption("night-watch");
    await page.locator(".reached", { hasText: present }).waitFor();
    await page.getByRole("button", { name: "Add a step" }).click();
    await page.getByRole("button", { name: "Add somebody to page" }).first().click();
    await page.getByLabel("Kind of target").selectOption("user");
    await page.getByLabel("Target", { exact: true }).selectOption("eva");
    await page.getByLabel("Only when").fill("incident.severity ==");
    await page.locator(".field", { hasText: "Only when" }).locator(".wrong").waitFor();
    await page.getByLabel("Only when").fill('incident.severity == "P1"');
    await page.locator(".field", { hasText: "Only when" }).locator(".wrong").waitFor({ state: "detached" });
    await clean("policy editor");
    await page.getByRole("button", { name: "Save policy" }).click();
    await page.getByRole("heading", { name: "Nightly" }).waitFor();
    forget(/422/);
    const stored = (await api("GET", "/policies/nightly")).body;
    assert.deepEqual(
      stored.steps.map((step) => step.notify),
      [[{ schedule: "night-watch" }], [{ user: "eva" }]],
    );
  });

  await ui.check("what somebody else saved meanwhile is not overwritten unasked", async () => {
    await page.getByRole("button", { name: "Edit" }).first().click();
    await page.getByRole("spinbutton", { name: "Next step after" }).fill("7");
    await api("PATCH", "/policies/nightly", { name: "Theirs" }, { "content-type": "application/merge-patch+json" });
    await page.getByRole("button", { name: "Save policy" }).click();
    await page.getByText("Somebody changed this while you were editing").waitFor();
    forget(/412/);
    assert.equal((await api("GET", "/policies/nightly")).body.steps[0].escalateAfter, "5m");
    await page.getByRole("button", { name: "Show theirs, drop mine" }).click();
    await page.getByRole("heading", { name: "Theirs" }).waitFor();
  });

  await ui.check("a contact is tested, and the page says what came of it; the phone has it", async () => {
    await open("/people/ana");
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.locator(".told", { hasText: "Delivered" }).waitFor();
    const { body } = await api("GET", "/inbox");
    assert.ok(
      body.items.some((each) => each.user === "ana"),
      "the simulated phone has no test page",
    );
    await page.getByRole("button", { name: "Send a test" }).click();
    await page.locator(".told", { hasText: "tested a moment ago" }).waitFor();
    forget(/429/);
    await clean("person");
  });

  await ui.check("a service is made, with its owner and its policy, and found again", async () => {
    await open("/services");
    await page.getByRole("link", { name: "New service" }).first().click();
    await dialog.getByLabel("Name").fill("Payment API");
    await dialog.getByLabel("Policy that pages for it").selectOption("nightly");
    await clean("service dialog");
    await dialog.getByRole("button", { name: "Save service" }).click();
    await page.getByRole("link", { name: /Payment API/ }).waitFor();
    assert.equal((await api("GET", "/services/payment-api")).body.policy, "nightly");
    await page.getByLabel("Find a service").fill("nothing");
    await page.getByText("No service is called “nothing”.").waitFor();
  });

  await ui.check("whom no page can reach is marked as such, and what would page nobody says so in red", async () => {
    const later = { steps: [{ notify: [{ user: "eva" }], escalateAfter: "5m" }] };
    await api("POST", "/policies", { id: "hollow", name: "Hollow", ...later });
    await api("POST", "/policies", {
      id: "late",
      name: "Late",
      steps: [...later.steps, { notify: [{ user: "ana" }], escalateAfter: "5m" }],
    });
    await api("POST", "/services", { id: "mute", name: "Mute service", policy: "hollow" });
    await api("POST", "/schedules", {
      id: "alone",
      name: "Eva alone",
      layers: [{ id: "all", start: "2026-01-05T09:00", users: ["eva"] }],
    });
    await open("/policies");
    await page.getByRole("link", { name: /Hollow.*Pages nobody right now/ }).waitFor();
    await page.getByRole("link", { name: /Late.*step 2.*Ana Ruiz.*Eva Sørensen has no usable contact/ }).waitFor();
    await clean("policies that page nobody");
    await open("/policies/hollow");
    await page.locator(".note.bad", { hasText: "this policy pages nobody" }).waitFor();
    await page.locator(".targets", { hasText: "no contact that can be used" }).waitFor();
    await clean("a policy that pages nobody");
    await open("/services");
    await page.getByRole("link", { name: /Mute service.*Pages nobody right now/ }).waitFor();
    await page.getByRole("link", { name: /Mute service/ }).click();
    await dialog.getByText("Pages nobody right now").waitFor();
    await open("/oncall");
    const duty = page.locator(".duty", { hasText: "Eva alone" });
    await duty.getByText("on call but cannot be paged: Eva Sørensen").waitFor();
    assert.equal(await duty.getByText("No gap in the next 7 days").count(), 0);
    await clean("on call in name only");
    for (const at of ["/services/mute", "/schedules/alone", "/policies/hollow", "/policies/late"]) await api("DELETE", at);
  });

  await ui.check("what the hub says of a thing it saved stays in sight until it is dismissed, or mended", async () => {
    const advice = page.locator(".advice");
    await open("/services/-");
    await dialog.getByLabel("Name").fill("Orphan");
    await dialog.getByRole("button", { name: "Save service" }).click();
    await advice.getByText("Orphan is saved, but look at this").waitFor();
    await advice.getByText(/has no policy/).waitFor();
    await clean("advice");
    // The parts of the navigation one is not in are folded, and stay as they were left.
    const teams = page.getByRole("link", { name: "Teams", exact: true });
    assert.equal(await teams.isVisible(), false);
    await page.locator("summary", { hasText: "Who is paged" }).click();
    await teams.click();
    await page.getByRole("heading", { name: "Teams" }).waitFor();
    await page.locator("summary", { hasText: "Alerts and services" }).click();
    await page.getByRole("link", { name: "Services", exact: true }).click();
    await page.getByRole("link", { name: /Orphan/ }).click();
    await dialog.getByLabel("Policy that pages for it").selectOption("nightly");
    await dialog.getByRole("button", { name: "Save service" }).click();
    await advice.waitFor({ state: "detached" });
    await open("/people");
    await page.getByRole("button", { name: "New person" }).first().click();
    await dialog.getByLabel("Name").fill("Gil");
    await dialog.getByRole("button", { name: "Save person" }).click();
    await advice.getByText(/has no contacts/).waitFor();
    await advice.getByRole("button", { name: "Dismiss" }).click();
    await advice.waitFor({ state: "detached" });
  });

  await ui.check("what is not there is said to be not there, with the way back, and nothing else around it", async () => {
    for (const [where, what, back] of [
      ["/policies/nope", "There is no policy “nope”", "All policies"],
      ["/oncall/schedules/nope", "There is no schedule “nope”", "All schedules"],
      ["/oncall/schedules/nope/edit", "There is no schedule “nope”", "All schedules"],
      ["/services/nope", "There is no service “nope”", "All services"],
      ["/teams/nope", "There is no team “nope”", "All teams"],
      ["/people/nope", "There is nobody called “nope”", "All people"],
      ["/incidents/nope", "There is no incident “nope”", "All incidents"],
      ["/integrations/nope", "There is no integration “nope”", "All integrations"],
      ["/notifiers/nope", "There is no notifier “nope”", "All notifiers"],
      ["/connectors/nope", "There is no connector “nope”", "All connectors"],
      ["/service-levels/nope", "There is no service level “nope”", "All service levels"],
      ["/business-hours/nope", "There are no business hours “nope”", "All business hours"],
    ]) {
      await open(where);
      await page.getByRole("heading", { name: what }).waitFor();
      const around = page.locator("main, dialog[open]").last();
      assert.equal(await around.locator("input, select, textarea, [role=tab], form").count(), 0, where);
      await page.locator("main .button, dialog .button").filter({ hasText: back }).click();
      await page.getByRole("heading", { name: what }).waitFor({ state: "detached" });
    }
    await page.goto(`${hub.url}/t/nobodys/incidents`);
    await page.getByRole("heading", { name: "There is no tenant “nobodys”" }).waitFor();
    assert.equal(await page.getByRole("navigation").count(), 0);
    await clean("no tenant");
    await page.getByRole("link", { name: "All tenants" }).click();
    await page.getByRole("link", { name: /Acme/ }).waitFor();
    forget(/status of 404|WebSocket connection/);
    await open("/policies");
  });

  await ui.check("whose role is too low reads, is told what it takes, and is refused nothing", async () => {
    await api("POST", "/users", { id: "mei", name: "Mei", role: "stakeholder" });
    for (const { who, role, closed, read } of [
      {
        who: "ana",
        role: "Responder",
        closed: [
          "/oncall/schedules/-/edit",
          "/oncall/schedules/night-watch/edit",
          "/api-keys",
          "/integrations/add",
          "/notifiers",
          "/policies/-",
        ],
        read: [
          "/policies",
          "/policies/nightly",
          "/teams",
          "/services/payment-api",
          "/people",
          "/people/bo",
          "/routes",
          "/heartbeats",
        ],
      },
      {
        who: "mei",
        role: "Stakeholder",
        closed: ["/people", "/routes", "/simulator", "/mine"],
        read: ["/maintenance", "/policies/nightly", "/service-levels", "/teams/-"],
      },
    ]) {
      const own = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
      const theirs = await own.newPage();
      theirs.setDefaultTimeout(waitMs);
      const refused = watchPage(theirs, hub.url);
      const { url } = (await api("POST", `/users/${who}/invitation`, {})).body;
      await theirs.goto(url.replace(/^https?:\/\/[^/]+/, hub.url));
      await theirs.locator(".button.go").click();
      await theirs.waitForURL(/\/t\/acme\//);
      for (const where of closed) {
        await theirs.goto(`${hub.url}/t/acme${where}`);
        await theirs.getByRole("heading", { name: /: not with your role/ }).waitFor();
        await theirs.getByText(new RegExp(`yours is ${role}`)).waitFor();
        assert.equal(await theirs.locator("main input, main button").count(), 0, where);
      }
      for (const where of read) {
        await theirs.goto(`${hub.url}/t/acme${where}`);
        await theirs
          .getByText(new RegExp(`Only to read: .* Yours is ${role}`))
          .first()
          .waitFor();
        await theirs.waitForLoadState("networkidle");
        const offers = theirs.getByRole("button", { name: /^(New|Add|Save|Delete|Edit)/ });
        assert.deepEqual(await offers.allInnerTexts(), [], where);
        assert.deepEqual(
          await theirs
            .locator("main")
            .getByRole("link", { name: /^(New|Add)/ })
            .allInnerTexts(),
          [],
          where,
        );
      }
      assert.deepEqual(refused, [], who);
      await own.close();
    }
  });

  await ui.check("no console error, no breach of the policy, no request to another host", () => {
    assert.deepEqual(troubles, []);
  });
} finally {
  await browser.close();
  await hub.stop();
}
ui.end();
