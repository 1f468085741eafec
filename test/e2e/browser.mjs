// Owns the browser of the end-to-end tests: Debian's Chromium, nothing fetched, and everything that goes wrong in a page kept.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = ["/usr/bin/chromium"];
export const installHint = "apt-get install chromium";

export function chromiumPath() {
  return places.find((place) => existsSync(place)) ?? null;
}

/** `args`: Chromium's own, beside the usual. */
export async function launchBrowser({ args = [] } = {}) {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error(`Chromium is not installed: ${installHint}`);
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}

/** Notes console errors, broken promises of the policy, and requests to anywhere but the hub. */
export function watchPage(page, origin) {
  const troubles = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy|Trusted/.test(message.text()))
      troubles.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:") troubles.push(`request to ${url.origin}`);
  });
  return troubles;
}
