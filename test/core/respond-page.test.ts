// What the responder's page says in every state, to the person it was made for. The incident is moved by the real step().

import { describe, expect, test } from "vitest";
import { judge, type Press } from "../../worker/respond/guard.ts";
import { renderMessage, renderPage } from "../../worker/respond/page.tsx";
import * as replies from "../../worker/respond/replies.ts";
import { style } from "../../worker/respond/style.ts";
import { clock, lasting, nextMorning, offsetText, zoneOr } from "../../worker/respond/times.ts";
import { Story, opened, snapshot } from "./respond-world.ts";

const minute = 60_000;

/** The page as somebody reads it: text with one space between words. */
function read(html: string): string {
  return html
    .replace(/<head>.*<\/head>/s, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}
function buttons(html: string): string[] {
  return [...html.matchAll(/action="\/r\/[^/"]+\/(\w+)"/g)].map((match) => match[1] ?? "");
}

describe("the page of an incident", () => {
  test("nobody has it: what, where, since when in both zones, why this person, what comes next, and every action", () => {
    const html = renderPage(new Story().model("ana", opened + 2 * minute));
    const text = read(html);
    for (const part of [
      "Acme Ltd",
      "P1",
      "Nobody has it yet",
      "Checkout is failing for 12 % of customers",
      "Payment API",
      "03:12 · 2 min · 02:12 UTC",
      "user ana, step 1",
      "03:20 Eva Brandt and Bo Lind are paged · if nobody acknowledges",
      "Times are Europe/Madrid (UTC+1)",
      "cluster",
      "eu-1",
    ]) {
      expect(text).toContain(part);
    }
    expect(buttons(html)).toEqual(["ack", "escalate", "resolve", "snooze", "responders", "note"]);
    expect(html).toContain('href="https://runbooks.acme.test/payment-api"');
    expect(html).toContain('<html lang="en">');
  });

  test("mine: since when, what happens if I do nothing, and an undo for 30 s", () => {
    const story = new Story();
    story.command({ kind: "ack" }, "ana", opened + 9 * minute);
    const soon = renderPage(story.model("ana", opened + 9 * minute + 3_000));
    expect(read(soon)).toContain("You have it since 03:21");
    expect(read(soon)).toContain("03:51 you are paged again · if nobody resolves it");
    expect(buttons(soon)).toEqual(["undo", "escalate", "resolve", "snooze", "responders", "note"]);
    const later = renderPage(story.model("ana", opened + 9 * minute + 30_000));
    expect(buttons(later)).toEqual(["escalate", "resolve", "snooze", "responders", "note"]);
  });

  test("somebody else's: who and since when, no acknowledge, no undo, no snooze of another's work", () => {
    const story = new Story();
    story.wake(opened + 8 * minute);
    story.command({ kind: "ack" }, "eva", opened + 9 * minute);
    const html = renderPage(story.model("ana", opened + 9 * minute + 1_000));
    expect(read(html)).toContain("Eva Brandt has it since 03:21");
    expect(buttons(html)).toEqual(["escalate", "resolve", "responders", "note"]);
  });

  test("snoozed, held, suppressed and resolved each say so and offer what is legal", () => {
    const snoozed = new Story();
    snoozed.command({ kind: "snooze", until: opened + 60 * minute }, "ana", opened + 3 * minute);
    expect(read(renderPage(snoozed.model("ana", opened + 4 * minute)))).toContain("Snoozed until 04:12");
    const held = renderPage(new Story({ holdMs: 120_000 }).model("ana", opened + 1_000));
    expect(read(held)).toContain("Held back: pages only if it goes on");
    expect(buttons(held)).toEqual(["ack", "escalate", "resolve", "note"]);
    const quiet = renderPage(new Story({ suppress: "route noise" }).model("ana", opened + 1_000));
    expect(read(quiet)).toContain("Recorded, nobody is paged");
    const done = new Story();
    done.command({ kind: "resolve", reason: null }, "eva", opened + 31 * minute);
    const closed = renderPage(done.model("ana", opened + 32 * minute));
    expect(read(closed)).toContain("Resolved at 03:43 by Eva Brandt");
    expect(buttons(closed)).toEqual(["note"]);
  });

  test("each person reads times of their own zone", () => {
    const story = new Story();
    story.wake(opened + 8 * minute);
    expect(read(renderPage(story.model("bo", opened + 9 * minute)))).toContain("21:12 · 9 min · 02:12 UTC");
  });

  test("without any snapshot it takes names and zone from what the incident itself keeps", () => {
    const html = read(renderPage(new Story().model("ana", opened + minute, null, null)));
    expect(html).toContain("Acme Ltd");
    expect(html).toContain("Ana Ruiz");
    expect(html).toContain("Europe/Madrid");
  });

  test("a sender's markup stays text, and only web addresses become links", () => {
    const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`;
    const story = new Story({ title: evil, body: evil, labels: { [evil]: evil }, runbook: "javascript:alert(3)" });
    const html = renderPage(story.model("ana", opened, { tone: "done", title: evil, text: evil }));
    expect(html).not.toMatch(/<script|<img|onerror=alert\(2\)>"|javascript:/i);
    expect(html).toContain("&lt;script&gt;");
  });

  test("leaves out what connectors were told: nobody on a phone acts on it", () => {
    const story = new Story();
    const entry = {
      incident: story.state.episode?.id ?? "",
      at: opened,
      actor: { type: "provider" as const, id: "hook" },
      data: {},
    };
    for (let seq = 100; seq < 110; seq++) story.entries.push({ ...entry, seq, kind: "posted", reason: "hook: told of opened" });
    const text = read(renderPage(story.model("ana", opened + minute)));
    expect(text).not.toContain("told of opened");
    expect(text).toContain("opened by");
  });

  test("needs no script and no inline style, and names its only stylesheet by its content", () => {
    const pages = [renderPage(new Story().model("ana", opened)), renderMessage(replies.badLink("expired").message)];
    for (const html of pages) {
      expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
      expect(html.match(/<link[^>]*>/g)).toEqual([expect.stringMatching(/href="\/r\/style\.css\?v=[0-9a-z]{8}"/)]);
    }
    expect(style).toContain("prefers-color-scheme: dark");
    expect(style).not.toMatch(/url\(|@import/);
  });
});

describe("times", () => {
  const madrid = "Europe/Madrid";
  test("the next morning at 03:14 is today's, in the evening tomorrow's, at 08:30 tomorrow's", () => {
    const at = (text: string): string => new Date(nextMorning(Date.parse(text), madrid)).toISOString();
    expect(at("2026-11-24T02:14:00Z")).toBe("2026-11-24T08:00:00.000Z");
    expect(at("2026-11-24T20:00:00Z")).toBe("2026-11-25T08:00:00.000Z");
    expect(at("2026-11-24T07:30:00Z")).toBe("2026-11-25T08:00:00.000Z");
    // The night the clocks go forward: 09:00 is an hour nearer.
    expect(at("2026-03-29T00:30:00Z")).toBe("2026-03-29T07:00:00.000Z");
  });
  test("a day that is not today is named, and a broken zone is UTC", () => {
    expect(clock(Date.parse("2026-11-23T23:30:00Z"), madrid, opened)).toBe("00:30");
    expect(clock(Date.parse("2026-11-23T22:30:00Z"), madrid, opened)).toBe("Mon 23 Nov 23:30");
    expect(zoneOr("Mars/Olympus")).toBe("UTC");
    expect(offsetText(opened, "Asia/Kolkata")).toBe("UTC+5:30");
    expect([0, 59_999, 125 * minute, 120 * minute, 50 * 60 * minute].map((ms) => lasting(ms))).toEqual([
      "less than a minute",
      "less than a minute",
      "2 h 5 min",
      "2 h",
      "2 d 2 h",
    ]);
  });
});

describe("a press", () => {
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1";
  const press: Press = {
    secFetchSite: null,
    origin: null,
    userAgent: phone,
    cookieNonce: null,
    formNonce: "n1",
    confirmed: false,
    ownOrigins: ["https://hub.test"],
    handedOffAt: opened,
  };
  const late = opened + 60_000;
  test.each([
    ["cookie and form agree", { cookieNonce: "n1" }, "act"],
    ["cookie and form agree, origin hidden by our own no-referrer", { cookieNonce: "n1", origin: "null" }, "act"],
    ["same-origin without a cookie", { secFetchSite: "same-origin" }, "act"],
    ["our own Origin on plain http without a cookie", { origin: "https://hub.test" }, "act"],
    ["neither header nor cookie", {}, "confirm"],
    ["another form's nonce and no header", { cookieNonce: "n2" }, "confirm"],
    ["another site, by Sec-Fetch-Site", { secFetchSite: "cross-site", cookieNonce: "n1" }, "confirm"],
    ["another site, by Origin", { origin: "https://evil.test", cookieNonce: "n1" }, "confirm"],
    ["Sec-Fetch-Site counts before Origin", { secFetchSite: "cross-site", origin: "https://hub.test" }, "confirm"],
    [
      "a scanner with everything right",
      { cookieNonce: "n1", secFetchSite: "same-origin", userAgent: "Slackbot-LinkExpanding 1.0" },
      "confirm",
    ],
    ["a confirmed press", { confirmed: true }, "act"],
  ] as const)("%s: %s → %s", (_, change, verdict) => {
    expect(judge({ ...press, ...change }, late)).toBe(verdict);
  });
  test("within 10 s of the hand-off: without the cookie it is asked, with it it acts, and a scanner cannot confirm", () => {
    const soon = opened + 9_000;
    expect(judge({ ...press, secFetchSite: "same-origin" }, soon)).toBe("confirm");
    expect(judge({ ...press, secFetchSite: "same-origin", cookieNonce: "n1" }, soon)).toBe("act");
    const outlook = "Mozilla/5.0 (Windows NT 10.0) Microsoft Outlook 16.0";
    expect(judge({ ...press, userAgent: outlook, confirmed: true }, soon)).toBe("confirm");
    expect(judge({ ...press, userAgent: outlook, confirmed: true }, opened + 10_000)).toBe("act");
  });
});

test("every refusal says what to do next", () => {
  const all = [
    ...(["malformed", "unknown-key", "forged", "expired", "early", "claims"] as const).map((reason) => replies.badLink(reason)),
    replies.revoked("en"),
    replies.gone("en"),
    replies.unreachable("en"),
    replies.noSuchAction("en"),
  ];
  for (const { message, status } of all) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message.todo.length).toBeGreaterThan(0);
  }
  expect(snapshot.users["ana"]?.linkEpoch).toBe(0);
});
