// Every door of another product, whichever plugin has it: mangled requests get that product's refusal and never an error of ours,
// nothing that fires is answered as taken without an alert, and a request that real senders made is read as what it is.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sources } from "../../plugins/registry.gen.ts";
import {
  UnreadableError,
  type Asked,
  type DropIn,
  type DropInRequest,
  type DropInRoute,
  type SourcePlugin,
} from "../../plugins/sdk/index.ts";
import { parseBody } from "../../worker/ingest/body.ts";
import { clampAlert } from "../../worker/ingest/clamp.ts";
import { allSources, bytesOf, chance, mutated } from "./source-kit.ts";

type Product = SourcePlugin & { readonly dropIn: DropIn };
const products = allSources().flatMap(({ id, plugin, fixtures }) =>
  plugin.dropIn === undefined ? [] : [{ id, plugin: plugin as Product, fixtures }],
);
const doors = products.flatMap(({ id, plugin, fixtures }) =>
  plugin.dropIn.routes.map((route) => ({ id, plugin, fixtures, route, name: `${route.method} ${route.path}` })),
);

const key = "0123456789abcdef0123456789abcdef";
const now = Date.UTC(2026, 10, 24, 3, 0, 0);

function requestOf(route: DropInRoute, body: Uint8Array, more: Partial<DropInRequest> = {}): DropInRequest {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
  return {
    method: route.method,
    path: route.path,
    query: { token: key, identifierType: "alias", tags: "a,b", keys: "c" },
    headers: { authorization: `GenieKey ${key}` },
    body,
    route,
    params: Object.fromEntries(names.map((name) => [name, name === "part" ? "close" : name === "key" ? key : "x"])),
    origin: "https://tocsin.example.com",
    read: body.length === 0 ? { ok: true, payload: null } : parseBody(body, route.body),
    unique: "f".repeat(32),
    now,
    ...more,
  };
}

/** What the hub would do: a plugin that throws is refused as unreadable. */
function readBy(plugin: Product, request: DropInRequest): Asked {
  try {
    return plugin.dropIn.read(request, plugin.config.parse({}));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { kind: "unreadable", reason: error.message, answer: plugin.dropIn.refuse("unreadable", request, error.message) };
  }
}

function statusOf(asked: Asked): number {
  switch (asked.kind) {
    case "answer":
    case "unreadable":
      return asked.answer.status;
    case "alerts":
      return asked.answer(
        asked.alerts.map(() => ({ incident: "inc_x", action: "triggered", reason: "" })),
        0.1,
      ).status;
    case "orders":
      return asked.answer({ alert: null, refused: null }, 0.1).status;
    case "record":
    case "look":
      return asked.answer(null, 0.1).status;
    case "list":
      return asked.answer({ alerts: [], count: 0 }, 0.1).status;
  }
}

function soundly(asked: Asked, where: string): void {
  const status = statusOf(asked);
  expect(status, where).toBeGreaterThanOrEqual(200);
  expect(status, where).toBeLessThan(500);
  if (asked.kind === "unreadable") expect(status, `${where}: refused, not taken`).toBeGreaterThanOrEqual(400);
  if (asked.kind === "unreadable") expect(asked.reason.length, where).toBeGreaterThan(5);
  if (asked.kind === "alerts") for (const alert of asked.alerts) expect(clampAlert(alert), where).not.toBeNull();
}

describe("every door of another product", () => {
  it("is one that somebody thought of", () => expect(doors.length).toBeGreaterThan(15));

  it.each(doors)(
    "$id, $name: mangled bodies and keys are refused in its words or taken whole",
    ({ id, plugin, fixtures, route }) => {
      const random = chance(`${id} ${route.method} ${route.path}`);
      for (const { name, fixture } of fixtures) {
        const parsed = parseBody(bytesOf(fixture.body), route.body);
        for (let run = 0; run < 25; run++) {
          const payload = parsed.ok ? mutated(parsed.payload, random) : null;
          const text = JSON.stringify(payload) ?? "null";
          const body = new TextEncoder().encode(random() < 0.3 ? text.slice(0, Math.floor(random() * text.length)) : text);
          const request = requestOf(route, body);
          const where = `${id} ${route.path} ${name} run ${run}`;
          expect(() => plugin.dropIn.key(request), where).not.toThrow();
          soundly(readBy(plugin, request), where);
          for (const why of ["unauthorized", "throttled", "later", "unreadable"] as const) {
            const { status } = plugin.dropIn.refuse(why, request, "reason");
            expect(why === "later" ? status === 503 : status >= 400 && status < 500, `${where} ${why} ${status}`).toBe(true);
          }
        }
      }
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    },
  );

  it.each(doors.filter(({ route }) => route.method === "POST" && !/:(id|request)/.test(route.path)))(
    "$id, $name: what is taken is an alert of that body, never a bare answer",
    ({ plugin, fixtures, route }) => {
      for (const { fixture } of fixtures) {
        const asked = readBy(plugin, requestOf(route, bytesOf(fixture.body)));
        expect(["alerts", "unreadable"]).toContain(asked.kind);
      }
    },
  );
});

const captures = join(import.meta.dirname, "../../../shared/payloads/_captures");

/** What Debian's Alertmanager sent to each product, and what it asks for here. */
const sent: readonly (readonly [file: string, product: string, route: string, verdict: string])[] = [
  ["alertmanager-01.http", "victorops", "/integrations/generic/20131114/alert/:key/:routing", "trigger 17c4e445 critical"],
  ["alertmanager-08.http", "victorops", "/integrations/generic/20131114/alert/:key/:routing", "resolve 17c4e445 unknown"],
  ["alertmanager-02.http", "pagerduty-events-v2", "/v2/enqueue", "trigger 17c4e445 error"],
  ["alertmanager-09.http", "pagerduty-events-v2", "/v2/enqueue", "resolve 17c4e445 error"],
  ["alertmanager-04.http", "opsgenie-create", "/v2/alerts", "trigger 17c4e445 warning"],
  ["alertmanager-06.http", "opsgenie-create", "/v2/alerts/:id/:part", "amend title"],
  ["alertmanager-07.http", "opsgenie-create", "/v2/alerts/:id/:part", "amend body"],
  ["alertmanager-11.http", "opsgenie-create", "/v2/alerts/:id/:part", "resolve"],
];

describe.skipIf(!existsSync(captures) && process.env["CI"] !== "true")("what a real Alertmanager sent", () => {
  it.each(sent)("%s to %s at %s is read as: %s", (file, product, path, verdict) => {
    const [head = "", text = ""] = readFileSync(join(captures, file), "utf8").split(/\r?\n\r?\n/);
    const [method = "", target = ""] = (head.split("\n")[0] ?? "").split(" ");
    const url = new URL(`http://x${target.replace(/^\/\w+(?=\/(v2|integrations))/, "")}`);
    const plugin = sources[product] as Product;
    const route = plugin.dropIn.routes.find((each) => each.path === path && each.method === method);
    if (route === undefined) throw new Error(`no door ${method} ${path}`);
    const values = new RegExp(`^${path.replaceAll(/:\w+/g, "([^/]+)")}$`).exec(url.pathname) ?? [];
    const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? "");
    const asked = readBy(
      plugin,
      requestOf(route, new TextEncoder().encode(text.trim().replaceAll('"R0UT1NGKEY"', `"${key}"`)), {
        params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(values[i + 1] ?? "")])),
        query: Object.fromEntries(url.searchParams),
      }),
    );
    if (asked.kind === "alerts")
      return expect(asked.alerts.map((alert) => `${alert.action} ${alert.dedupKey.slice(0, 8)} ${alert.severity}`)).toEqual([
        verdict,
      ]);
    if (asked.kind !== "orders") throw new Error(`${asked.kind}: ${JSON.stringify(asked)}`);
    expect(asked.of).toMatchObject({ by: "key", dedupKey: expect.stringMatching(/^17c4e445/) });
    const [order] = asked.orders;
    expect(order?.kind === "amend" ? `amend ${order.title === undefined ? "body" : "title"}` : order?.kind).toBe(verdict);
  });
});
