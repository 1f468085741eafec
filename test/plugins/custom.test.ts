// The source without code: it says what built-in sources say of the same published bodies; it cannot be made to hang, to look outside
// the body, or to lose an alert; a wrong mapping is told at its field and place.

import { createHmac } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../plugins/registry.gen.ts";
import { bodyExpression, bodyTemplate, newBudget, TooCostlyError, type Alert } from "../../plugins/sdk/index.ts";
import { limits } from "../../worker/core/limits.ts";
import { parseBody } from "../../worker/ingest/body.ts";
import { readAlerts } from "../../worker/ingest/read.ts";
import { configIssues } from "../../worker/tenant/plugin-issues.ts";
import { bytesOf, lowerCase, readJson, sentAt } from "./source-kit.ts";

const corpus = join(import.meta.dirname, "../../../shared/payloads");
const there = existsSync(corpus);

function pluginOf(id: string) {
  const plugin = sources[id];
  if (plugin === undefined) throw new Error(`no source ${id}`);
  return plugin;
}

const custom = pluginOf("custom");

function read(body: unknown, config: object, headers: Record<string, string> = {}): readonly Alert[] {
  const result = readAlerts(custom, { body: bytesOf(body), headers: lowerCase(headers), config });
  if (!result.ok) throw new Error(result.reason);
  return result.alerts;
}

function unreadable(body: unknown, config: object, headers: Record<string, string> = {}): string {
  const result = readAlerts(custom, { body: bytesOf(body), headers: lowerCase(headers), config });
  if (result.ok) throw new Error("it was read");
  return result.reason;
}

/** As an admin would write them, by the vendors' own field names. */
const vendors: Readonly<Record<string, { readonly config: object; readonly leave?: readonly string[] }>> = {
  betterstack: {
    config: {
      ignore: 'body.event == "comment"',
      resolve: 'body.event.endsWith("resolved")',
      acknowledge: 'body.event.endsWith("acknowledged")',
      dedupKey: "body.data.id",
      title: "body.data.attributes.name",
    },
  },
  pingdom: {
    config: {
      resolve: 'body.current_state in ["UP", "SUCCESS"]',
      dedupKey: "body.check_id",
      title: "body.check_name",
      severity: "body.importance_level",
    },
  },
  site24x7: { config: { resolve: 'body.STATUS == "UP"', dedupKey: "text(body.MONITOR_ID)", title: "body.MONITORNAME" } },
  alertmanager: {
    config: {
      items: "body.alerts",
      resolve: 'item.status == "resolved" || body.status == "resolved"',
      dedupKey: "item.fingerprint",
      title: "{{ item.annotations.summary | default: item.labels.alertname }}",
      severity: "item.labels.severity",
      labels: { "*": "item.labels" },
      sourceAt: 'item.status == "resolved" ? item.endsAt : item.startsAt',
    },
    // Without fingerprints the built-in source reckons one from the labels.
    leave: ["dingtalk-demo.json", "iris-firing.json", "msteams-post.json"],
  },
  sensu: {
    config: {
      items: "has(body.event) ? body.event : body",
      resolve: "item.check.status == 0",
      dedupKey: "{{ item.entity.metadata.namespace }}/{{ item.entity.metadata.name }}/{{ item.check.metadata.name }}",
    },
    leave: ["go-event-wrapped.json"],
  },
  statuscake: { config: { resolve: 'body.Status == "Up"', dedupKey: "body.TestID", title: "body.Name" } },
  salesforce: {
    config: {
      format: "xml",
      items: "body.Envelope.Body.notifications.Notification",
      dedupKey: "{{ item.sObject.Id | slice: 0, 15 }}",
      title: 'item.sObject["@type"]',
    },
    leave: ["ack-response.xml", "aspnetcore-empty.xml"],
  },
};

describe.skipIf(!there && process.env["CI"] !== "true")("published bodies, mapped by hand", () => {
  for (const [vendor, { config, leave = [] }] of Object.entries(vendors)) {
    const files = there ? readdirSync(join(corpus, vendor)).filter((file) => file !== "meta.json" && !leave.includes(file)) : [];
    it(`are there for ${vendor}`, () => expect(files.length).toBeGreaterThan(0));
    it.each(files)(`${vendor}/%s: the same actions and keys as the built-in source`, (file) => {
      const meta = readJson(join(corpus, vendor, "meta.json")) as { file: string; headers: Record<string, string> }[];
      const headers = lowerCase(meta.find((each) => each.file === file)?.headers ?? {});
      const body = new Uint8Array(readFileSync(join(corpus, vendor, file)));
      const said = (id: string, its: object) => {
        const result = readAlerts(pluginOf(id), { body, headers, config: its });
        if (!result.ok) throw new Error(result.reason);
        return result.alerts.map(({ action, dedupKey }) => (action === "ignore" ? "ignore" : `${action} ${dedupKey}`));
      };
      expect(said("custom", config)).toEqual(said(vendor, {}));
    });
  }
});

describe("a mapping that is wrong", () => {
  it.each([
    [{ dedupKey: "item.id ==" }, "dedupKey", 1, 11],
    [{ title: "Disk is full" }, "title", 1, 6],
    [{ resolve: "{{ item.state }}" }, "resolve", undefined, undefined],
    [{ labels: { host: "item.host +\n  nothing.there" } }, "labels.host", 2, 3],
    [{ body: "one\n{{ item.x | nosuch }}" }, "body", 2, 1],
    [{ title: '{% include "secrets" %}' }, "title", 1, 1],
    [{ links: [{ href: "item.url" }, { href: 'item.url.matches("(")' }] }, "links.1.href", 1, 9],
    [{ severity: "cel.bind(x, item.a, x + x)" }, "severity", 1, 1],
    [{ items: "__each(body, 0)" }, "items", 1, 1],
    [{ dedupKey: `item${".a".repeat(300)}` }, "dedupKey", 1, 1],
  ] as const)("%j is told at its field and place", (config, path, line, column) => {
    const [issue, ...more] = configIssues(custom.config, config);
    expect(more).toEqual([]);
    expect(issue?.path.join(".")).toBe(path);
    expect(issue?.message.length).toBeGreaterThan(5);
    if (line !== undefined) expect(issue?.inside).toMatchObject({ line });
    if (column !== undefined && path !== "dedupKey") expect(issue?.inside?.column).toBeGreaterThanOrEqual(1);
  });

  it("words without quotes get a hint", () => {
    const [issue] = configIssues(custom.config, { title: "Disk is full" });
    expect(issue?.message).toContain("quotes");
  });
});

describe("an alert is not lost", () => {
  it("to expressions that break, and says which", () => {
    const [alert] = read(
      { id: "a", level: "high" },
      {
        dedupKey: "item.id",
        title: "item.level + item.nothing",
        severity: "item.level > 3",
        resolve: "item.level > 3",
        sourceAt: '"soon"',
      },
    );
    expect(alert).toMatchObject({ action: "trigger", dedupKey: "a", title: "a", severity: "unknown" });
    expect(alert?.notes?.map((note) => note.split(":")[0])).toEqual(["resolve", "title", "severity", "sourceAt"]);
  });

  it("nor ignored for want of a condition that broke", () => {
    const config = { dedupKey: "item.id", ignore: "item.n > 3", trigger: "item.n > 3", otherwise: "ignore" };
    expect(read({ id: "a", n: 1 }, config)[0]).toMatchObject({ action: "ignore" });
    expect(read({ id: "a", n: "x" }, config)[0]).toMatchObject({ action: "trigger" });
  });

  it("nor joined with another because a part of its key is missing", () => {
    expect(unreadable({ host: "a" }, { dedupKey: 'item.host + "/" + item.check' })).toContain("dedupKey");
    expect(unreadable({ host: "a" }, { dedupKey: "{{ item.host }}/{{ item.check }}" })).toContain("dedupKey");
    expect(read({ host: "a" }, { dedupKey: 'item.host + "/" + text(item.check)' })[0]?.dedupKey).toBe("a/");
  });

  it("among others that are identified: it pages by itself, and its end does nothing", () => {
    const config = { items: "body", dedupKey: "item.id", resolve: 'item.s == "ok"' };
    const [known, lost, ended] = read([{ id: "a" }, { name: "b" }, { s: "ok" }], config);
    expect(known).toMatchObject({ action: "trigger", dedupKey: "a" });
    expect(lost).toMatchObject({ action: "trigger", dedupKey: expect.stringMatching(/^unidentified-/) });
    expect(ended).toMatchObject({ action: "ignore" });
  });

  it("to a list that is not where the mapping says; an empty list is no alert", () => {
    expect(unreadable({ events: [] }, { items: "body.alerts", dedupKey: "item.id" })).toContain("items");
    expect(read({ alerts: [] }, { items: "body.alerts", dedupKey: "item.id" })).toEqual([]);
    expect(unreadable({ alerts: Array.from({ length: 501 }, () => ({})) }, { items: "body.alerts", dedupKey: '"x"' })).toContain(
      "500",
    );
  });
});

describe("a mapping cannot hang or grow", () => {
  const many = { list: Array.from({ length: 15_000 }, (_, i) => i), long: "x".repeat(60_000) };
  const began = (): number => performance.now();

  it.each([
    "body.list.all(a, body.list.all(b, body.list.exists(c, c == a + b)))",
    "body.list.map(a, body.list.map(b, body.list))",
    'body.list.map(a, body.long.matches("(x+x+)+y"))',
    "body.list.filter(a, body.list.filter(b, a in body.list).size() > 0)",
    `[body.long]${".map(a, a + a)".repeat(30)}`,
    `[body.list]${".map(a, [a, a])".repeat(12)}`,
  ])("expression %s", (text) => {
    const compiled = bodyExpression(text);
    if (!compiled.ok) throw new Error(compiled.message);
    const at = began();
    const run = (): unknown => compiled.run({ body: many, item: many, index: 0, headers: {} }, newBudget());
    expect(run).toThrow(/costs more|at most|allocat|Invalid/);
    expect(performance.now() - at).toBeLessThan(3_000);
  });

  it.each([
    "{% for a in body.list %}{% for b in body.list %}{% endfor %}{% endfor %}",
    "{% for a in body.list %}{{ body }}{% endfor %}",
    "{% for i in (1..100000000) %}x{% endfor %}",
    '{% assign a = "xxxx" %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
    "{% capture a %}xxxx{% endcapture %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
    "{% for a in body.list %}{{ body.long | upcase | downcase }}{% endfor %}",
  ])("template %s", (text) => {
    const compiled = bodyTemplate(text);
    if (!compiled.ok) throw new Error(compiled.message);
    const at = began();
    expect(() => compiled.run({ body: many, item: many, index: 0, headers: {} }, newBudget())).toThrow(TooCostlyError);
    expect(performance.now() - at).toBeLessThan(3_000);
  });

  it("a body that costs too much is unreadable as a whole, and a large one of ordinary use is read", () => {
    const items = Array.from({ length: 500 }, (_, i) => ({
      id: i,
      host: `h${i}`,
      tags: ["a:b", "c:d"],
      state: "down",
      value: "9 bar",
    }));
    const config = {
      items: "body.items",
      dedupKey: 'text(item.id) + "/" + item.host',
      resolve: 'item.state in ["ok", "up"]',
      title: "{{ item.host | upcase }}: {{ item.value }}{% for tag in item.tags %} {{ tag }}{% endfor %}",
      severity: "item.grade",
      labels: { host: "item.host", "*": "item.tags" },
    };
    const at = began();
    expect(read({ items }, config)).toHaveLength(500);
    expect(performance.now() - at).toBeLessThan(1_500);
    expect(unreadable(many, { dedupKey: '"x"', title: 'body.list.all(a, body.list.all(b, b > -1)) ? "x" : "y"' })).toContain(
      "costs more",
    );
    expect(limits.mapping.stepsMax).toBeGreaterThan(100_000);
  });
});

it("nothing outside the body can be reached", () => {
  for (const text of ["item.constructor", "item.__proto__", "item.toString", 'item["constructor"]', "body.list.length"])
    expect(read({ id: "a", list: [1] }, { dedupKey: "item.id", labels: { x: text } })[0]?.labels).toEqual({});
  for (const text of ["{{ item.constructor }}", "{{ item.__proto__ }}", "{{ item.toString }}", "{{ globalThis }}{{ process }}"])
    expect(read({ id: "a" }, { dedupKey: "item.id", body: text })[0]?.body).toBe("");
  for (const tag of ["include 'x'", "render 'x'", "layout 'x'", "block x", "tablerow a in b", "increment a"])
    expect(bodyTemplate(`{% ${tag} %}`).ok).toBe(false);
  const now = read({ id: "a" }, { dedupKey: "item.id", title: '{{ "now" | date: "%Y" }}' })[0];
  expect(now).toMatchObject({ title: "a", notes: [expect.stringContaining("title")] });
});

describe("how a body is written", () => {
  const xml = (text: string) => parseBody(bytesOf(text), "xml");

  it("XML: names without prefixes, attributes, lists, texts; no document type, no foreign entity, no depth without end", () => {
    expect(
      xml('<?xml version="1.0"?><a:r xmlns:a="u"><b x="1">t &amp; &lt;u&gt;</b><b/><c><![CDATA[<raw>]]></c></a:r>'),
    ).toMatchObject({
      ok: true,
      payload: { r: { b: [{ "@x": "1", "#text": "t & <u>" }, ""], c: "<raw>" } },
    });
    const bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>';
    for (const bad of [bomb, "<r>", "<r></s>", "no xml", "", `${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`])
      expect(xml(bad).ok).toBe(false);
    expect(JSON.stringify(xml("<r><__proto__><polluted>1</polluted></__proto__></r>"))).toBeDefined();
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("any: by what the content type says, else by its beginning", () => {
    const as = (text: string, type = "") => {
      const parsed = parseBody(bytesOf(text), "any", type);
      return parsed.ok ? parsed.payload : parsed.reason;
    };
    expect(as('{"a":1}', "text/plain")).toEqual({ a: 1 });
    expect(as("a=1&b=2", "application/x-www-form-urlencoded")).toEqual({ a: "1", b: "2" });
    expect(as("<r><a>1</a></r>")).toEqual({ r: { a: "1" } });
    expect(as("PROBLEM on db1")).toBe("PROBLEM on db1");
    expect(as("{ broken")).toContain("not JSON");
    const multipart =
      '--b\r\nContent-Disposition: form-data; name="data"\r\nContent-Type: text/plain\r\n\r\nline 1\r\nline 2\r\n--b--\r\n';
    expect(as(multipart, 'multipart/form-data; boundary="b"')).toEqual({ data: "line 1\r\nline 2" });
    expect(as("nothing of a form", "multipart/form-data; boundary=b")).toContain("multipart");
  });

  it("as the configuration says: another is unreadable", () => {
    expect(unreadable("plain words", { format: "json", dedupKey: '"x"' })).toContain("not JSON");
    expect(unreadable("plain words", { format: "xml", dedupKey: '"x"' })).toContain("not XML");
    expect(read('{"a":1}', { format: "text", dedupKey: "body" })[0]?.dedupKey).toBe('{"a":1}');
  });
});

describe("the proof of the sender", () => {
  const verdict = async (config: object, request: object, secret: string | null = "the-secret"): Promise<boolean> => {
    const all = { method: "POST", path: "/", query: {}, headers: {}, body: bytesOf("{}"), ...request };
    const keys = { get: () => Promise.reject(new Error("none")) };
    return (await custom.verify(all, { secret, config: custom.config.parse(config), now: sentAt, keys })).ok;
  };

  it("a secret in a header or a parameter of its own, or in any usual way", async () => {
    const header = { proof: { by: "secret", header: "X-Plant-Token" } };
    expect(await verdict(header, { headers: { "x-plant-token": "the-secret" } })).toBe(true);
    expect(await verdict(header, { headers: { "x-plant-token": "the-secre" } })).toBe(false);
    expect(await verdict(header, { headers: { authorization: "Bearer the-secret" } })).toBe(true);
    const query = { proof: { by: "secret", query: "token" } };
    expect(await verdict(query, { query: { token: "the-secret" } })).toBe(true);
    expect(await verdict(query, { query: { token: "" } })).toBe(false);
    expect(await verdict(query, { query: { token: "the-secret" } }, null)).toBe(false);
    expect(await verdict({}, {}, null)).toBe(true);
    expect(await verdict({}, {})).toBe(false);
  });

  it.each(["sha1", "sha256", "sha512"] as const)(
    "a signature by %s, hex or base64, right, wrong and of another body",
    async (algorithm) => {
      for (const encoding of ["hex", "base64"] as const) {
        const config = { proof: { by: "signature", header: "X-Sig", algorithm, encoding, prefix: "v1=" } };
        const made = createHmac(algorithm, "the-secret").update("{}").digest(encoding);
        expect(await verdict(config, { headers: { "x-sig": `v1=${made}` } })).toBe(true);
        expect(await verdict(config, { headers: { "x-sig": `v1=${made}` }, body: bytesOf("[]") })).toBe(false);
        expect(await verdict(config, { headers: { "x-sig": made } })).toBe(false);
        expect(await verdict(config, {})).toBe(false);
        const other = createHmac(algorithm, "another").update("{}").digest(encoding);
        expect(await verdict(config, { headers: { "x-sig": `v1=${other}` } })).toBe(false);
      }
    },
  );
});
