// What the product's io does with HTTP on the real runtime: its limits, its guard, and that nothing leaves once cancelled.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleWorker, startRuntime, type Runtime } from "./workerd.ts";

let runtime: Runtime;
let server: Server;
let address: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? "";
    seen.push(path);
    if (path === "/large") response.end("x".repeat(1_000_000));
    else if (path === "/moved") response.writeHead(302, { location: "/landed" }).end();
    else if (path === "/drop") request.socket.destroy();
    else if (path === "/half") response.writeHead(202, { "content-length": "100" }).write("half", () => request.socket.destroy());
    else if (path !== "/silent") response.writeHead(200, { "X-Provider": "yes" }).end("fine");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  runtime = startRuntime(await bundleWorker(), null);
}, 60_000);

afterAll(async () => {
  await runtime.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function ask(path: string, order: Readonly<Record<string, unknown>> = {}, headers: Readonly<Record<string, string>> = {}) {
  const http = { method: "POST", url: `${address}${path}`, headers, body: "{}" };
  return runtime.ask({ needs: ["http"], http, ...order });
}

describe("http for notifiers, inside workerd", () => {
  it("answers status, lower-case headers and body", async () => {
    expect(await ask("/fine")).toMatchObject({ status: 200, body: "fine", headers: { "x-provider": "yes" } });
  });

  it("keeps 64 KiB of a long answer", async () => {
    expect((await ask("/large")).body?.length).toBe(65_536);
  });

  it("does not follow a redirect", async () => {
    expect(await ask("/moved")).toMatchObject({ status: 302 });
    expect(seen).not.toContain("/landed");
  });

  it("takes the status of an answer whose body breaks off", async () => {
    expect(await ask("/half")).toMatchObject({ status: 202 });
  });

  it("calls silence and a dropped connection of unknown outcome", async () => {
    expect(await ask("/silent", { limitMs: 300 })).toEqual({ status: "unknown", reason: "no answer within 0.3 s" });
    expect((await ask("/drop")).status).toBe("unknown");
  });

  it.each([
    ["cancelled", { mayStart: false }],
    ["not asked for in the manifest", { needs: ["tcp"] }],
    ["private and not allowed", { allowPrivate: false }],
  ])("sends nothing when it is %s", async (_why, order) => {
    const before = seen.length;
    expect((await ask("/never", order)).status).toBe("unsent");
    expect(seen.length).toBe(before);
  });

  it("sends nothing with a header that would break out of its line", async () => {
    const before = seen.length;
    expect((await ask("/never", {}, { "x-team": "a\r\nx-evil: 1" })).status).toBe("unsent");
    expect(seen.length).toBe(before);
  });
});
