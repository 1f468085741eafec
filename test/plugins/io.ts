// Owns a NotifierIo on Node for the contract kit: the same promises as the one on workerd (limits, unsent and unknown,
// redirects not followed), with clock and chance fixed. Talks to loopback only.

import { connect, type Socket as NodeSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  ProviderError,
  type HttpAnswer,
  type HttpRequest,
  type NotifierIo,
  type Socket,
  type TcpOptions,
} from "../../plugins/sdk/index.ts";
import { vapidAuthorization } from "../../worker/security/vapid.ts";

/** The hub of the kit: whatever a fixture registers is registered under its key. */
export const kitHub = {
  TOCSIN_SECRET: "root-key-of-the-contract-kit-root-key-of-the-kit",
  TOCSIN_PUBLIC_URL: "https://tocsin.acme.test",
};

export interface NodeIoOptions {
  readonly now?: number;
  readonly limitMs?: number;
  /** A CA in PEM that the TLS side trusts. */
  readonly ca?: string;
  readonly stillWanted?: () => boolean;
  readonly put?: (message: Readonly<Record<string, unknown>>) => Promise<void>;
}

export function nodeIo(options: NodeIoOptions = {}): NotifierIo {
  const limitMs = options.limitMs ?? 2_000;
  return {
    http: (request) => http(request, limitMs),
    tcp: (tcpOptions) => tcp(tcpOptions, limitMs, options.ca),
    store: { put: options.put ?? (() => Promise.reject(new Error("this notifier has no store"))) },
    vapid: (audience, publicKey) => vapidAuthorization(kitHub, { audience, publicKey }, options.now ?? Date.now()),
    stillWanted: options.stillWanted ?? (() => true),
    now: () => options.now ?? Date.now(),
    random: (bytes) => new Uint8Array(bytes).fill(7),
  };
}

async function http(request: HttpRequest, limitMs: number): Promise<HttpAnswer> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: { ...request.headers },
      body: request.body as BodyInit | null,
      redirect: "manual",
      signal: AbortSignal.timeout(limitMs),
    });
    const headers: Record<string, string> = {};
    response.headers.forEach((value, name) => {
      headers[name.toLowerCase()] = value;
    });
    return { status: response.status, headers, body: await response.text() };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
    if (cause?.code === "ECONNREFUSED") throw new ProviderError("unsent", "could not connect");
    throw new ProviderError("unknown", "no answer");
  }
}

async function tcp(options: TcpOptions, limitMs: number, ca: string | undefined): Promise<Socket> {
  const trust = ca === undefined ? {} : { ca };
  const to = { host: options.host, port: options.port };
  const socket = options.tls === "implicit" ? connectTls({ ...to, ...trust, servername: options.host }) : connect(to);
  const limit = { reached: false };
  const timer = setTimeout(() => {
    limit.reached = true;
    socket.destroy();
  }, limitMs);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(options.tls === "implicit" ? "secureConnect" : "connect", () => resolve());
      socket.once("error", reject);
    });
  } catch {
    clearTimeout(timer);
    throw new ProviderError("unsent", "could not connect");
  }
  return wrap(socket, { limit, timer, upgrade: (plain) => connectTls({ socket: plain, ...trust, servername: options.host }) });
}

interface Connection {
  readonly limit: { readonly reached: boolean };
  readonly timer: NodeJS.Timeout;
  readonly upgrade: (plain: NodeSocket) => NodeSocket;
}

/** Node's Web stream adapters lock a socket for good; these let it go again, so that TLS can take it over. */
function wrap(socket: NodeSocket, connection: Connection): Socket {
  let upgraded = false;
  socket.on("error", () => undefined);
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      socket.on("data", onData);
      socket.once("close", () => {
        if (!upgraded) controller.close();
      });
      function onData(chunk: Buffer): void {
        if (!upgraded) controller.enqueue(new Uint8Array(chunk));
      }
    },
  });
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise<void>((resolve, reject) => {
        socket.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
  });
  return {
    readable,
    writable,
    startTls() {
      upgraded = true;
      socket.removeAllListeners("data");
      return wrap(connection.upgrade(socket), connection);
    },
    async close() {
      clearTimeout(connection.timer);
      socket.end();
    },
    expired: () => connection.limit.reached,
  };
}
