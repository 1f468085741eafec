// HTTP at /r/ over a real core: GETs change nothing, presses move the incident once, refusals are friendly.

import { describe, expect, test } from "vitest";
import type { CommandInput } from "../../worker/objects/rpc.ts";
import type { Snapshot } from "../../worker/core/snapshot.ts";
import { incidentId } from "../../worker/core/ids.ts";
import { limits } from "../../worker/core/limits.ts";
import { signToken } from "../../worker/respond/link.ts";
import { respondRoutes, type RespondWorld } from "../../worker/respond/routes.ts";
import { Story, opened, snapshot } from "./respond-world.ts";

const secret = "a-root-key-for-tests-0123456789abcdef";
const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";
const minute = 60_000;

type Loaded = Awaited<ReturnType<RespondWorld["snapshot"]>>;

/** A hub with one incident, and phones that open its link. */
async function hub(options: { origin?: string; env?: Partial<Env> } = {}) {
  const origin = options.origin ?? "http://localhost:8787";
  const story = new Story();
  const commands: CommandInput[] = [];
  const world = { now: opened + 2 * minute, directory: { snapshot, stale: false } as Loaded | Error, dark: false };
  const app = respondRoutes({
    incident: () => (world.dark ? dark : story.port(() => world.now, commands)),
    snapshot: async () => {
      if (world.directory instanceof Error) throw world.directory;
      return world.directory;
    },
    now: () => world.now,
  });
  const env = { TOCSIN_SECRET: secret, TOCSIN_PUBLIC_URL: origin, ...options.env } as Env;
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => app.request(`${origin}${path}`, init, env);
  const tokenFor = async (user: string): Promise<string> => signToken(env, story.claims(user));
  return { story, commands, world, ask, tokenFor, origin };
}

const dark = {
  view: async () => Promise.reject(new Error("no object")),
  timeline: async () => Promise.reject(new Error("no object")),
  command: async () => Promise.reject(new Error("no object")),
};

/** A client that gets the page, keeps its cookies and submits the form's fields. */
async function openPage(world: Awaited<ReturnType<typeof hub>>, token: string) {
  const page = await world.ask(`/r/${token}`, { headers: { "User-Agent": phone } });
  const html = await page.text();
  const cookie = (page.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
  const press = async (
    action: string,
    extra: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    // Any form of the page carries the same hidden fields: a client may press what the page no longer offers.
    const form =
      new RegExp(`action="/r/${token}/${action}"[^>]*>(.*?)</form>`, "s").exec(html)?.[1] ?? html.split("</form>")[0] ?? "";
    const fields = Object.fromEntries([...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((m) => [m[1], m[2]]));
    return world.ask(`/r/${token}/${action}`, {
      method: "POST",
      headers: { "User-Agent": phone, Cookie: cookie, ...headers },
      body: new URLSearchParams({ ...fields, ...extra } as Record<string, string>),
    });
  };
  return { page, html, cookie, press };
}

describe("a GET", () => {
  test("changes nothing: not 20 of them, not HEAD, not by Slack, Outlook or a crawler", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const before = JSON.stringify([world.story.state, world.story.entries]);
    const agents = [
      phone,
      "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
      "Microsoft Office Outlook 16.0",
      "Googlebot/2.1",
      "",
    ];
    for (let n = 0; n < 20; n++) {
      for (const method of ["GET", "HEAD"]) {
        for (const path of [`/r/${token}`, `/r/${token}?done=ack`, `/r/${token}/ack`]) {
          const answer = await world.ask(path, { method, headers: { "User-Agent": agents[n % agents.length] ?? "" } });
          expect(answer.status).toBeLessThan(500);
        }
      }
    }
    expect(world.commands).toEqual([]);
    expect(JSON.stringify([world.story.state, world.story.entries])).toBe(before);
  });

  test("is never cached, framed, indexed or followed by a referrer, and allows no script", async () => {
    const world = await hub();
    const { page } = await openPage(world, await world.tokenFor("ana"));
    expect(page.status).toBe(200);
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": expect.stringContaining("noindex"),
      "x-content-type-options": "nosniff",
      "content-security-policy":
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    });
    const sheet = await world.ask("/r/style.css");
    expect(sheet.headers.get("Content-Type")).toContain("text/css");
  });

  test("sets a __Host- cookie on https and a plain one on http", async () => {
    const plain = await hub();
    const cookie = (await openPage(plain, await plain.tokenFor("ana"))).page.headers.get("Set-Cookie") ?? "";
    expect(cookie).toMatch(/^tocsin_r=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/);
    const tls = await hub({ origin: "https://hub.example.test" });
    const host = (await openPage(tls, await tls.tokenFor("ana"))).page.headers.get("Set-Cookie") ?? "";
    expect(host).toMatch(/^__Host-tocsin_r=[0-9a-f]{32}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });
});

describe("a press", () => {
  test("acknowledges, redirects to the page, and the page says so", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const { press } = await openPage(world, token);
    const answer = await press("ack");
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/r/${token}?done=ack`]);
    expect(world.story.state.episode).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana" });
    expect(world.commands[0]).toMatchObject({ actor: { type: "link", id: "ana" }, roster: null });
    const after = await (await world.ask(`/r/${token}?done=ack`)).text();
    expect(after).toContain("It is yours");
    expect(after).toContain(`/r/${token}/undo`);
  });

  test("twice is once: a double tap is one command, and a later repeat says since when", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const { press } = await openPage(world, token);
    await press("escalate");
    const level = world.story.state.episode?.ladder.step;
    const again = await press("escalate");
    expect(again.status).toBe(200);
    expect(world.story.state.episode?.ladder.step).toBe(level);
    await press("ack");
    world.world.now += 5 * minute;
    const late = await (await openPage(world, token)).press("ack");
    expect(late.status).toBe(200);
    expect(await late.text()).toContain("Already yours since 03:14");
  });

  test("an undone acknowledgment can be given again from a new page", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    await (await openPage(world, token)).press("ack");
    world.world.now += 2_000;
    expect((await (await openPage(world, token)).press("undo")).status).toBe(303);
    expect(world.story.state.episode?.status).toBe("triggered");
    world.world.now += 2_000;
    const again = await (await openPage(world, token)).press("ack");
    expect(again.status).toBe(303);
    expect(world.story.state.episode?.status).toBe("acknowledged");
  });

  test("a resolve by mistake is taken back within 30 s by whoever pressed it, and by nobody else", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    await (await openPage(world, token)).press("ack");
    world.world.now += 60_000;
    await (await openPage(world, token)).press("resolve");
    const said = await (await world.ask(`/r/${token}?done=resolve`)).text();
    expect(said).toContain(`/r/${token}/undo`);
    expect((await openPage(world, await world.tokenFor("eva"))).html).not.toContain("/undo");
    world.world.now += 20_000;
    const page = await openPage(world, token);
    expect(page.html).toContain("Resolved by you");
    const undone = await page.press("undo");
    expect([undone.status, undone.headers.get("Location")]).toEqual([303, `/r/${token}?done=reopen`]);
    expect(world.story.state.episode).toMatchObject({ status: "acknowledged", acknowledgedBy: "ana", resolvedAt: null });
    expect(await (await world.ask(`/r/${token}?done=reopen`)).text()).toContain("It is not over");
    // A double tap is one press, and takes nothing else back.
    expect((await page.press("undo")).status).toBe(200);
    expect(world.story.state.episode?.status).toBe("acknowledged");
  });

  test("too late, or over by its source's own word, it stays resolved and says so", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    await (await openPage(world, token)).press("resolve");
    const page = await openPage(world, token);
    world.world.now += 31_000;
    const answer = await page.press("undo");
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain("This cannot be undone any more");
    expect((await openPage(world, token)).html).not.toContain("/undo");
    expect(world.story.state.episode?.status).toBe("resolved");
  });

  test("on what somebody else has says who, since when, and changes nothing", async () => {
    const world = await hub();
    const ana = await openPage(world, await world.tokenFor("ana"));
    world.story.command({ kind: "ack" }, "eva", world.world.now);
    const answer = await ana.press("ack");
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("Eva Brandt has it since 03:14");
    expect(world.story.state.episode?.acknowledgedBy).toBe("eva");
  });

  test("escalate from a page older than the present level is refused, and the new page may", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const old = await openPage(world, token);
    world.world.now = opened + 8 * minute;
    world.story.wake(world.world.now);
    const answer = await old.press("escalate");
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain("It has moved on already");
    world.world.now += 1_000;
    expect((await (await openPage(world, token)).press("escalate")).status).toBe(303);
  });

  test("snoozes by duration and till the morning, takes notes, resolves; an unknown time is asked again", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const { press, html } = await openPage(world, token);
    const morning = /value="(2026[^"]+)"/.exec(html)?.[1] ?? "";
    expect((await press("snooze", { for: "30m" })).status).toBe(303);
    expect(world.story.state.episode?.snoozedUntil).toBe(world.world.now + 30 * minute);
    expect((await press("snooze", { for: morning })).status).toBe(303);
    expect(world.story.state.episode?.snoozedUntil).toBe(Date.parse("2026-11-24T08:00:00Z"));
    expect((await press("snooze", { for: "for ever" })).status).toBe(400);
    expect((await press("note", { text: "rolling back" })).status).toBe(303);
    expect((await press("note", { text: "  " })).status).toBe(400);
    expect(world.story.entries.filter((entry) => entry.kind === "note").map((entry) => entry.reason)).toEqual(["rolling back"]);
    expect((await press("resolve")).headers.get("Location")).toBe(`/r/${token}?done=resolve`);
    expect((await world.ask(`/r/${token}?done=resolve`)).status).toBe(200);
    expect((await world.ask(`/r/${token}`)).status).toBe(410);
    expect((await press("ack")).status).toBe(410);
  });

  test("without cookie or header is asked once more, and the confirm page's own form acts", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const asked = await world.ask(`/r/${token}/ack`, { method: "POST", headers: { "User-Agent": phone } });
    expect(asked.status).toBe(200);
    expect(world.commands).toEqual([]);
    const html = await asked.text();
    const fields = Object.fromEntries(
      [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((m) => [m[1] ?? "", m[2] ?? ""]),
    );
    const answer = await world.ask(`/r/${token}/ack`, {
      method: "POST",
      headers: { "User-Agent": phone },
      body: new URLSearchParams(fields),
    });
    expect(answer.status).toBe(303);
    expect(world.story.state.episode?.acknowledgedBy).toBe("ana");
  });

  test("by a mail scanner within seconds of the hand-off changes nothing, even when it presses every button it is shown", async () => {
    const world = await hub();
    world.world.now = opened + 3_000;
    const token = await world.tokenFor("ana");
    const { press } = await openPage(world, token);
    for (const agent of ["Slackbot 1.0", "Mozilla/5.0 Outlook-SafeLinks", "Barracuda Sentinel (EE)"]) {
      for (const action of ["ack", "resolve", "escalate", "snooze"]) {
        for (const extra of [{}, { confirm: "1" }])
          expect((await press(action, { for: "1h", ...extra }, { "User-Agent": agent })).status).toBe(200);
      }
    }
    expect(world.commands).toEqual([]);
  });

  test("larger than any note is refused before it is read", async () => {
    const world = await hub();
    const { press } = await openPage(world, await world.tokenFor("ana"));
    expect((await press("note", { text: "x".repeat(limits.respond.bodyBytesMax) })).status).toBe(413);
    expect(world.commands).toEqual([]);
  });
});

describe("a link that is not good any more", () => {
  test("expired, cut, of a retired key, or unknown: 401 with a way on", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    expect((await world.ask(`/r/${token.slice(0, -3)}`)).status).toBe(401);
    expect((await world.ask("/r/hello")).status).toBe(401);
    const retired = await signToken({ TOCSIN_SECRET: "another-root-key-0123456789abcdefgh" }, world.story.claims("ana"));
    expect((await world.ask(`/r/${retired}/ack`, { method: "POST" })).status).toBe(401);
    world.world.now = opened + limits.link.ttlMs + minute;
    const expired = await world.ask(`/r/${token}`);
    expect(expired.status).toBe(401);
    expect(await expired.text()).toContain("This link has expired");
    expect(world.commands).toEqual([]);
  });

  test.each([
    ["gone from the tenant", { users: {} }],
    ["inactive", { users: { ...snapshot.users, ana: { ...must("ana"), active: false } } }],
    ["with links revoked", { users: { ...snapshot.users, ana: { ...must("ana"), linkEpoch: 1 } } }],
  ])("of a person %s: 403, nothing moves", async (_, change: Partial<Snapshot>) => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const { press } = await openPage(world, token);
    world.world.directory = { snapshot: { ...snapshot, ...change }, stale: false };
    expect((await press("ack")).status).toBe(403);
    expect((await world.ask(`/r/${token}`)).status).toBe(403);
    expect(world.commands).toEqual([]);
  });

  test("with the Directory dark acts anyway, by a stale copy or by none; a revocation a stale copy knows still holds", async () => {
    for (const directory of [null, new Error("no answer"), { snapshot: { ...snapshot, users: {} }, stale: true }]) {
      const world = await hub();
      world.world.directory = directory;
      expect((await (await openPage(world, await world.tokenFor("ana"))).press("ack")).status).toBe(303);
      expect(world.story.state.episode?.acknowledgedBy).toBe("ana");
    }
    const world = await hub();
    world.world.directory = { snapshot: { ...snapshot, users: { ana: { ...must("ana"), linkEpoch: 1 } } }, stale: true };
    expect((await world.ask(`/r/${await world.tokenFor("ana")}`)).status).toBe(403);
  });

  test("of an episode that is not the object's any more: 410", async () => {
    const world = await hub();
    const older = { ...world.story.claims("ana"), incident: incidentId(opened - 60 * minute, world.story.state.identity) };
    const token = await signToken({ TOCSIN_SECRET: secret }, older);
    expect((await world.ask(`/r/${token}`)).status).toBe(410);
  });

  test("by our own service worker is answered as JSON: how it stands, what the press did, and by words where it did nothing", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const headers = { accept: "application/json", "User-Agent": phone, "Sec-Fetch-Site": "same-origin" };
    const body = new URLSearchParams({ confirm: "1", nonce: "b".repeat(32), seen: String(world.world.now) });
    const press = () => world.ask(`/r/${token}/ack`, { method: "POST", headers, body });
    const before = await world.ask(`/r/${token}`, { headers });
    expect([before.status, before.headers.get("set-cookie")]).toEqual([200, null]);
    expect(await before.json()).toMatchObject({ state: "triggered", mine: false, by: null, since: null, notice: null });
    const done = await press();
    expect(done.status).toBe(200);
    expect(await done.json()).toMatchObject({
      state: "acknowledged",
      mine: true,
      since: new Date(world.world.now).toISOString(),
      notice: { title: "It is yours" },
    });
    // The same press, sent again because its answer was lost, is one command.
    expect(await (await press()).json()).toMatchObject({ state: "acknowledged", mine: true });
    expect(world.commands.map((each) => each.commandId)).toEqual([world.commands[0]?.commandId, world.commands[0]?.commandId]);
    const eva = await world.ask(`/r/${await world.tokenFor("eva")}/ack`, { method: "POST", headers, body });
    expect(await eva.json()).toMatchObject({ state: "acknowledged", mine: false, by: expect.stringContaining("Ana") as unknown });
    const cut = await world.ask(`/r/${token.slice(0, -4)}`, { headers });
    expect([cut.status, await cut.json()]).toMatchObject([401, { problem: { title: "This link cannot be read" } }]);
    world.world.dark = true;
    expect((await press()).status).toBe(503);
  });

  test("to an incident that does not answer: 503, try again", async () => {
    const world = await hub();
    const { press } = await openPage(world, await world.tokenFor("ana"));
    world.world.dark = true;
    const answer = await press("ack");
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "5"]);
    expect(await answer.text()).toContain("Pressing twice is safe");
  });
});

function must(user: string): Snapshot["users"][string] {
  const found = snapshot.users[user];
  if (!found) throw new Error(`no ${user}`);
  return found;
}

describe("calling somebody in", () => {
  test("the person chosen is paged beside whoever presses, with the words; the ladder stays where it is", async () => {
    const world = await hub();
    const page = await openPage(world, await world.tokenFor("ana"));
    expect(page.html).toContain('<option value="bo">Bo Lind</option>');
    expect(page.html).not.toContain('<option value="ana">');
    const answer = await page.press("responders", { user: "bo", text: "knows the cache" });
    expect(answer.status).toBe(303);
    expect(world.commands.at(-1)?.command).toEqual({ kind: "responders", users: ["bo"], message: "knows the cache" });
    const view = world.story.view(world.world.now);
    expect(view.deliveries.filter((each) => each.user === "bo").map((each) => each.page.reason.text)).toEqual([
      "asked for by ana: knows the cache",
    ]);
    expect(view.episode).toMatchObject({ status: "triggered", ladder: { step: 0 } });
    expect(await (await world.ask(answer.headers.get("Location") ?? "")).text()).toContain("Called in");
  });

  test("nobody chosen, or nobody of that name: nothing changes, and it is said", async () => {
    const world = await hub();
    const page = await openPage(world, await world.tokenFor("ana"));
    for (const user of ["", "nobody"]) {
      const answer = await page.press("responders", { user });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("Nothing was changed");
    }
  });

  test("without a configuration nobody can be named, and the page does not offer it", async () => {
    const world = await hub();
    world.world.directory = new Error("dark");
    expect((await openPage(world, await world.tokenFor("ana"))).html).not.toContain("Call in someone");
  });
});

describe("language", () => {
  test.each([
    ["es-ES,es;q=0.9,en;q=0.8", "es"],
    ["de-DE,de;q=0.9,es;q=0.5,en;q=0.4", "es"],
    ["en-GB,en;q=0.9,es;q=0.8", "en"],
    ["es;q=0,en", "en"],
    ["fr", "en"],
    ["*", "en"],
    ["", "en"],
  ])("%j is answered in %s", async (accept, language) => {
    const world = await hub();
    const answer = await world.ask(`/r/${await world.tokenFor("ana")}`, { headers: { "Accept-Language": accept } });
    const html = await answer.text();
    expect(html).toContain(`<html lang="${language}">`);
    expect(answer.headers.get("Vary")).toContain("Accept-Language");
    expect(html).toContain(language === "es" ? "Reconocer" : "Acknowledge");
  });

  test("a Spanish page, before and after each press, has no English sentence of ours", async () => {
    const world = await hub();
    const token = await world.tokenFor("ana");
    const spanish = { "Accept-Language": "es", "User-Agent": phone };
    const page = await openPage(world, token);
    const pages = [await (await world.ask(`/r/${token}`, { headers: spanish })).text()];
    for (const [action, extra] of [
      ["responders", { user: "bo" }],
      ["ack", {}],
      ["snooze", { for: "30m" }],
      ["resolve", {}],
    ] as const) {
      const answer = await page.press(action, extra, spanish);
      pages.push(await (await world.ask(answer.headers.get("Location") ?? "", { headers: spanish })).text());
    }
    pages.push(await (await world.ask("/r/not-a-link", { headers: spanish })).text());
    for (const html of pages) {
      const text = html.replaceAll(/<[^>]+>/g, " ");
      expect(text).not.toMatch(/\b(you|nobody|somebody|pages?|paged|incident|since|until|by|step|snoozed?|resolved?)\b/i);
    }
  });
});

test("after a press that worked, the page offers to sign in and to be put on the phone; before it, nothing is in the way", async () => {
  const world = await hub();
  const page = await openPage(world, await world.tokenFor("ana"));
  expect(page.html).not.toContain("/sign-in");
  const answer = await page.press("ack");
  const after = await (await world.ask(answer.headers.get("Location") ?? "")).text();
  expect(after).toContain('href="/sign-in?to=%2Ft%2Facme%2Fmine"');
});
