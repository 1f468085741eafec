// The pagerduty and opsgenie connectors against servers that keep an incident or an alert as theirs do: PagerDuty takes no status on
// what is resolved and none back from acknowledged; Opsgenie answers before it has done anything.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, type ConnectorPlugin, type OutgoingPost } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Sender } from "./written-back.ts";

closeAfterEach();

describe("pagerduty", () => {
  const plugin = connectors["pagerduty"] as ConnectorPlugin;
  const one = alert("pagerduty-webhook-v3", "PGR0VU2");

  async function pagerduty(incident: { status: string; readonly notes: string[] }) {
    return sender(({ method, path, headers, body }) => {
      if (headers["authorization"] !== "Token token=pd-token-0001")
        return { status: 401, body: { error: { message: "Unauthorized", code: 2006 } } };
      if (headers["from"] !== "tocsin@acme.test")
        return {
          status: 400,
          body: { error: { message: "Invalid Input Provided", code: 2001, errors: ["Requester User Not Found"] } },
        };
      if (path === "/incidents") return { status: 200, body: { incidents: [] } };
      if (!path.startsWith("/incidents/PGR0VU2")) return { status: 404, body: { error: { message: "Not Found", code: 2100 } } };
      if (path.endsWith("/notes")) {
        if (method === "GET") return { status: 200, body: { notes: incident.notes.map((content) => ({ content })) } };
        incident.notes.push(String(at(body, "note", "content")));
        return { status: 201, body: { note: { id: "PN1" } } };
      }
      if (method === "PUT") {
        if (incident.status === "resolved")
          return {
            status: 400,
            body: { error: { message: "Invalid Input Provided", code: 2001, errors: ["Incident Already Resolved"] } },
          };
        incident.status = String(at(body, "incident", "status"));
      }
      return { status: 200, body: { incident: { id: "PGR0VU2", status: incident.status } } };
    });
  }

  const act = (server: Sender, event: OutgoingPost, more: { readonly attempt?: number; readonly config?: object } = {}) =>
    acts(plugin, {
      config: { baseUrl: server.address, from: "tocsin@acme.test", ...more.config },
      secrets: { apiToken: "pd-token-0001" },
      event,
      attempt: more.attempt ?? 1,
    });

  it("acknowledges and resolves; giving back is a note, as its API takes no acknowledgment back", async () => {
    const incident = { status: "triggered", notes: [] as string[] };
    const server = await pagerduty(incident);
    expect((await act(server, told("acknowledged", [one]))).status).toBe("accepted");
    expect(incident.status).toBe("acknowledged");
    expect((await act(server, told("unacknowledged", [one], 8))).status).toBe("accepted");
    expect(incident).toEqual({ status: "acknowledged", notes: [`No longer acknowledged: ana gave it back ${markOfEvent(8)}`] });
    expect((await act(server, told("resolved", [one], 9))).status).toBe("accepted");
    expect(incident.status).toBe("resolved");
    expect(lines(server)).toEqual(["PUT /incidents/PGR0VU2", "POST /incidents/PGR0VU2/notes", "PUT /incidents/PGR0VU2"]);
  });

  it("what is resolved there already is no failure, another refusal is", async () => {
    const server = await pagerduty({ status: "resolved", notes: [] });
    expect(await act(server, told("resolved", [one]))).toMatchObject({
      status: "accepted",
      detail: "is resolved in PagerDuty already",
    });
    expect(await act(server, told("acknowledged", [one]), { config: { from: "nobody@acme.test" } })).toMatchObject({
      status: "failed",
      reason: "HTTP 400: Invalid Input Provided: Requester User Not Found",
    });
    expect(await act(server, told("acknowledged", [alert("pagerduty-webhook-v3", "PGONE")]))).toMatchObject({
      status: "failed",
      reason: "HTTP 404: Not Found",
    });
  });

  it("writes one note over a lost answer, none where it is told not to, and nothing in a test", async () => {
    const incident = { status: "acknowledged", notes: [] as string[] };
    const server = await pagerduty(incident);
    server.fault(({ method }) => method === "POST", "lost");
    expect((await act(server, told("unacknowledged", [one]))).status).toBe("unknown");
    expect((await act(server, told("unacknowledged", [one]), { attempt: 2 })).status).toBe("accepted");
    expect(incident.notes).toHaveLength(1);
    const before = server.asked.length;
    expect((await act(server, told("unacknowledged", [one], 9), { config: { onUnacknowledge: "nothing" } })).status).toBe(
      "accepted",
    );
    expect(server.asked).toHaveLength(before);
    const test = told("acknowledged", []);
    expect((await act(server, { ...test, incident: { ...test.incident, test: true } })).status).toBe("accepted");
    expect(lines(server).at(-1)).toBe("GET /incidents");
  });
});

describe("opsgenie", () => {
  const plugin = connectors["opsgenie"] as ConnectorPlugin;
  const one = alert("opsgenie-webhook", "052652ac-1790305919000");

  async function opsgenie(known = "052652ac-1790305919000") {
    const notes: string[] = [];
    const server = await sender(({ method, path, headers, body }) => {
      if (headers["authorization"] !== "GenieKey og-key-0001")
        return { status: 422, body: { message: "Key format is not valid!", took: 0, requestId: "r0" } };
      if (path === "/v2/alerts") return { status: 200, body: { data: [] } };
      if (!path.startsWith(`/v2/alerts/${known}/`))
        return { status: 404, body: { message: "No alert exists with id", took: 0, requestId: "r1" } };
      if (method === "GET") return { status: 200, body: { data: notes.map((note) => ({ note })) } };
      notes.push(String(at(body, "note")));
      return { status: 202, body: { result: "Request will be processed", took: 0.1, requestId: `r-${notes.length}` } };
    });
    return { server, notes };
  }

  const act = (server: Sender, event: OutgoingPost, attempt = 1) =>
    acts(plugin, { config: { baseUrl: server.address }, secrets: { apiKey: "og-key-0001" }, event, attempt });

  it("acknowledges, gives back, closes and notes by the alert's id, and keeps the request's id", async () => {
    const { server, notes } = await opsgenie();
    expect(await act(server, told("acknowledged", [one]))).toMatchObject({ status: "accepted", ref: "r-1" });
    await act(server, told("unacknowledged", [one], 8));
    await act(server, told("resolved", [one], 9));
    await act(server, told("note", [one], 10));
    expect(lines(server)).toEqual(
      ["acknowledge", "unacknowledge", "close", "notes"].map((each) => `POST /v2/alerts/052652ac-1790305919000/${each}`),
    );
    expect(server.asked.every(({ query }) => query.get("identifierType") === "id")).toBe(true);
    expect(notes[0]).toBe(`Acknowledged: ana has it ${markOfEvent()}`);
  });

  it("writes one note over a lost answer; a wrong key, an alert that is gone and its own limits are told apart", async () => {
    const { server, notes } = await opsgenie();
    server.fault(({ method }) => method === "POST", "lost");
    expect((await act(server, told("note", [one]))).status).toBe("unknown");
    expect((await act(server, told("note", [one]), 2)).status).toBe("accepted");
    expect(notes).toHaveLength(1);
    const event = told("acknowledged", [one]);
    const wrong = await acts(plugin, { config: { baseUrl: server.address }, secrets: { apiKey: "wrong-key" }, event });
    expect(wrong).toMatchObject({ status: "failed", reason: "HTTP 422: Key format is not valid!" });
    expect(await act(server, told("resolved", [alert("opsgenie-webhook", "gone")]))).toMatchObject({ status: "failed" });
    server.fault(() => true, {
      status: 429,
      headers: { "x-ratelimit-period-in-sec": "60" },
      body: { message: "You are making too many requests!" },
    });
    expect(await act(server, event)).toMatchObject({ status: "retry", afterMs: 60_000 });
    server.fault(() => true, { status: 200, body: "<html>a portal</html>" });
    expect(await act(server, event)).toMatchObject({ status: "failed", reason: expect.stringContaining("baseUrl") });
    const count = writes(server).length;
    const test = told("acknowledged", []);
    expect((await act(server, { ...test, incident: { ...test.incident, test: true } })).status).toBe("accepted");
    expect(writes(server)).toHaveLength(count);
  });
});
