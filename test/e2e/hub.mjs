// Owns what every end-to-end test needs: a hub launched as a user launches it, its API, a mail sink, a webhook sink. No
// mocks inside the hub: what leaves it is real HTTP and real SMTP.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { SMTPServer } from "smtp-server";

export const adminToken = "e2e-admin-token-0001";
const root = new URL("../../", import.meta.url).pathname;

/** Polls until `check` gives something other than null or undefined; throws with `what` after `ms`. */
export async function until(what, ms, check) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts `npm start`'s program on a free port. `kill(signal)` and `restart()` act on the same data folder. */
export async function launchHub({
  env = {},
  data = mkdtempSync(path.join(tmpdir(), "tocsin-e2e-")),
  port = 0,
  prefix = [],
  args = [],
} = {}) {
  const hub = { data, url: "", port, child: null, output: "" };
  process.once("exit", () => hub.child?.kill("SIGKILL")); // A test that threw leaves none behind.
  hub.start = async () => {
    const node = path.join(root, "node_modules/.bin/node");
    const command = [
      ...prefix,
      node,
      path.join(root, "worker/launcher/start.mjs"),
      "--data",
      data,
      "--port",
      String(hub.port),
      ...args,
    ];
    hub.output = "";
    hub.child = spawn(command[0], command.slice(1), {
      cwd: root,
      env: {
        ...process.env,
        npm_lifecycle_event: undefined,
        TOCSIN_ADMIN_TOKEN: adminToken,
        TOCSIN_ALLOW_PRIVATE_EGRESS: "1",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [hub.child.stdout, hub.child.stderr]) stream.on("data", (text) => (hub.output += text));
    const exited = new Promise((_, reject) =>
      hub.child.once("exit", (code) => reject(new Error(`the hub ended with ${code}:\n${hub.output}`))),
    );
    exited.catch(() => undefined);
    const ready = until("the hub to be ready", 60_000, () => /ready (http:\S+)/.exec(hub.output)?.[1]);
    hub.url = await Promise.race([ready, exited]);
    hub.port = Number(new URL(hub.url).port);
  };
  hub.kill = (signal = "SIGKILL") =>
    new Promise((resolve) => {
      if (hub.child === null || hub.child.exitCode !== null || hub.child.signalCode !== null) return resolve();
      hub.child.once("exit", resolve);
      hub.child.kill(signal);
    });
  hub.stop = async () => {
    await hub.kill("SIGTERM");
    rmSync(data, { recursive: true, force: true });
  };
  hub.api = async (method, at, body, headers = {}) => {
    const response = await fetch(`${hub.url}${at}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, ...headers },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text.startsWith("{") ? JSON.parse(text) : text };
  };
  hub.apply = async (tenant, document) => {
    const answer = await hub.api("PUT", `/api/v1/tenants/${tenant}/config`, document);
    if (answer.status !== 200) throw new Error(`the document was refused: ${JSON.stringify(answer.body, null, 1)}`);
    return answer.body;
  };
  /** Asks until somebody answers: the runtime may be on its way up again. */
  hub.ask = (at) => until(`an answer at ${at}`, 30_000, () => hub.api("GET", at).catch(() => null));
  await hub.start();
  return hub;
}

/** A mail server that keeps what it is sent. */
export async function mailSink(options = {}) {
  const mails = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.secure || options.key ? [] : ["STARTTLS"],
    ...options,
    onData(stream, session, done) {
      let raw = "";
      stream.on("data", (chunk) => (raw += chunk));
      stream.on("end", () => {
        mails.push({
          at: Date.now(),
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((each) => each.address),
          secure: session.secure,
          user: session.user ?? null,
          raw,
          text: textOf(raw),
        });
        done(null, `queued as M${mails.length}`);
      });
    },
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { mails, port: server.server.address().port, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** The base64 text part, decoded. */
function textOf(raw) {
  const part = /Content-Type: text\/plain[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw)?.[1] ?? "";
  return Buffer.from(part.replaceAll(/\s/g, ""), "base64").toString("utf8");
}

/** An HTTP server that keeps what it is sent; `behave(request, seen)` may answer otherwise than 200. */
export async function webhookSink(behave = () => ({ status: 200 })) {
  const calls = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    const answerTo = async () => {
      const call = { at: Date.now(), headers: request.headers, body: body === "" ? null : JSON.parse(body) };
      calls.push(call);
      const answer = await Promise.resolve(behave(call, calls));
      if (answer === "hang") return;
      if (answer === "drop") return request.socket.destroy();
      response.writeHead(answer.status, answer.headers ?? {}).end("ok");
    };
    request.on("end", () => void answerTo());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    calls,
    port: server.address().port,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))),
  };
}

/** Runs named checks, prints one line each, and ends with the count that the runner reads. */
export function suite(name) {
  const results = { passed: 0, failed: 0 };
  return {
    async check(what, run) {
      try {
        await run();
        results.passed++;
        console.log(`  ✓ ${what}`);
      } catch (error) {
        results.failed++;
        console.log(
          `  ✗ ${what}\n    ${String(error?.stack ?? error)
            .split("\n")
            .slice(0, 6)
            .join("\n    ")}`,
        );
      }
    },
    end() {
      console.log(`${name}: ${results.passed} passed, ${results.failed} failed`);
      process.exitCode = results.failed === 0 ? 0 : 1;
    },
  };
}
