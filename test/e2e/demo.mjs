// The first set-up command, as a newcomer runs it: `npm run demo`, here with --once so that it ends after the story.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite } from "./hub.mjs";

const demo = suite("demo");
const root = new URL("../../", import.meta.url).pathname;
const { status, stdout, stderr } = spawnSync("npm", ["run", "--silent", "demo", "--", "--once"], {
  cwd: root,
  encoding: "utf8",
  timeout: 120_000,
  env: { ...process.env, NO_COLOR: "1" },
});

await demo.check("ends well", () => assert.equal(status, 0, stderr || stdout));
await demo.check("prints each page with its person, channel, reason and link", () => {
  assert.match(stdout, /page\s+Ana .*phone/);
  assert.match(stdout, /because: .*step 1/);
  assert.match(stdout, /http:\/\/localhost:\d+\/r\/\S+/);
});
await demo.check("escalates, and somebody has it in the end", () => {
  assert.match(stdout, /escalate\s+step 2/);
  assert.match(stdout, /acknowledged/);
});
demo.end();
