// The freshdesk and freshservice connectors against a server that keeps tickets as both do: one answers the ticket itself, the other
// under `ticket`; conversations come oldest first, in pages.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, type ConnectorPlugin } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Answered, type Sender } from "./written-back.ts";

closeAfterEach();

interface Ticket {
  status: number;
  type: string | null;
  readonly notes: { readonly body: string; readonly private: boolean }[];
}

async function freshworks(ticket: Ticket, { wrapped = false, wantsType = false } = {}) {
  const proof = `Basic ${Buffer.from("fresh-key-0001:X").toString("base64")}`;
  const shown = (): Answered => {
    const it = { id: 264, status: ticket.status, type: ticket.type };
    return { status: 200, body: wrapped ? { ticket: it } : it };
  };
  return sender(({ method, path, query, headers, body }) => {
    if (headers["authorization"] !== proof)
      return { status: 401, body: { code: "invalid_credentials", message: "You have to be logged in to perform this action." } };
    if (!path.startsWith("/api/v2/tickets/264")) return { status: 404 };
    if (path.endsWith("/notes")) {
      ticket.notes.push(body as Ticket["notes"][number]);
      return { status: 201, body: wrapped ? { conversation: { id: 1 } } : { id: 1 } };
    }
    if (path.endsWith("/conversations")) {
      const [page, per] = [Number(query.get("page")), Number(query.get("per_page"))];
      const list = ticket.notes.slice((page - 1) * per, page * per);
      return { status: 200, body: wrapped ? { conversations: list } : list };
    }
    if (method === "PUT") {
      if (wantsType && at(body, "status") === 4 && at(body, "type") === undefined)
        return {
          status: 400,
          body: {
            description: "Validation failed",
            errors: [{ field: "type", message: "It should be a/an String", code: "missing_field" }],
          },
        };
      ticket.status = Number(at(body, "status"));
      ticket.type = (at(body, "type") as string | undefined) ?? ticket.type;
    }
    return shown();
  });
}

const fresh = (status = 2): Ticket => ({ status, type: null, notes: [] });
const setUp = (of: Sender, more: object = {}) => ({
  config: { baseUrl: of.address, ...more },
  secrets: { apiKey: "fresh-key-0001" },
});

describe.each([
  { id: "freshdesk", wrapped: false, ticketAlert: alert("freshdesk", "264", { ticket: "264" }) },
  { id: "freshservice", wrapped: true, ticketAlert: alert("freshdesk", "INC-264", { ticket: "INC-264" }) },
])("$id", ({ id, wrapped, ticketAlert }) => {
  const plugin = connectors[id] as ConnectorPlugin;

  it("writes private notes, as text, and leaves the status alone unless one is named", async () => {
    const ticket = fresh();
    const server = await freshworks(ticket, { wrapped });
    for (const [seq, what] of (["acknowledged", "unacknowledged", "note", "resolved"] as const).entries())
      expect((await acts(plugin, { ...setUp(server), event: told(what, [ticketAlert], seq) })).status).toBe("accepted");
    expect(lines(server)).toEqual(Array.from({ length: 4 }, () => "POST /api/v2/tickets/264/notes"));
    expect(ticket.notes[0]).toEqual({ body: `Acknowledged: ana has it ${markOfEvent(0)}`, private: true });
    expect(ticket.notes[2]?.body).toContain("&lt;b&gt;really&lt;/b&gt;");
  });

  it("sets the statuses that are named; a ticket that is over is left so, and only such a one is re-opened", async () => {
    const ticket = fresh();
    const server = await freshworks(ticket, { wrapped });
    const config = setUp(server, { statuses: { acknowledged: 3, unacknowledged: 2, resolved: 4, reopened: 2 } });
    const seen: number[] = [];
    for (const [seq, what] of (
      ["acknowledged", "unacknowledged", "resolved", "acknowledged", "reopened", "reopened"] as const
    ).entries()) {
      await acts(plugin, { ...config, event: told(what, [ticketAlert], seq) });
      seen.push(ticket.status);
    }
    expect(seen).toEqual([3, 2, 4, 4, 2, 2]);
    expect(writes(server).filter(({ method }) => method === "PUT")).toHaveLength(4);
  });

  it.each(["PUT", "POST"])(
    "what was written and whose answer was lost at %s is not written twice, on whichever page it is",
    async (method) => {
      const ticket = fresh();
      for (let n = 0; n < 30; n++) ticket.notes.push({ body: `an older note ${n}`, private: true });
      const server = await freshworks(ticket, { wrapped });
      const config = setUp(server, { statuses: { resolved: 4 } });
      const event = told("resolved", [ticketAlert]);
      server.fault((asked) => asked.method === method, "lost");
      expect((await acts(plugin, { ...config, event })).status).toBe("unknown");
      expect((await acts(plugin, { ...config, event, attempt: 2 })).status).toBe("accepted");
      expect((await acts(plugin, { ...config, event, attempt: 3 })).status).toBe("accepted");
      expect([ticket.status, ticket.notes.length]).toEqual([4, 31]);
      expect(writes(server)).toHaveLength(2);
    },
  );

  it("a field that must be filled in is a failure that names it, with the note written; config.fields fills it in", async () => {
    const ticket = fresh();
    const server = await freshworks(ticket, { wrapped, wantsType: true });
    const statuses = { resolved: 4 };
    expect(await acts(plugin, { ...setUp(server, { statuses }), event: told("resolved", [ticketAlert]) })).toMatchObject({
      status: "failed",
      reason: "HTTP 400: type: It should be a/an String",
    });
    expect([ticket.status, ticket.notes.length]).toEqual([2, 1]);
    const filled = setUp(server, { statuses, fields: { type: "Incident" } });
    expect((await acts(plugin, { ...filled, event: told("resolved", [ticketAlert], 8) })).status).toBe("accepted");
    expect(ticket).toMatchObject({ status: 4, type: "Incident" });
  });

  it("a wrong key, a ticket that is gone, a wrong address and a request for patience are told apart", async () => {
    const server = await freshworks(fresh(), { wrapped });
    const event = told("acknowledged", [ticketAlert]);
    const wrong = { ...setUp(server), secrets: { apiKey: "another-key" } };
    expect(await acts(plugin, { ...wrong, event })).toMatchObject({
      status: "failed",
      reason: "HTTP 401: You have to be logged in to perform this action.",
    });
    const gone = told("acknowledged", [alert("freshdesk", "999")]);
    expect(await acts(plugin, { ...setUp(server), event: gone })).toMatchObject({ status: "failed", reason: "HTTP 404" });
    const nameless = told("acknowledged", [alert("freshdesk", "../agents")]);
    expect((await acts(plugin, { ...setUp(server), event: nameless })).status).toBe("failed");
    server.fault(() => true, { status: 200, body: "<html>a portal</html>" });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("baseUrl"),
    });
    server.fault(() => true, { status: 429, headers: { "retry-after": "33" } });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry", afterMs: 33_000 });
    server.fault(() => true, { status: 409, body: { description: "conflict" } });
    const config = setUp(server, { statuses: { acknowledged: 3 } });
    server.fault(({ method }) => method === "PUT", { status: 409 });
    expect((await acts(plugin, { ...config, event })).status).toBe("failed");
    expect((await acts(plugin, { ...config, event })).status).toBe("retry");
  });
});
