// Owns `--smtp-port`: a mail server that takes mail for integrations of this hub and for nobody else. It stores nothing: a mail is
// answered 250 only after the hub has said that it is durable, else 451, and the sending server keeps it.

import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

/**
 * @typedef {object} MailServerOptions
 * @property {string} origin where the hub is asked, on this machine
 * @property {string} host
 * @property {number} port 0: any free one
 * @property {{ key: string, cert: string } | null} tls files in PEM: STARTTLS is offered
 * @property {(level: "info" | "warn" | "error", line: string) => void} log
 */

const bound = {
  /** As long as the hub reads of one (worker/core/limits.ts), and a little for what it adds. */
  bytesMax: 10_485_760,
  recipientsMax: 10,
  clientsMax: 100,
  askMs: 10_000,
  storeMs: 30_000,
  socketMs: 60_000,
};

/** @param {MailServerOptions} options @returns {Promise<{ port: number, stop: () => Promise<void> }>} */
export async function startMailServer({ origin, host, port, tls, log }) {
  const server = new SMTPServer({
    name: "tocsin",
    banner: "Tocsin takes mail for its integrations only",
    size: bound.bytesMax,
    maxClients: bound.clientsMax,
    socketTimeout: bound.socketMs,
    closeTimeout: 2_000,
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: tls === null ? ["AUTH", "STARTTLS"] : ["AUTH"],
    ...(tls === null ? {} : { key: readFileSync(tls.key), cert: readFileSync(tls.cert) }),
    onRcptTo: ({ address }, session, done) => {
      if (session.envelope.rcptTo.length >= bound.recipientsMax) return done(answer(452, "too many recipients for one mail"));
      void known(origin, address).then(done);
    },
    onData: (stream, session, done) => {
      void read(stream).then(
        async (raw) => {
          if (raw === null) return done(answer(552, `the mail is longer than ${bound.bytesMax} bytes`));
          done(await store(origin, session.envelope, raw, log));
        },
        () => done(answer(451, "the mail broke off")),
      );
    },
  });
  server.on("error", (error) => log("warn", `mail: ${error.message}`));
  await new Promise((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return { port: server.server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** Nothing when mail to the address is taken. */
async function known(origin, address) {
  const status = await ask(`${origin}/v1/mail/${encodeURIComponent(address)}`, { method: "GET" }, bound.askMs);
  if (status === 204) return undefined;
  return status === 401 ? answer(550, "no such address here") : answer(451, "the hub does not answer just now, try again");
}

/** Nothing when it is durable for every recipient. One for whom it is not makes the sender repeat it for all: the hub knows repeats. */
async function store(origin, { mailFrom, rcptTo }, raw, log) {
  const from = encodeURIComponent(mailFrom === false ? "" : mailFrom.address);
  const headers = { "content-type": "message/rfc822" };
  const answers = await Promise.all(
    rcptTo.map(({ address }) =>
      ask(`${origin}/v1/mail/${encodeURIComponent(address)}?from=${from}`, { method: "POST", body: raw, headers }, bound.storeMs),
    ),
  );
  const failed = answers.filter((status) => status !== 401 && (status < 200 || status > 299));
  if (failed.length > 0) {
    log("warn", `mail: not stored (${failed.join(", ")}), the sender is asked to come again`);
    return answer(451, "could not be stored just now, try again");
  }
  return answers.includes(401) ? answer(550, "not for this sender") : undefined;
}

/** The status; 0: no answer. */
async function ask(url, init, limitMs) {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(limitMs) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

/** Null: too long. It is read to its end all the same, so that the sender hears why. */
async function read(stream) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes <= bound.bytesMax) chunks.push(chunk);
  }
  return bytes > bound.bytesMax || stream.sizeExceeded ? null : Buffer.concat(chunks);
}

function answer(responseCode, message) {
  return Object.assign(new Error(message), { responseCode });
}
