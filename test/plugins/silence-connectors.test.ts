// The connectors that silence, against a server that keeps silences as Alertmanager does: it filters by matchers, ends one by its id,
// keeps ended ones in the list, and says errors as a JSON string. The real one is asked in test/e2e/alertmanager.mjs.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import type { ConnectorPlugin, OutgoingPost } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { fixedNow } from "./page.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Sender } from "./written-back.ts";

closeAfterEach();

interface Silence {
  readonly id: string;
  readonly matchers: readonly { readonly name: string; readonly value: string; readonly isRegex: boolean }[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
  status: { state: "active" | "expired" };
}

async function alertmanager(prefix: string, silences: Silence[] = []) {
  const server = await sender(({ method, path, query, headers, body }) => {
    if (headers["authorization"] !== "Bearer right-token-0001") return { status: 401, body: "Unauthorized" };
    if (path === `${prefix}/silences` && method === "POST") {
      const made = {
        ...(body as Omit<Silence, "id" | "status">),
        id: `s${silences.length + 1}`,
        status: { state: "active" as const },
      };
      silences.push(made);
      return { status: 200, body: { silenceID: made.id } };
    }
    if (path === `${prefix}/alerts`)
      return { status: 200, body: query.getAll("filter").some((text) => text.includes("Slow")) ? [{}] : [] };
    if (path === `${prefix}/silences`) {
      const wanted = query.getAll("filter").map((text) => {
        const [, name = "", value = ""] = /^([^=]+)=(".*")$/s.exec(text) ?? [];
        return [name, JSON.parse(value) as string] as const;
      });
      const fits = ({ matchers }: Silence) =>
        wanted.every(([name, value]) => matchers.some((each) => each.name === name && each.value === value));
      return { status: 200, body: silences.filter(fits) };
    }
    const one = silences.find(({ id }) => path === `${prefix}/silence/${id}`);
    if (one === undefined || method !== "DELETE") return { status: 404, body: { code: 404, message: "not found" } };
    one.status = { state: "expired" };
    return { status: 200 };
  });
  return { server, silences };
}

describe.each([
  { id: "alertmanager-silence", source: "prometheus", prefix: "/api/v2" },
  { id: "grafana-silence", source: "grafana", prefix: "/api/alertmanager/grafana/api/v2" },
])("$id", ({ id, source, prefix }) => {
  const plugin = connectors[id] as ConnectorPlugin;
  const down = alert(source, "f1", { alertname: "Down", instance: 'db"1', path: "a\\b" });
  const slow = alert(source, "f2", { alertname: "Slow" });
  const over = alert(source, "f3", { alertname: "Over" }, false);
  const act = (server: Sender, event: OutgoingPost, more: { readonly attempt?: number; readonly silenceFor?: string } = {}) =>
    acts(plugin, {
      config: { baseUrl: server.address, ...(more.silenceFor ? { silenceFor: more.silenceFor } : {}) },
      secrets: { token: "right-token-0001" },
      event,
      attempt: more.attempt ?? 1,
    });

  it("silences each alert that fires by exactly its labels, for a bounded time, and says why", async () => {
    const { server, silences } = await alertmanager(prefix);
    expect(await act(server, told("acknowledged", [down, slow, over]))).toMatchObject({
      status: "accepted",
      detail: "silenced for 4h",
    });
    expect(
      silences.map(({ matchers }) => matchers.map(({ name, value, isRegex }) => `${name}=${value}${isRegex ? "~" : ""}`)),
    ).toEqual([["alertname=Down", 'instance=db"1', "path=a\\b"], ["alertname=Slow"]]);
    const [first] = silences;
    expect(first).toMatchObject({ createdBy: "tocsin", startsAt: new Date(fixedNow).toISOString() });
    expect(Date.parse(first?.endsAt ?? "") - fixedNow).toBe(4 * 3_600_000);
    expect(first?.comment).toBe(
      `Payments are down https://tocsin.acme.test/t/acme/incidents/inc_01khc0ffee0123456789abcdefghjkmnpq Acknowledged: ana has it ${markOfEvent()}`,
    );
  });

  it("ends its own silences when nobody has it any more, those of people and of other incidents never", async () => {
    const { server, silences } = await alertmanager(prefix);
    await act(server, told("acknowledged", [down, slow]), { silenceFor: "30m" });
    const [mine] = silences;
    if (mine === undefined) throw new Error("no silence");
    silences.push({ ...mine, id: "person", createdBy: "ana", status: { state: "active" } });
    silences.push({
      ...mine,
      id: "other",
      comment: mine.comment.replaceAll("inc_01khc0ffee", "inc_01khc0ffef"),
      status: { state: "active" },
    });
    // An alert that is over by its sender's word had a silence too.
    expect((await act(server, told("unacknowledged", [{ ...down, firing: false }, slow], 9))).status).toBe("accepted");
    expect(silences.map(({ id: each, status }) => `${each} ${status.state}`)).toEqual([
      "s1 expired",
      "s2 expired",
      "person active",
      "other active",
    ]);
    const before = writes(server).length;
    expect(await act(server, told("resolved", [down, slow], 11))).toMatchObject({ detail: "no silence of ours is left" });
    expect(writes(server).length).toBe(before);
  });

  it("says of what is given back that the sender lists it no longer: its end came while it was silenced, and told nobody", async () => {
    const { server } = await alertmanager(prefix);
    await act(server, told("acknowledged", [down]));
    const over = await act(server, told("unacknowledged", [down], 9));
    expect(over).toMatchObject({ detail: expect.stringMatching(/ended; (Alertmanager|Grafana) lists it no longer/) });
    await act(server, told("acknowledged", [slow], 11));
    expect(await act(server, told("unacknowledged", [slow], 13))).toMatchObject({ detail: "its silence is ended" });
  });

  it("silences once however often it is tried, also when the answer to the first try was lost", async () => {
    const { server, silences } = await alertmanager(prefix);
    server.fault(({ method }) => method === "POST", "lost");
    expect((await act(server, told("acknowledged", [down, slow]))).status).toBe("unknown");
    expect((await act(server, told("acknowledged", [down, slow]), { attempt: 2 })).status).toBe("accepted");
    expect(silences.map(({ matchers }) => matchers[0]?.value)).toEqual(["Down", "Slow"]);
  });

  it("silences nothing whose labels are not all known: fewer of them are more alerts", async () => {
    const { server, silences } = await alertmanager(prefix);
    expect(await act(server, told("acknowledged", [{ ...down, cut: true }]))).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("not all of its labels"),
    });
    expect((await act(server, told("acknowledged", [alert(source, "f9", { rule: "x" })]))).status).toBe("failed");
    expect((await act(server, told("unacknowledged", [{ ...down, cut: true }]))).status).toBe("accepted");
    expect(silences).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  it("a list that is cut off is read as far as it goes", async () => {
    const { server, silences } = await alertmanager(prefix);
    await act(server, told("acknowledged", [down]));
    const [mine] = silences;
    if (mine === undefined) throw new Error("no silence");
    const ended = Array.from({ length: 200 }, (_, i) => ({ ...mine, id: `old${i}`, status: { state: "expired" as const } }));
    silences.push(...ended);
    expect(JSON.stringify(silences).length).toBeGreaterThan(65_536);
    expect((await act(server, told("resolved", [down], 9))).status).toBe("accepted");
    expect(silences[0]?.status.state).toBe("expired");
    expect(lines(server).filter((line) => line.startsWith("DELETE"))).toEqual([`DELETE ${prefix}/silence/s1`]);
  });

  it("a wrong token, a wrong address, a refusal and a silence that is gone already are told apart", async () => {
    const { server } = await alertmanager(prefix);
    const event = told("acknowledged", [down]);
    const wrong = await acts(plugin, { config: { baseUrl: server.address }, secrets: { token: "wrong" }, event });
    expect(wrong).toMatchObject({ status: "failed", reason: expect.stringContaining("HTTP 401") });
    server.fault(() => true, { status: 200, body: "<html>a portal</html>" });
    expect(await act(server, event)).toMatchObject({ status: "failed", reason: expect.stringContaining("baseUrl") });
    server.fault(() => true, { status: 400, body: JSON.stringify("silence invalid: invalid label matcher 0") });
    expect(await act(server, event)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("invalid label matcher"),
    });
    await act(server, event);
    server.fault(({ method }) => method === "DELETE", { status: 404, body: { message: "silence s1 not found" } });
    expect((await act(server, told("resolved", [down], 9))).status).toBe("accepted");
  });

  it("a test asks whether silences can be read, and writes nothing; a note and a re-opening are nothing to it", async () => {
    const { server } = await alertmanager(prefix);
    const test = told("acknowledged", []);
    expect((await act(server, { ...test, incident: { ...test.incident, test: true } })).status).toBe("accepted");
    expect((await act(server, told("note", [down]))).status).toBe("accepted");
    expect((await act(server, told("reopened", [down]))).status).toBe("accepted");
    expect(writes(server)).toEqual([]);
  });

  it("takes a time of minutes or hours up to a week", () => {
    for (const good of ["30m", "4h", "168h"])
      expect(plugin.config.safeParse({ baseUrl: "https://a.test", silenceFor: good }).success).toBe(true);
    for (const bad of ["0h", "169h", "4d", "h", "-1h"])
      expect(plugin.config.safeParse({ baseUrl: "https://a.test", silenceFor: bad }).success).toBe(false);
  });
});
