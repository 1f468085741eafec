// Owns the README's two pictures, made of the pages as they are: an incident on a desk, the page of whoever is woken on a phone.
// Small enough to be kept in the repository (test/tidy looks).
import { writeFileSync } from "node:fs";

const folder = new URL("../../admin-ui/pictures/", import.meta.url);
/** Of WebP: text stays sharp, and each is far below what the repository allows. */
const quality = 0.86;

/** @param {{ hub: any, browser: any, incident: string, signIn: (page: any) => Promise<void> }} world */
export async function takeReadmePictures({ hub, browser, incident, signIn }) {
  const common = { locale: "en-GB", timezoneId: "Europe/Madrid", reducedMotion: "reduce" };
  const desk = await browser.newContext({ ...common, viewport: { width: 1360, height: 850 }, colorScheme: "light" });
  const page = await desk.newPage();
  await signIn(page);
  await page.goto(`${hub.url}/t/acme/incidents/${incident}`);
  await page.getByRole("heading", { name: "What happens next" }).waitFor();
  await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => undefined);
  await keep(browser, "incident", await page.screenshot());
  await desk.close();

  const { body } = await hub.api("GET", "/api/v1/tenants/acme/inbox?user=ana&limit=50");
  const { link } = body.items.find((each) => each.incident === incident);
  const phone = await browser.newContext({
    ...common,
    viewport: { width: 375, height: 650 },
    deviceScaleFactor: 2,
    colorScheme: "dark",
    hasTouch: true,
    isMobile: true,
  });
  const woken = await phone.newPage();
  await woken.goto(hub.url + new URL(link).pathname);
  await woken.locator("form[action$='/ack'] button").waitFor();
  await keep(browser, "woken-on-a-phone", await woken.screenshot());
  await phone.close();
}

/** The browser is the encoder. */
async function keep(browser, name, png) {
  const page = await browser.newPage();
  const encoded = await page.evaluate(
    async ([data, sharpness]) => {
      const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality: sharpness });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = "";
      for (const byte of bytes) text += String.fromCodePoint(byte);
      return btoa(text);
    },
    [png.toString("base64"), quality],
  );
  await page.close();
  const bytes = Buffer.from(encoded, "base64");
  writeFileSync(new URL(`${name}.webp`, folder), bytes);
  console.log(`admin-ui/pictures/${name}.webp ${Math.round(bytes.length / 1_024)} KB`);
}
