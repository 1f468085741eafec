// What the API tells of plugins, and an alert sent by hand through an integration.

import { describe, expect, test } from "vitest";
import { api, tenant, until } from "./hub.ts";

describe("plugins over the API", () => {
  test("are listed once each, however many names they answer to", async () => {
    const t = await tenant("plugs-list");
    const { status, body } = await api("GET", `/api/v1/tenants/${t.id}/plugins?kind=source`);
    expect(status).toBe(200);
    const ids = (body["items"] as { id: string }[]).map((each) => each.id);
    expect(ids).toContain("prometheus");
    expect(ids).not.toContain("alertmanager");
    expect(new Set(ids).size).toBe(ids.length);
    const all = await api("GET", `/api/v1/tenants/${t.id}/plugins`);
    expect(new Set((all.body["items"] as { kind: string }[]).map((each) => each.kind))).toEqual(
      new Set(["source", "notifier", "connector"]),
    );
  });

  test("come with the schema of their settings and their set-up text; an alias leads there too", async () => {
    const t = await tenant("plugs-schema");
    const { body } = await api("GET", `/api/v1/tenants/${t.id}/plugins/source/alertmanager`);
    expect(body["id"]).toBe("prometheus");
    expect(body["config"].properties).toHaveProperty("severityLabel");
    expect(body["readme"]).toContain("# Prometheus Alertmanager");
    const smtp = await api("GET", `/api/v1/tenants/${t.id}/plugins/notifier/smtp`);
    expect(smtp.body["config"].required).toContain("host");
    expect(Object.keys(smtp.body["secrets"].properties)).toEqual(["user", "password"]);
    for (const nothing of ["source/constructor", "source/none", "constructor/name"])
      expect((await api("GET", `/api/v1/tenants/${t.id}/plugins/${nothing}`)).status).toBe(404);
  });
});

describe("a test alert", () => {
  test("goes through its source's own reading, as the sender would write it, and so does its end; it joins nothing real", async () => {
    const sources = ["prometheus", "grafana-legacy", "datadog", "zabbix", "salesforce", "generic", "splunk"];
    const t = await tenant("exampled");
    for (const source of sources) {
      const made = { id: source, source, service: "svc" };
      expect((await api("POST", `/api/v1/tenants/${t.id}/integrations`, made)).status, source).toBe(201);
      const send = (body: object) => api("POST", `/api/v1/tenants/${t.id}/integrations/${source}/test`, body);
      const fired = await send({ example: "trigger" });
      expect(fired.status, source).toBe(200);
      const { incident, action } = fired.body["results"][0];
      expect(action, source).toBe("test");
      const shown = (await api("GET", `/api/v1/tenants/${t.id}/incidents/${incident}`)).body;
      expect(shown, source).toMatchObject({ status: "suppressed", title: expect.stringMatching(/^\[Test\] ./), pending: [] });
      const ended = await send({ example: "resolve" });
      if (source === "splunk") {
        expect(ended).toMatchObject({ status: 422, body: { errors: [{ path: "example" }] } });
        continue;
      }
      expect(ended.body["results"][0], source).toMatchObject({ incident, action: "resolved" });
    }
    const paged = await api("POST", `/api/v1/tenants/${t.id}/integrations/datadog/test`, { example: "trigger", page: true });
    expect(paged.body["results"][0]).toMatchObject({ action: "triggered" });
  });

  test("opens a visible incident and pages nobody", async () => {
    const t = await tenant("plugs-quiet");
    const { status, body } = await api("POST", `/api/v1/tenants/${t.id}/integrations/in/test`, {});
    expect([status, body["results"][0].action]).toEqual([200, "test"]);
    const incident = await t.incident(body["results"][0].incident as string);
    expect(incident["test"]).toBe(true);
    expect(incident["pending"]).toEqual([]);
    expect(await t.inbox()).toEqual([]);
  });

  test("that is to page goes the way of a real one", async () => {
    const t = await tenant("plugs-loud");
    const alert = { title: "Is anybody there?", severity: "critical" };
    const { body } = await api("POST", `/api/v1/tenants/${t.id}/integrations/in/test`, { page: true, alert });
    expect(body["results"][0].action).toBe("triggered");
    const inbox = await until("a page", async () => {
      const pages = await t.inbox();
      return pages.length > 0 ? pages : null;
    });
    expect(inbox.map(({ user, title }) => [user, title])).toEqual([["ana", "Is anybody there?"]]);
  });

  test("of no integration is none", async () => {
    const t = await tenant("plugs-none");
    expect((await api("POST", `/api/v1/tenants/${t.id}/integrations/none/test`, {})).status).toBe(404);
  });
});
