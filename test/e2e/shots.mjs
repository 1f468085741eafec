// Owns `npm run shots`: every page at 360 and 1440 px, light and dark, into test/.artifacts. `-- NAME` takes only pages whose
// name has it, `-- --es` in Spanish, `-- --readme` only the README's two, renewed in admin-ui/pictures.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromiumPath, installHint, launchBrowser, watchPage } from "./browser.mjs";
import { launchHub } from "./hub.mjs";
import { takeReadmePictures } from "./readme-pictures.mjs";
import { addressOf, fillHub } from "./ui-world.mjs";

const out = new URL("../.artifacts/", import.meta.url).pathname;
const sizes = [
  { width: 360, height: 780 },
  { width: 1440, height: 900 },
];
const wanted = process.argv.slice(2).filter((each) => !each.startsWith("--"));
const locale = process.argv.includes("--es") ? "es-ES" : "en-GB";

if (chromiumPath() === null) {
  console.error(`Chromium is not installed: ${installHint}`);
  process.exit(1);
}
const hub = await launchHub();
const browser = await launchBrowser();
let troubled = 0;
try {
  const { incidents, examples } = await fillHub(hub);
  const { pages } = await import("../../admin-ui/src/pages.ts");
  const onlyReadme = process.argv.includes("--readme");
  if (onlyReadme) await takeReadmePictures({ hub, browser, incident: incidents.payments, signIn });
  const list = [
    { name: "sign-in", at: "/sign-in", open: true },
    { name: "tenants", at: "/tenants/all" },
    ...pages.map((page) => ({ name: page.id, at: addressOf(page, examples) })),
    { name: "incident-owned", at: `/t/acme/incidents/${incidents.cart}` },
    { name: "incidents-none", at: "/t/acme/incidents?q=nothing-like-this" },
    { name: "incidents-all", at: "/t/acme/incidents?show=all" },
  ].filter(({ name }) => wanted.length === 0 || wanted.some((each) => name.includes(each)));
  mkdirSync(out, { recursive: true });
  for (const colorScheme of onlyReadme ? [] : ["light", "dark"])
    for (const viewport of sizes) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale,
        timezoneId: "Europe/Madrid",
        hasTouch: viewport.width < 600,
        deviceScaleFactor: viewport.width < 600 ? 2 : 1,
      });
      const page = await context.newPage();
      const troubles = watchPage(page, hub.url);
      for (const { name, at } of list.filter((each) => each.open)) await shoot(page, name, at, colorScheme, viewport);
      await signIn(page);
      for (const { name, at } of list.filter((each) => !each.open)) await shoot(page, name, at, colorScheme, viewport);
      for (const trouble of troubles) console.error(`  ${trouble}`);
      troubled += troubles.length;
      await context.close();
    }
} finally {
  await browser.close();
  await hub.stop();
}
process.exit(troubled === 0 ? 0 : 1);

async function signIn(page) {
  const { body } = await hub.api("POST", "/api/v1/owner-link", {});
  await page.goto(body.url.replace(/^https?:\/\/[^/]+/, hub.url));
  await page.locator(".button.go").click();
  await page.waitForURL(/\/(tenants|t\/)/);
}

async function shoot(page, name, at, scheme, { width }) {
  await page.goto(hub.url + at);
  await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => undefined);
  await page.waitForTimeout(250);
  const file = path.join(out, `${name}-${width}-${scheme}.png`);
  // A whole page on a phone: bars that stay at the foot of the screen must stand at the foot of the picture.
  const height = width < 600 ? await page.evaluate(() => document.documentElement.scrollHeight) : 900;
  await page.setViewportSize({ width, height: Math.min(Math.max(height, 780), 8_000) });
  await page.screenshot({ path: file });
  await page.setViewportSize({ width, height: width < 600 ? 780 : 900 });
  console.log(path.relative(process.cwd(), file));
}
