// Owns one SMTP conversation (RFC 5321, 3207, 4954): greet, secure, sign in, hand over one message. Says what became of it.

import { ProviderError, type NotifierIo, type Outcome } from "../../sdk/index.ts";
import { wireOf, type Reply, type Wire } from "./lines.ts";

export interface Envelope {
  readonly host: string;
  readonly port: number;
  readonly tls: "implicit" | "starttls" | "none";
  readonly ehlo: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
  readonly to: string;
  /** The whole message, CRLF line ends, not yet dot-stuffed. */
  readonly message: string;
}

/** Raised inside a conversation when a reply ends it. */
class Refused extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super("refused");
    this.outcome = outcome;
  }
}

export async function deliver(envelope: Envelope, io: NotifierIo): Promise<Outcome> {
  const socket = await io.tcp({ host: envelope.host, port: envelope.port, tls: envelope.tls });
  let wire = wireOf(socket);
  let handedOver = false;
  try {
    expect(await wire.read(), 220, "greeting");
    let features = await greet(wire, envelope.ehlo);
    if (envelope.tls === "starttls") {
      ({ wire, features } = await secure(wire, features, envelope.ehlo));
    }
    if (envelope.user !== null && envelope.password !== null) await signIn(wire, features, envelope.user, envelope.password);
    expect(await wire.ask(`MAIL FROM:<${envelope.from}>`), 250, "sender");
    expect(await wire.ask(`RCPT TO:<${envelope.to}>`), 250, "recipient");
    expect(await wire.ask("DATA"), 354, "DATA");
    await wire.write(stuffed(envelope.message));
    // Without the final dot the server must throw the message away (RFC 5321 §4.1.1.4): the last moment to call it back.
    if (!io.stillWanted()) throw new ProviderError("unsent", "cancelled before it was handed over");
    handedOver = true;
    const reply = await wire.ask(".");
    expect(reply, 250, "message");
    // Said after the fact: the server has the message, its answer to QUIT means nothing.
    void wire.write("QUIT\r\n").catch(() => undefined);
    const text = said(reply, envelope);
    return { status: "accepted", ref: text || null, detail: `250 ${text}` };
  } catch (error) {
    if (error instanceof Refused) return withoutSecrets(error.outcome, envelope);
    if (error instanceof ProviderError) throw new ProviderError(handedOver ? "unknown" : "unsent", error.message);
    throw error;
  } finally {
    wire.close();
  }
}

/** 4xx: try again; 5xx: for good (RFC 5321 §4.2.1). The server's own words are kept, one line of them. */
function expect(reply: Reply, code: number, what: string): void {
  if (Math.floor(reply.code / 100) === Math.floor(code / 100)) return;
  const reason = `${what}: ${reply.code} ${oneLine(reply.lines)}`;
  throw new Refused(reply.code >= 500 ? { status: "failed", reason } : { status: "retry", reason, afterMs: null });
}

/** The server's words on one line of at most 200 printable characters. */
function oneLine(lines: readonly string[]): string {
  return lines
    .join(" ")
    .replaceAll(/[^\u0020-\u007e\u00a0-\uffff]+/g, " ")
    .trim()
    .slice(0, 200);
}

function said(reply: Reply, envelope: Envelope): string {
  return masked(oneLine(reply.lines), envelope);
}

function withoutSecrets(outcome: Outcome, envelope: Envelope): Outcome {
  return "reason" in outcome ? { ...outcome, reason: masked(outcome.reason, envelope) } : outcome;
}

/** Some servers repeat the command they refuse; a reason is shown to people. */
function masked(text: string, { user, password }: Envelope): string {
  if (user === null || password === null) return text;
  return [password, base64(password), base64(`\0${user}\0${password}`), base64(user)].reduce(
    (rest, secret) => rest.replaceAll(secret, "***"),
    text,
  );
}

async function greet(wire: Wire, name: string): Promise<readonly string[]> {
  const reply = await wire.ask(`EHLO ${name}`);
  expect(reply, 250, "EHLO");
  return reply.lines.map((line) => line.toUpperCase());
}

/** Required when configured: without it credentials and alerts would travel in clear, so nothing is sent at all. */
async function secure(
  wire: Wire,
  features: readonly string[],
  name: string,
): Promise<{ wire: Wire; features: readonly string[] }> {
  if (!features.includes("STARTTLS"))
    throw new Refused({ status: "failed", reason: "the server offers no STARTTLS and the configuration demands it" });
  expect(await wire.ask("STARTTLS"), 220, "STARTTLS");
  const secured = await wire.startTls();
  try {
    return { wire: secured, features: await greet(secured, name) };
  } catch (error) {
    // The runtime reports a failed handshake only as a connection that ends with the first use.
    if (error instanceof ProviderError) throw new ProviderError("unsent", tlsFailed);
    throw error;
  }
}

const tlsFailed = "TLS failed: the certificate is not trusted, names another host, or the server hung up";

async function signIn(wire: Wire, features: readonly string[], user: string, password: string): Promise<void> {
  const offered =
    features
      .find((line) => /^AUTH[ =]/.test(line))
      ?.split(/[ =]/)
      .slice(1) ?? [];
  if (offered.length === 0)
    throw new Refused({ status: "failed", reason: "the server offers no sign-in: take user and password out, or use TLS" });
  if (offered.includes("PLAIN")) {
    return expect(await wire.ask(`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`), 235, "sign-in");
  }
  if (!offered.includes("LOGIN"))
    throw new Refused({ status: "failed", reason: `the server offers no sign-in we know (${offered.join(", ").slice(0, 100)})` });
  expect(await wire.ask("AUTH LOGIN"), 334, "sign-in");
  expect(await wire.ask(base64(user)), 334, "sign-in");
  expect(await wire.ask(base64(password)), 235, "sign-in");
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** A line that begins with a dot gets a second one; the message ends with CRLF, before the final dot. */
function stuffed(message: string): string {
  return `${message.replaceAll(/\r\n\./g, "\r\n..").replace(/^\./, "..")}${message.endsWith("\r\n") ? "" : "\r\n"}`;
}
