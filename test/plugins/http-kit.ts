// Owns the part of the contract kit that every plugin who speaks HTTP meets, notifier or connector: a real server that gives
// every kind of answer, and text that somebody else wrote.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { NotifierIo } from "../../plugins/sdk/index.ts";
import { nodeIo } from "./io.ts";
import { fixedNow } from "./page.ts";

export interface Outcome {
  readonly status: string;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

let server: Server | null = null;

/** A server on loopback until the test ends; answers its address. */
export async function listen(answer: Answer): Promise<string> {
  const started = createServer((request, response) => void answer(request, response));
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", () => resolve()));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  return (await bytesOf(request)).toString("utf8");
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Call it once in a file that listens. */
export function closeAfterEach(): void {
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = null;
  });
}

async function hangUp(): Promise<void> {
  await new Promise((resolve) => server?.close(resolve));
}

const statusTable: readonly (readonly [status: number, headers: Readonly<Record<string, string>>, expected: unknown])[] = [
  [200, {}, { status: "accepted" }],
  [201, {}, { status: "accepted" }],
  [204, {}, { status: "accepted" }],
  [301, { location: "/elsewhere" }, { status: "failed" }],
  [302, { location: "/elsewhere" }, { status: "failed" }],
  [307, { location: "/elsewhere" }, { status: "failed" }],
  [400, {}, { status: "failed" }],
  [401, {}, { status: "failed" }],
  [403, {}, { status: "failed" }],
  [404, {}, { status: "failed" }],
  [408, {}, { status: "retry", afterMs: null }],
  [410, {}, { status: "failed" }],
  [413, {}, { status: "failed" }],
  [422, {}, { status: "failed" }],
  [425, {}, { status: "retry", afterMs: null }],
  [429, {}, { status: "retry", afterMs: null }],
  [429, { "retry-after": "17" }, { status: "retry", afterMs: 17_000 }],
  [429, { "retry-after": new Date(fixedNow + 29_900).toUTCString() }, { status: "retry", afterMs: 29_900 }],
  [429, { "retry-after": "soon" }, { status: "retry", afterMs: null }],
  [429, { "retry-after": "-5" }, { status: "retry" }],
  [500, {}, { status: "retry", afterMs: null }],
  [502, {}, { status: "retry", afterMs: null }],
  [503, { "retry-after": "120" }, { status: "retry", afterMs: 120_000 }],
  [504, {}, { status: "retry", afterMs: null }],
];

export interface HttpWays {
  /** A body as its receiver reads it. */
  readonly read?: (body: Buffer) => string;
  /** What the other side answers where it must be understood before the next request: such a one takes more than one. */
  readonly answers?: (request: IncomingMessage) => string;
}

/** `call` makes one try at this address; `hostile`: with the text of an attacker. */
export function meetsHttp(
  secrets: readonly string[],
  call: (address: string, io: NotifierIo, hostile?: boolean) => Promise<Outcome>,
  { read = (body) => body.toString("utf8"), answers }: HttpWays = {},
): void {
  it.each(answers === undefined ? statusTable : statusTable.filter(([status]) => status >= 300))(
    "HTTP %i %j",
    async (status, headers, expected) => {
      let requests = 0;
      const address = await listen((request, response) => {
        requests += 1;
        request.resume();
        // A provider that repeats what it was sent must not get it into a reason.
        response.writeHead(status, headers).end(status === 204 ? undefined : `you sent ${secrets.join(" ")}`);
      });
      const outcome = await call(address, nodeIo({ now: fixedNow }));
      expect(outcome).toMatchObject(expected as object);
      expect(requests).toBe(1);
      for (const secret of secrets) expect(JSON.stringify(outcome)).not.toContain(secret);
      expect(JSON.stringify(outcome).length).toBeLessThanOrEqual(400);
    },
  );

  it("no answer within the limit is of unknown outcome", async () => {
    const address = await listen((request) => request.resume());
    expect((await call(address, nodeIo({ limitMs: 200 }))).status).toBe("unknown");
  });

  it("a request accepted and then dropped is of unknown outcome", async () => {
    let got = "";
    const address = await listen(async (request) => {
      got = `${request.method} ${await bodyOf(request)}`;
      request.socket.destroy();
    });
    expect((await call(address, nodeIo())).status).toBe("unknown");
    expect(got).not.toBe("");
  });

  it("a refused connection left nothing", async () => {
    const address = await listen(() => undefined);
    await hangUp();
    expect((await call(address, nodeIo())).status).toBe("unsent");
  });

  it("hostile text arrives as text: one request, well formed, within bounds", async () => {
    const bodies: string[] = [];
    const evil: unknown[] = [];
    const address = await listen(async (request, response) => {
      const sent = await bytesOf(request);
      if (answers === undefined || sent.length > 0) bodies.push(read(sent));
      evil.push(request.headers["x-evil"]);
      response.end(answers?.(request));
    });
    expect((await call(address, nodeIo(), true)).status).toBe("accepted");
    if (answers === undefined) expect(bodies).toHaveLength(1);
    expect(bodies.length).toBeGreaterThan(0);
    expect(new Set(evil)).toEqual(new Set([undefined]));
    for (const body of bodies) {
      expect(() => JSON.parse(body) as unknown).not.toThrow();
      expect(body.length).toBeLessThan(262_144);
    }
  });
}
