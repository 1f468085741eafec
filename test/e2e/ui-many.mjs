// A list of thousands in Chromium: how many nodes it draws, what scrolling through all of it costs. ui.mjs checks the structure;
// `node test/e2e/ui-many.mjs 10000` measures so many alone. Times are reported, nothing asserts one.
import path from "node:path";
import { fillWithIncidents } from "../bench/many-incidents.mjs";
import { launchBrowser } from "./browser.mjs";
import { launchHub } from "./hub.mjs";

/** A tenant of its own with `open` incidents in its list; the hub is down for a moment. */
export async function tenantOfMany(hub, open) {
  const applied = await hub.apply(
    "many",
    JSON.stringify({
      tenant: "many",
      users: [{ id: "ana", name: "Ana Ruiz", contacts: [{ id: "phone", via: "inbox" }] }],
      policies: [{ id: "p", steps: [{ notify: [{ user: "ana" }], escalateAfter: "2h" }] }],
      services: [
        { id: "queue", name: "Queue", policy: "p" },
        { id: "shop", name: "Shop", policy: "p" },
      ],
      integrations: [{ id: "in", source: "generic", service: "queue" }],
    }),
  );
  await fetch(applied.issued[0].url.replace(/^https?:\/\/[^/]+/, hub.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ dedupKey: "a", title: "Payments are down", severity: "critical" }),
  });
  await fillWithIncidents(hub, { tenant: "many", open: open - 1, services: ["queue", "shop"] });
}

/** Scrolls an open list to its end, page after page, and back into the middle. */
export async function scrollThrough(page, rows) {
  await page.locator(".incident").first().waitFor();
  return page.evaluate(async (wanted) => {
    const found = { rowsMax: 0, nodesMax: 0, listed: 0, blank: 0, longTasks: [], frames: [], ms: 0 };
    const tasks = new PerformanceObserver((list) =>
      found.longTasks.push(...list.getEntries().map((each) => Math.round(each.duration))),
    );
    tasks.observe({ type: "longtask" });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const look = () => {
      const drawn = document.querySelectorAll(".incident");
      found.rowsMax = Math.max(found.rowsMax, drawn.length);
      if (found.frames.length % 10 === 0) found.nodesMax = Math.max(found.nodesMax, document.querySelectorAll("*").length);
      found.listed = Number(drawn[0]?.getAttribute("aria-setsize") ?? 0);
      const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
      if (middle?.closest(".incident") == null && middle?.closest(".incidents") != null) found.blank++;
    };
    const began = performance.now();
    let last = began;
    let still = 0;
    let movedAt = began;
    // A busy hub takes a while for the next page of the list.
    while (performance.now() - movedAt < 20_000) {
      const before = scrollY;
      scrollBy(0, 900);
      await frame();
      const now = performance.now();
      found.frames.push(now - last);
      last = now;
      look();
      still = scrollY === before ? still + 1 : 0;
      if (still === 0) movedAt = now;
      // What was read last is drawn a moment after it is counted.
      if (found.listed >= wanted && still > 5) break;
    }
    found.ms = Math.round(performance.now() - began);
    found.last = [...document.querySelectorAll(".incident")].at(-1)?.getAttribute("aria-posinset");
    for (const part of [0.5, 0.1, 0.9, 0]) {
      scrollTo(0, document.documentElement.scrollHeight * part);
      await frame();
      await frame();
      await frame();
      look();
    }
    tasks.disconnect();
    return found;
  }, rows);
}

export function told({ rowsMax, nodesMax, listed, longTasks, frames, ms }) {
  const late = frames.filter((each) => each > 34).length;
  const at = (q) => frames.toSorted((a, b) => a - b)[Math.min(frames.length - 1, Math.floor(frames.length * q))]?.toFixed(0);
  return `${listed} incidents scrolled through in ${(ms / 1_000).toFixed(1)} s: at most ${rowsMax} rows and ${nodesMax} nodes drawn; ${frames.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${late} later than 34 ms; ${longTasks.length} long tasks, the longest ${Math.max(0, ...longTasks)} ms`;
}

if (process.argv[1] === path.resolve(import.meta.filename)) {
  const rows = Number(process.argv[2] ?? 10_000);
  const hub = await launchHub();
  const browser = await launchBrowser();
  try {
    await tenantOfMany(hub, rows);
    for (const [name, width, height] of [
      ["desktop", 1440, 900],
      ["phone", 360, 780],
    ]) {
      const page = await (
        await browser.newContext({ viewport: { width: Number(width), height: Number(height) }, locale: "en-GB" })
      ).newPage();
      await page.goto((await hub.api("POST", "/api/v1/owner-link", {})).body.url);
      await page.getByRole("button", { name: /^Go on as/ }).click();
      await page.waitForURL(/\/t\/many\/incidents/);
      const found = await scrollThrough(page, rows);
      console.log(`${String(name)}: ${told(found)}; blank in the middle ${found.blank} times`);
    }
  } finally {
    await browser.close();
    await hub.stop();
  }
}
