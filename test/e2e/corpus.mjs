// Every body that senders published, with the headers it came with, through the public endpoint of a launched hub: what the endpoint
// answers for each alert is what test/plugins/corpus-verdicts.ts says of the body. Prints source × body × verdict. The bodies lie beside
// the project and not in it; test/run.mjs says so where they are not there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { sources } from "../../plugins/registry.gen.ts";
import { verdicts } from "../plugins/corpus-verdicts.ts";
import { launchHub, suite } from "./hub.mjs";

const payloads = path.join(import.meta.dirname, "../../../shared/payloads");
/** SNS's own signature over a body that has been made anonymous since: it is refused. (Signed anew in test/plugins/aws-sns.test.ts.) */
const refused = (folder, body) => folder === "aws-sns" && /^\s*\{\s*"Type"/.test(body.toString()) && body.includes('"Signature"');
const corpus = suite("published bodies through the public endpoint");

/** What the endpoint may answer where the verdict begins so. What came before decides which of them. */
const answers = {
  trigger: ["triggered", "updated", "joined"],
  test: ["test", "triggered", "updated", "joined"],
  resolve: ["resolved", "updated", "orphan"],
  acknowledge: ["acknowledged", "updated", "orphan"],
  responded: ["updated", "orphan", "ignored"],
  ignore: ["ignored"],
  unreadable: ["unreadable"],
};
/** Headers of the connection, not of the message. */
const hop = /^(host|content-length|connection|transfer-encoding|accept-encoding|content-encoding|keep-alive)$/i;
const wordOf = (line) => (line.startsWith("trigger test ") ? "test" : line.split(" ")[0]);

assert.ok(existsSync(payloads), `the published bodies are not at ${payloads}`);
const folders = Object.keys(verdicts).filter(
  (folder) => sources[folder] !== undefined && existsSync(path.join(payloads, folder)),
);
const hub = await launchHub();
const applied = await hub.apply(
  "corpus",
  `
tenant: corpus
users: [ { id: ana, contacts: [ { id: phone, via: inbox } ] } ]
policies: [ { id: p, steps: [ { notify: [ { user: ana } ], escalateAfter: 1h } ] } ]
services: [ { id: svc, policy: p } ]
integrations:
${folders.map((folder) => `  - { id: ${folder}, source: ${folder}, service: svc }`).join("\n")}
`,
);
const keys = new Map(applied.issued.map((each) => [each.integration ?? each.id ?? each.of, each.key]));

for (const folder of folders) {
  await corpus.check(folder, async () => {
    const key = keys.get(folder);
    assert.ok(key, `no key was issued for ${folder}: ${JSON.stringify(applied.issued[0])}`);
    const meta = JSON.parse(readFileSync(path.join(payloads, folder, "meta.json"), "utf8"));
    for (const [file, lines] of Object.entries(verdicts[folder])) {
      const about = meta.find((each) => each.file === file);
      const real = Object.entries(about?.headers ?? {}).filter(
        ([name, value]) => value !== "" && !/[<|(]/.test(value) && !hop.test(name),
      );
      const headers = Object.fromEntries(real.map(([name, value]) => [name.toLowerCase(), value]));
      headers["content-type"] ??= typeOf(about?.content_type, file);
      const body = readFileSync(path.join(payloads, folder, file));
      const answer = await fetch(`${hub.url}/v1/ingest/${key}`, { method: "POST", headers, body });
      const text = await answer.text();
      const said = `${folder.padEnd(24)} ${file.padEnd(48)}`;
      if (refused(folder, body)) {
        assert.equal(answer.status, 401, `${said} ${text}`);
        console.log(`    ${said} 401`);
        continue;
      }
      assert.ok(answer.status >= 200 && answer.status < 300, `${said} ${answer.status} ${text}`);
      const results = jsonOf(text)?.results;
      // Where the sender must hear something else than the results.
      if (results === undefined) {
        console.log(`    ${said} ${answer.status}, in the sender's own form`);
        continue;
      }
      const got = results.map((each) => each.action);
      console.log(`    ${said} ${answer.status} ${got.join(", ")}`);
      assert.equal(got.length, lines.length, `${said} ${got} for ${lines.join(" / ")}`);
      got.forEach((action, i) => assert.ok(answers[wordOf(lines[i])]?.includes(action), `${said} ${action} for "${lines[i]}"`));
    }
  });
}
corpus.end();
await hub.stop();

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function typeOf(said, file) {
  if (said) return said;
  return file.endsWith(".xml") ? "text/xml" : file.endsWith(".json") ? "application/json" : "text/plain";
}
