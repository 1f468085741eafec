// Owns the mail servers of the tests: a real one (smtp-server) that keeps what it gets, and a scripted one for the faults
// that a good server never shows.

import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | null;
  readonly raw: string;
}

export interface MailSink {
  readonly port: number;
  readonly mails: readonly Mail[];
  close(): Promise<void>;
}

export async function mailSink(options: SMTPServerOptions): Promise<MailSink> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    ...options,
    onAuth(auth, _session, done) {
      if (auth.username === "tocsin" && auth.password === "pässword") done(null, { user: "tocsin" });
      else done(new Error(`who is ${auth.username} with ${auth.password}`));
    },
    onData(stream, session, done) {
      let raw = "";
      stream.on("data", (chunk: Buffer) => (raw += chunk.toString("utf8")));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map((each) => each.address),
          secure: session.secure,
          user: typeof session.user === "string" ? session.user : null,
          raw,
        });
        done(null, `queued as M${mails.length}`);
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What to say to a command (its first word) or to the final dot ("."); null: hang up; "": stay silent. */
export type Script = Readonly<Record<string, string | null>>;

const polite: Script = {
  greeting: "220 hello",
  EHLO: "250-hello\r\n250 AUTH PLAIN LOGIN",
  MAIL: "250 ok",
  RCPT: "250 ok",
  DATA: "354 go on",
  ".": "250 queued as 1",
  QUIT: "221 bye",
};

export interface ScriptedServer {
  readonly port: number;
  /** Every line it was sent, message lines too. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const answers: Script = { ...polite, ...script };
  const lines: string[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    const say = (what: string): void => {
      const answer = answers[what] ?? (what in answers ? null : "500 what?");
      if (answer === null) socket.destroy();
      else if (answer !== "") socket.write(`${answer}\r\n`);
    };
    let inMessage = false;
    let rest = "";
    say("greeting");
    socket.on("data", (chunk) => {
      const parts = (rest + chunk.toString("utf8")).split("\r\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        if (inMessage && line !== ".") {
          if (answers["in message"] === null) socket.destroy();
          continue;
        }
        const word = inMessage ? "." : (line.split(" ")[0] ?? "");
        inMessage = word === "DATA" && (answers["DATA"] ?? "").startsWith("354");
        say(word);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
