// Owns `npm start`: reads the command line, starts the hub, says that it serves, and ends cleanly when told to.

import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { startHub, StartRefusal } from "./hub.mjs";
import { startMailServer } from "./mail-server.mjs";
import { endOnSignals, hasTerminal } from "./signals.mjs";

const usage = `npm start -- [options]
  --data DIR     data folder (./.tocsin)
  --port PORT    port (8787; 0: any free one)
  --host HOST    address to listen on (127.0.0.1)
  --smtp-port P  take mail for integrations on this port (off; 0: any free one)
  --smtp-key F, --smtp-cert F   offer STARTTLS with these PEM files
  --quiet        print errors only, besides the ready line
Environment: TOCSIN_SECRET, TOCSIN_ADMIN_TOKEN, TOCSIN_PUBLIC_URL, TOCSIN_ALLOW_PRIVATE_EGRESS, NODE_EXTRA_CA_CERTS (see worker/launcher/README.md)`;

const oldestNode = 22;

/**
 * @returns {{ data: string, port: number, host: string, quiet: boolean, launch: string | undefined,
 *   smtp: { port: number, tls: { key: string, cert: string } | null } | null }}
 */
function readCommandLine() {
  const { values } = parseArgs({
    options: {
      data: { type: "string", default: ".tocsin" },
      port: { type: "string", default: "8787" },
      host: { type: "string", default: "127.0.0.1" },
      "smtp-port": { type: "string" },
      "smtp-key": { type: "string" },
      "smtp-cert": { type: "string" },
      quiet: { type: "boolean", default: false },
      // Another build's launch.json: what the launcher's own tests start.
      launch: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { host, quiet, launch } = values;
  return { data: path.resolve(values.data), port: portOf("--port", values.port), host, quiet, launch, smtp: smtpOf(values) };
}

function portOf(option, text) {
  if (!/^\d+$/.test(text) || Number(text) > 65_535)
    throw new Error(`${option} ${text} is no port: give a number from 0 to 65535`);
  return Number(text);
}

function smtpOf({ "smtp-port": port, "smtp-key": key, "smtp-cert": cert }) {
  if ((key === undefined) !== (cert === undefined)) throw new Error("--smtp-key and --smtp-cert belong together");
  if (port === undefined && key !== undefined) throw new Error("--smtp-key is of use with --smtp-port only");
  return port === undefined ? null : { port: portOf("--smtp-port", port), tls: key === undefined ? null : { key, cert } };
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    throw new Error(
      `Node ${process.versions.node} is too old for the runtime; \`npm start\` brings its own (or node_modules/.bin/node)`,
    );
  }
  const { data, port, host, quiet, launch, smtp } = readCommandLine();
  const log = (level, line) => (quiet && level !== "error" ? undefined : console.error(line));
  const launchFile = launch ?? (await build({ log: (line) => log("info", line) }));
  const hub = await startHub({ launchFile, dataDir: data, host, port, env: process.env, log });
  const mail = smtp === null ? null : await startMail(hub, host, smtp, log);
  endOnSignals(
    async () => {
      await mail?.stop();
      await hub.stop();
    },
    { terminal: hasTerminal() },
  );
  if (hub.adminTokenMade) {
    console.log(`admin token ${hub.adminToken}`);
    console.log(`            (shown once; kept in ${path.join(data, "admin-token")})`);
  }
  const link = await hub.ownerLink().catch((error) => {
    log("warn", `no sign-in link could be made (${error.message}); sign in with the admin token`);
    return null;
  });
  if (link !== null) {
    console.log(`sign in    ${link}`);
    console.log(`            (works once, for a day; then add a passkey under "Your account")`);
  }
  if (mail !== null) console.log(`mail       ${host.includes(":") ? `[${host}]` : host}:${mail.port}`);
  console.log(`ready ${hub.url}`);
}

/** A hub that was asked to take mail and cannot does not start. */
async function startMail(hub, host, { port, tls }, log) {
  try {
    return await startMailServer({ origin: hub.origin, host, port, tls, log });
  } catch (error) {
    await hub.stop();
    throw new StartRefusal(`cannot take mail on ${host}:${port}: ${error.message}`, 1);
  }
}

try {
  await main();
} catch (error) {
  if (error instanceof StartRefusal) {
    console.error(error.message);
    process.exit(error.exitCode);
  }
  console.error(error instanceof Error ? error.message : error);
  process.exit(error.code?.startsWith?.("ERR_PARSE_ARGS") ? 2 : 1);
}
