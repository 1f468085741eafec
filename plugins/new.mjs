// Owns `npm run new -- source|notifier ID`: a folder that already passes the contract kit, made from a small real example
// that its author then edits. Adding a plugin touches its own folder and the generated registry, nothing else. With --own it is
// one for an upload: its folder lies where its author wants it, and the registry does not know it.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const example = { source: "acme-monitor", notifier: "acme-chat" };
const usage = `usage: npm run new -- source ID
       npm run new -- notifier ID
       npm run new -- source ID --own [--in FOLDER]   a plugin of your own, to upload; in ./own-plugins by default`;

function refuse(message) {
  console.error(message);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({ allowPositionals: true, options: { own: { type: "boolean", default: false }, in: { type: "string" } } });
  } catch (error) {
    return refuse(`${error.message}\n${usage}`);
  }
}

const { values, positionals } = options();
const [kind, id] = positionals;
if (!(kind in example) || id === undefined || positionals.length > 2) refuse(usage);
if ((values.own && kind !== "source") || (!values.own && values.in !== undefined)) refuse(usage);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 40)
  refuse(`"${id}" is no id: small letters, digits and single hyphens, beginning with a letter, at most 40`);
if (values.own) {
  makeOwn();
  process.exit(0);
}
const folder = join(here, `${kind}s`, id);
if (existsSync(folder)) refuse(`plugins/${kind}s/${id} is there already`);
for (const other of readdirSync(join(here, `${kind}s`))) {
  const manifest = join(here, `${kind}s`, other, "manifest.json");
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).aliases?.includes(id))
    refuse(`plugins/${kind}s/${other} answers to ${id} already`);
}

cpSync(join(here, "templates", kind), folder, { recursive: true });
for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!file.isFile()) continue;
  const path = join(file.parentPath, file.name);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(example[kind], id));
}
mkdirSync(join(folder, "golden"), { recursive: true });
const { plugin } = await import(pathToFileURL(join(folder, "index.ts")).href);
await (kind === "source" ? sourceGolden() : notifierGolden());
execFileSync(process.execPath, [join(here, "generate.mjs")], { stdio: "inherit" });

console.log(`plugins/${kind}s/${id} is made and in the registry. It is a real example; make it yours:

1. manifest.json   name, description, the vendor's page in "docs"
2. index.ts        ${kind === "source" ? "verify as the sender really proves itself; normalize what it really sends" : "config, secrets, checkTarget, send"}
3. fixtures/       ${kind === "source" ? "bodies after the vendor's documentation: firing, resolved, acknowledged, a batch, an awkward one; kit.json" : "kit.json: a configuration, secrets and a target to test with"}
4. golden/         TOCSIN_WRITE_GOLDEN=1 npx vitest run --project node test/plugins/${kind}s.test.ts   then read the difference
5. README.md       the vendor's set-up steps, and what was not tried
6. npm run fix     formats what was written
${kind === "source" ? `\nSee what a body becomes: npm run receive -- ${id} body.json\n` : ""}
The guide: plugins/README.md`);

/** One module, its fixtures, and what an editor needs to know the types of `tocsin/sdk`. */
function makeOwn() {
  const start = process.env.INIT_CWD ?? process.cwd();
  const folder = resolve(start, values.in ?? "own-plugins", id);
  if (existsSync(folder)) refuse(`${folder} is there already`);
  mkdirSync(folder, { recursive: true });
  const sdk = relative(folder, join(here, "../worker/sandbox/inside/sdk.ts")).replaceAll("\\", "/");
  for (const file of readdirSync(join(here, "templates/own"))) {
    const text = readFileSync(join(here, "templates/own", file), "utf8")
      .replaceAll(example.source, id)
      .replaceAll("./tocsin-sdk", sdk);
    writeFileSync(join(folder, file.replace(example.source, id)), text);
  }
  const from = relative(start, folder);
  const shown = from.startsWith("..") ? folder : `./${from.replaceAll("\\", "/")}`;
  console.log(`${shown} is made. It is a real example; make it yours:

${id}.ts          one module: what your sender sends, as alerts. It may import "tocsin/sdk" and nothing else
fixtures.json     its bodies, what they must become (golden), and which are one problem's beginning and end (pairs)

npm run kit -- ${shown}                          the checks that an upload must pass
npm run receive -- ${shown} body.json            what a body becomes
TOCSIN_KEY=… npm run kit -- ${shown} --upload https://hub.example.com/t/TENANT --activate

The guide: plugins/README.md, "A plugin of your own"`);
}

/** What each fixture becomes, by the same way a request goes. */
async function sourceGolden() {
  const { readAlerts } = await import("../worker/ingest/read.ts");
  for (const file of readdirSync(join(folder, "fixtures")).filter((name) => name.endsWith(".json") && name !== "kit.json")) {
    const { body, headers = {}, config = {} } = JSON.parse(readFileSync(join(folder, "fixtures", file), "utf8"));
    const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
    const result = readAlerts(plugin, { body: bytes, headers, config });
    writeGolden(file, result.ok ? result.alerts : { unreadable: result.reason });
  }
}

/** What is sent for the kit's page. */
async function notifierGolden() {
  const { page, fixedNow } = await import("../test/plugins/page.ts");
  const kit = JSON.parse(
    readFileSync(join(folder, "fixtures/kit.json"), "utf8").replaceAll("{server}", "https://provider.acme.test"),
  );
  const sent = [];
  const io = {
    http: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body: "{}" };
    },
    now: () => fixedNow,
  };
  const contact = { ...page.contact, to: kit.target };
  const input = {
    page: { ...page, contact },
    config: plugin.config.parse(kit.config),
    secrets: plugin.secrets.parse(kit.secrets),
  };
  await plugin.send({ ...input, target: kit.target, attempt: 1 }, io);
  writeGolden("page.json", sent);
}

function writeGolden(file, golden) {
  writeFileSync(join(folder, "golden", file), `${JSON.stringify(golden, null, 2)}\n`);
}
