// Owns the drawn icons: the mark of public/icon.svg at the sizes that phones ask for, into public/icons. Run it when the mark
// changes (`node admin-ui/draw-icons.mjs`); it needs Chromium, as the browser tests do.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "../test/e2e/browser.mjs";

const folder = path.join(import.meta.dirname, "public");
const mark = readFileSync(path.join(folder, "icon.svg"), "utf8");
const green = "#0b6b4c";
/** The bell alone, as a notification's badge wants it: only its shape counts. */
const bell = mark.replace(/<rect[^>]*>/, "");
/** `inside`: how much of the width the drawing takes. A maskable icon may be cut to a circle of 80 %. */
const drawings = [
  { name: "192", size: 192, svg: mark, inside: 1, ground: "transparent" },
  { name: "512", size: 512, svg: mark, inside: 1, ground: "transparent" },
  { name: "maskable-192", size: 192, svg: bell, inside: 0.86, ground: green },
  { name: "maskable-512", size: 512, svg: bell, inside: 0.86, ground: green },
  { name: "apple-180", size: 180, svg: bell, inside: 1, ground: green },
  {
    name: "badge-96",
    size: 96,
    svg: bell.replace('viewBox="0 0 32 32"', 'viewBox="5 5 22 23"'),
    inside: 1,
    ground: "transparent",
  },
];

mkdirSync(path.join(folder, "icons"), { recursive: true });
const browser = await launchBrowser();
for (const { name, size, svg, inside, ground } of drawings) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const px = Math.round(size * inside);
  await page.setContent(
    `<style>*{margin:0}body{width:${size}px;height:${size}px;display:grid;place-items:center;background:${ground}}svg{width:${px}px;height:${px}px}</style>${svg}`,
  );
  await page.screenshot({ path: path.join(folder, "icons", `${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
