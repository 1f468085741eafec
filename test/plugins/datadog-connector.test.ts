// The datadog connector against a server that keeps downtimes as Datadog does: by id, in pages, cancelled ones still in the list.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, type ConnectorPlugin, type OutgoingPost } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { fixedNow } from "./page.ts";
import { acts, alert, sender, told, writes, type Sender } from "./written-back.ts";

closeAfterEach();

interface Downtime {
  readonly id: string;
  readonly attributes: Record<string, unknown>;
}

async function datadog(downtimes: Downtime[] = []) {
  const server = await sender(({ method, path, query, headers, body }) => {
    if (headers["dd-api-key"] !== "api-0001" || headers["dd-application-key"] !== "app-0001")
      return { status: 403, body: { errors: ["Forbidden"] } };
    if (path === "/api/v2/downtime" && method === "POST") {
      const attributes = { ...(at(body, "data", "attributes") as Record<string, unknown>), status: "active" };
      downtimes.push({ id: `d${downtimes.length + 1}`, attributes });
      return { status: 200, body: { data: downtimes.at(-1) } };
    }
    if (path === "/api/v2/downtime") {
      const [offset, limit] = [Number(query.get("page[offset]")), Number(query.get("page[limit]"))];
      return { status: 200, body: { data: downtimes.slice(offset, offset + limit) } };
    }
    const one = downtimes.find(({ id }) => path === `/api/v2/downtime/${id}`);
    if (one === undefined) return { status: 404, body: { errors: ["Downtime not found"] } };
    one.attributes["status"] = "canceled";
    return { status: 204 };
  });
  return { server, downtimes };
}

describe("datadog", () => {
  const plugin = connectors["datadog"] as ConnectorPlugin;
  const db = alert("datadog", "k1", { monitor_id: "9090808", alert_scope: "host:db1,env:prod" });
  const whole = alert("datadog", "k2", { monitor_id: "77", alert_scope: "*" });
  const act = (server: Sender, event: OutgoingPost, attempt = 1) =>
    acts(plugin, {
      config: { baseUrl: server.address },
      secrets: { apiKey: "api-0001", applicationKey: "app-0001" },
      event,
      attempt,
    });

  it("puts monitor and group into a downtime whose first recovery is told, and cancels its own and no other", async () => {
    const { server, downtimes } = await datadog();
    expect((await act(server, told("acknowledged", [db, whole]))).status).toBe("accepted");
    expect(downtimes.map(({ attributes }) => attributes)).toMatchObject([
      {
        monitor_identifier: { monitor_id: 9_090_808 },
        scope: "host:db1 AND env:prod",
        schedule: { end: new Date(fixedNow + 4 * 3_600_000).toISOString() },
        mute_first_recovery_notification: false,
      },
      { monitor_identifier: { monitor_id: 77 }, scope: "*" },
    ]);
    downtimes.unshift(
      ...Array.from({ length: 60 }, (_, i) => ({ id: `p${i}`, attributes: { status: "active", message: "planned by ana" } })),
    );
    expect((await act(server, told("resolved", [db, whole], 9))).status).toBe("accepted");
    const cancelled = downtimes.filter(({ attributes }) => attributes["status"] === "canceled").map(({ id }) => id);
    expect(cancelled).toEqual(["d1", "d2"]);
    const before = writes(server).length;
    expect(await act(server, told("unacknowledged", [db], 11))).toMatchObject({ detail: "no downtime of ours is left" });
    expect(writes(server)).toHaveLength(before);
  });

  it("makes one over a lost answer, and notifies nobody whom an incident's title names", async () => {
    const { server, downtimes } = await datadog();
    const event = told("acknowledged", [db]);
    const named = { ...event, incident: { ...event.incident, title: "@all look at this" } };
    server.fault(({ method }) => method === "POST", "lost");
    expect((await act(server, named)).status).toBe("unknown");
    expect((await act(server, named, 2)).status).toBe("accepted");
    expect(downtimes).toHaveLength(1);
    expect(String(downtimes[0]?.attributes["message"])).not.toContain("@");
  });

  it("leaves alone what it cannot name exactly", async () => {
    const { server, downtimes } = await datadog();
    for (const scope of ["host:db1 OR env:*", "db1", "host:*", ""])
      expect(
        (await act(server, told("acknowledged", [alert("datadog", "k", { monitor_id: "1", alert_scope: scope })]))).status,
      ).toBe("failed");
    expect((await act(server, told("acknowledged", [alert("datadog", "k", { alert_scope: "*" })]))).status).toBe("failed");
    expect([downtimes, server.asked]).toEqual([[], []]);
  });

  it("a wrong key, a wrong address, its limits and a downtime that is gone already are told apart; a test writes nothing", async () => {
    const { server } = await datadog();
    const event = told("acknowledged", [db]);
    const wrong = await acts(plugin, {
      config: { baseUrl: server.address },
      secrets: { apiKey: "x", applicationKey: "y" },
      event,
    });
    expect(wrong).toMatchObject({ status: "failed", reason: "HTTP 403: Forbidden" });
    server.fault(() => true, { status: 200, body: "<html>a portal</html>" });
    expect(await act(server, event)).toMatchObject({ status: "failed", reason: expect.stringContaining("baseUrl") });
    server.fault(() => true, { status: 429, headers: { "x-ratelimit-reset": "9" }, body: { errors: ["Too many requests"] } });
    expect(await act(server, event)).toMatchObject({ status: "retry", afterMs: 9_000 });
    await act(server, event);
    server.fault(({ method }) => method === "DELETE", { status: 404, body: { errors: ["Downtime not found"] } });
    expect((await act(server, told("resolved", [db], 9))).status).toBe("accepted");
    const count = writes(server).length;
    const test = told("acknowledged", []);
    expect((await act(server, { ...test, incident: { ...test.incident, test: true } })).status).toBe("accepted");
    expect(writes(server)).toHaveLength(count);
  });
});
