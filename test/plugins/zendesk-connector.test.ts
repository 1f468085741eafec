// The zendesk connector against a server that keeps tickets as Zendesk does: one update carries comment and status, a stale stamp is
// refused, closed tickets are read-only.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, firstOf, type ConnectorPlugin } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Sender } from "./written-back.ts";

closeAfterEach();

const plugin = connectors["zendesk"] as ConnectorPlugin;

interface Ticket {
  status: string;
  updated_at: string;
  readonly comments: unknown[];
}

async function zendesk(ticket: Ticket, { wantsAssignee = false, bearer = false } = {}) {
  const proof = bearer ? "Bearer oauth-0001" : `Basic ${Buffer.from("tocsin@acme.test/token:api-token-0001").toString("base64")}`;
  let clock = Date.parse(ticket.updated_at);
  return sender(({ method, path, headers, body }) => {
    if (headers["authorization"] !== proof) return { status: 401, body: { error: "Couldn't authenticate you" } };
    if (!/^\/api\/v2\/tickets\/5158(\/comments)?\.json$/.test(path))
      return { status: 404, body: { error: "RecordNotFound", description: "Not found" } };
    if (path.endsWith("/comments.json")) return { status: 200, body: { comments: ticket.comments.toReversed().slice(0, 20) } };
    if (method === "PUT") {
      const sent = at(body, "ticket");
      const invalid = (field: string, description: string) => ({
        status: 422,
        body: { error: "RecordInvalid", description: "Record validation errors", details: { [field]: [{ description }] } },
      });
      if (ticket.status === "closed") return invalid("status", "Status: closed prevents ticket update");
      if (at(sent, "safe_update") === true && at(sent, "updated_stamp") !== ticket.updated_at)
        return { status: 409, body: { error: "UpdateConflict", description: "Safe Update prevented the update" } };
      if (wantsAssignee && at(sent, "status") === "solved") return invalid("base", "Assignee: is required when solving a ticket");
      ticket.comments.push(at(sent, "comment"));
      ticket.status = firstOf(at(sent, "status")) ?? ticket.status;
      clock += 1_000;
      ticket.updated_at = new Date(clock).toISOString();
    }
    return { status: 200, body: { ticket: { id: 5_158, status: ticket.status, updated_at: ticket.updated_at } } };
  });
}

const fresh = (status = "new"): Ticket => ({ status, updated_at: "2026-11-23T03:11:59.000Z", comments: [] });
const ticketAlert = alert("zendesk", "5158", { ticket: "5158" });
const setUp = (of: Sender, more: object = {}) => ({
  config: { baseUrl: of.address, ...more },
  secrets: { email: "tocsin@acme.test", apiToken: "api-token-0001" },
});

describe("zendesk", () => {
  it("writes internal notes and leaves the status alone unless one is named", async () => {
    const ticket = fresh();
    const server = await zendesk(ticket);
    for (const [seq, what] of (["acknowledged", "unacknowledged", "note", "resolved"] as const).entries())
      expect((await acts(plugin, { ...setUp(server), event: told(what, [ticketAlert], seq) })).status).toBe("accepted");
    expect(ticket.status).toBe("new");
    expect(ticket.comments[0]).toEqual({ body: `Acknowledged: ana has it ${markOfEvent(0)}`, public: false });
    expect(ticket.comments).toHaveLength(4);
    expect(lines(server).slice(0, 2)).toEqual(["GET /api/v2/tickets/5158.json", "PUT /api/v2/tickets/5158.json"]);
  });

  it("sets the statuses that are named in the same update; a solved ticket is left solved, and only such a one is re-opened", async () => {
    const ticket = fresh();
    const server = await zendesk(ticket);
    const statuses = { acknowledged: "open", resolved: "solved", reopened: "open" };
    const config = setUp(server, { statuses });
    await acts(plugin, { ...config, event: told("reopened", [ticketAlert], 0) });
    expect(ticket.status).toBe("new");
    await acts(plugin, { ...config, event: told("acknowledged", [ticketAlert], 1) });
    expect(ticket.status).toBe("open");
    await acts(plugin, { ...config, event: told("resolved", [ticketAlert], 2) });
    expect(ticket.status).toBe("solved");
    await acts(plugin, { ...config, event: told("acknowledged", [ticketAlert], 3) });
    expect(ticket.status).toBe("solved");
    await acts(plugin, { ...config, event: told("reopened", [{ ...ticketAlert, firing: false }], 4) });
    expect(ticket.status).toBe("open");
    expect(writes(server)).toHaveLength(5);
  });

  it("a ticket that somebody changes between the look and the write is tried again, not overwritten", async () => {
    const ticket = fresh();
    const server = await zendesk(ticket);
    const event = told("acknowledged", [ticketAlert]);
    server.fault(({ method }) => method === "GET", {
      status: 200,
      body: { ticket: { status: "new", updated_at: "2026-11-23T03:00:00Z" } },
    });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry" });
    expect(ticket.comments).toHaveLength(0);
    expect((await acts(plugin, { ...setUp(server), event, attempt: 2 })).status).toBe("accepted");
    expect(ticket.comments).toHaveLength(1);
  });

  it("what was written and whose answer was lost is not written twice", async () => {
    const ticket = fresh();
    const server = await zendesk(ticket);
    const event = told("resolved", [ticketAlert]);
    const config = setUp(server, { statuses: { resolved: "solved" } });
    server.fault(({ method }) => method === "PUT", "lost");
    expect((await acts(plugin, { ...config, event })).status).toBe("unknown");
    expect(await acts(plugin, { ...config, event, attempt: 2 })).toMatchObject({ detail: "was written by an earlier try" });
    expect([ticket.status, ticket.comments.length]).toEqual(["solved", 1]);
  });

  it("a closed ticket takes nothing; a rule that refuses, a wrong token and a ticket that is gone say what to mend", async () => {
    const closed = await zendesk(fresh("closed"));
    expect(await acts(plugin, { ...setUp(closed), event: told("resolved", [ticketAlert]) })).toMatchObject({
      status: "accepted",
    });
    expect(writes(closed)).toHaveLength(0);
    const server = await zendesk(fresh(), { wantsAssignee: true });
    const config = setUp(server, { statuses: { resolved: "solved" } });
    expect(await acts(plugin, { ...config, event: told("resolved", [ticketAlert]) })).toMatchObject({
      status: "failed",
      reason: "HTTP 422: base: Assignee: is required when solving a ticket",
    });
    const wrong = { ...setUp(server), secrets: { apiToken: "oauth-0002" } };
    expect(await acts(plugin, { ...wrong, event: told("note", [ticketAlert]) })).toMatchObject({
      status: "failed",
      reason: "HTTP 401: Couldn't authenticate you",
    });
    const gone = told("note", [alert("zendesk", "77")]);
    expect(await acts(plugin, { ...setUp(server), event: gone })).toMatchObject({
      status: "failed",
      reason: "HTTP 404: Not found",
    });
    server.fault(() => true, {
      status: 429,
      body: "Number of allowed API requests per minute exceeded",
      headers: { "retry-after": "93" },
    });
    expect(await acts(plugin, { ...setUp(server), event: told("note", [ticketAlert]) })).toMatchObject({
      status: "retry",
      afterMs: 93_000,
    });
  });

  it("an OAuth access token is a bearer token", async () => {
    const ticket = fresh();
    const server = await zendesk(ticket, { bearer: true });
    const oauth = { ...setUp(server), secrets: { apiToken: "oauth-0001" } };
    expect((await acts(plugin, { ...oauth, event: told("acknowledged", [ticketAlert]) })).status).toBe("accepted");
  });
});
