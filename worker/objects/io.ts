// Owns what a notifier can touch of the world: HTTP through the egress guard, a TCP stream, the simulated phone. Everything
// has a time and size limit, and right before the first byte leaves it is asked once more whether the send may start.

import { connect } from "cloudflare:sockets";
import {
  ProviderError,
  type HttpAnswer,
  type HttpRequest,
  type NotifierIo,
  type NotifierManifest,
  type Socket,
  type TcpOptions,
} from "../../plugins/sdk/index.ts";
import { limits } from "../core/limits.ts";
import { checkUrl, checkHost, type EgressRules } from "../security/egress.ts";
import { vapidAuthorization, type VapidEnv } from "../security/vapid.ts";
import type { InboxCalls, InboxMessage } from "./rpc.ts";

export interface IoOptions {
  readonly env: Pick<Env, "TOCSIN_ALLOW_PRIVATE_EGRESS"> & VapidEnv;
  readonly needs: NotifierManifest["needs"];
  readonly limitMs: number;
  /** Asked synchronously before any byte leaves. */
  readonly mayStart: () => boolean;
  readonly inbox: Pick<InboxCalls, "put">;
}

export function makeIo(options: IoOptions): NotifierIo {
  const { needs, mayStart } = options;
  const rules: EgressRules = { allowPrivate: options.env.TOCSIN_ALLOW_PRIVATE_EGRESS === "1" };
  const start = (need: NotifierManifest["needs"][number]): void => {
    if (!needs.includes(need)) throw new ProviderError("unsent", `the plugin's manifest does not ask for ${need}`);
    if (!mayStart()) throw new ProviderError("unsent", "cancelled before it started");
  };
  return {
    async http(request) {
      const refused = checkUrl(request.url, rules);
      if (refused !== null) throw new ProviderError("unsent", refused);
      // Made before the question: a header that cannot be sent must not count as a start.
      const made = requestOf(request, options.limitMs);
      start("http");
      return await http(made, options.limitMs);
    },
    async tcp(tcpOptions) {
      const refused = checkHost(tcpOptions.host, rules);
      if (refused !== null) throw new ProviderError("unsent", refused);
      start("tcp");
      return await tcp(tcpOptions, options.limitMs);
    },
    store: {
      async put(message) {
        start("store");
        // The inbox plugin writes this shape; the object keeps it as it is.
        await options.inbox.put(message as unknown as InboxMessage);
      },
    },
    async vapid(audience, publicKey) {
      if (!needs.includes("vapid")) throw new ProviderError("unsent", "the plugin's manifest does not ask for vapid");
      return vapidAuthorization(options.env, { audience, publicKey }, Date.now());
    },
    stillWanted: mayStart,
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
}

function requestOf(request: HttpRequest, limitMs: number): Request {
  try {
    return new Request(request.url, {
      method: request.method,
      headers: { ...request.headers },
      body: request.body as BodyInit | null,
      redirect: "manual",
      signal: AbortSignal.timeout(limitMs),
    });
  } catch {
    throw new ProviderError("unsent", "the request cannot be made: a header or the URL holds characters that HTTP forbids");
  }
}

async function http(request: Request, limitMs: number): Promise<HttpAnswer> {
  let response: Response;
  try {
    response = await fetch(request);
  } catch (error) {
    const text = error instanceof Error ? `${error.name} ${error.message}` : "";
    // Only failures to connect are certain not to have reached anybody. workerd says "Network connection lost." for a
    // refused connection and for one that broke after the request alike: that is unknown.
    if (/refused|dns|resolve|name not|network connection|unreachable/i.test(text) && !/lost/i.test(text))
      throw new ProviderError("unsent", "could not connect");
    throw new ProviderError(
      "unknown",
      /timeout|aborted/i.test(text) ? `no answer within ${limitMs / 1_000} s` : "the connection was lost before an answer",
    );
  }
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return { status: response.status, headers, body: await readBounded(response) };
}

/** The status is what counts: a body that breaks off or is too long is cut, never an error. */
async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    while (size < limits.send.responseBytesMax) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      size += value.byteLength;
    }
  } catch {
    // Cut off by the provider; the answer's status has been read.
  }
  await reader.cancel().catch(() => undefined);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return new TextDecoder().decode(whole.subarray(0, limits.send.responseBytesMax));
}

async function tcp(options: TcpOptions, limitMs: number): Promise<Socket> {
  const secureTransport = options.tls === "implicit" ? "on" : options.tls === "starttls" ? "starttls" : "off";
  const socket = connect({ hostname: options.host, port: options.port }, { secureTransport, allowHalfOpen: false });
  // Closed before the try's own limit runs out, so that a slow conversation is told apart by how far it came, and none goes
  // on behind the back of a try that was given up.
  const limit = { reached: false, timer: undefined as ReturnType<typeof setTimeout> | undefined };
  limit.timer = setTimeout(
    () => {
      limit.reached = true;
      socket.close().catch(() => undefined);
    },
    Math.max(limitMs - limits.send.closeBeforeMs, limitMs / 2),
  );
  try {
    await socket.opened;
  } catch {
    clearTimeout(limit.timer);
    throw new ProviderError(
      "unsent",
      options.tls === "implicit"
        ? "could not connect (refused, or the certificate is not trusted or names another host)"
        : limit.reached
          ? "could not connect in time"
          : "could not connect (refused, or the name is unknown)",
    );
  }
  return wrap(socket, limit);
}

interface TimeLimit {
  readonly reached: boolean;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

function wrap(socket: ReturnType<typeof connect>, limit: TimeLimit): Socket {
  return {
    readable: socket.readable as ReadableStream<Uint8Array>,
    writable: socket.writable as WritableStream<Uint8Array>,
    startTls: () => wrap(socket.startTls(), limit),
    async close() {
      clearTimeout(limit.timer);
      await socket.close();
    },
    expired: () => limit.reached,
  };
}
