// The jira connector against a server with a workflow: a transition is there or not depending on the status, and one has a screen
// that wants a resolution.

import { describe, expect, it } from "vitest";
import { connectors } from "../../plugins/registry.gen.ts";
import { at, firstOf, type ConnectorPlugin } from "../../plugins/sdk/index.ts";
import { closeAfterEach } from "./http-kit.ts";
import { acts, alert, lines, markOfEvent, sender, told, writes, type Answered, type Sender } from "./written-back.ts";

closeAfterEach();

const plugin = connectors["jira"] as ConnectorPlugin;

const statuses = {
  "To Do": "new",
  "In Progress": "indeterminate",
  Done: "done",
} as const;
type Status = keyof typeof statuses;
const workflow: readonly { readonly id: string; readonly name: string; readonly from: readonly Status[]; readonly to: Status }[] =
  [
    { id: "11", name: "Start work", from: ["To Do"], to: "In Progress" },
    { id: "21", name: "Stop work", from: ["In Progress"], to: "To Do" },
    { id: "31", name: "Resolve", from: ["To Do", "In Progress"], to: "Done" },
    { id: "41", name: "Reopen", from: ["Done"], to: "To Do" },
  ];

interface Issue {
  status: Status;
  resolution: string | null;
  readonly comments: { readonly body: unknown; readonly properties?: unknown }[];
}

async function jira(issue: Issue, { screen = false, bearer = false, api = "3" } = {}) {
  const proof = bearer ? "Bearer pat-0001" : `Basic ${Buffer.from("tocsin@acme.test:api-token-0001").toString("base64")}`;
  const base = `/rest/api/${api}/issue/10040`;
  const refusal = (status: number, messages: string[], errors = {}): Answered => ({
    status,
    body: { errorMessages: messages, errors },
  });
  return sender(({ method, path, headers, body }) => {
    if (headers["authorization"] !== proof)
      return { status: 401, body: "Basic auth with password is not allowed on this instance" };
    if (!path.startsWith(base)) return refusal(404, ["Issue does not exist or you do not have permission to see it."]);
    const offered = workflow.filter(({ from }) => from.includes(issue.status));
    if (path === base) {
      const status = { name: issue.status, statusCategory: { key: statuses[issue.status] } };
      return { status: 200, body: { id: "10040", key: "PAY-41", fields: { status } } };
    }
    if (path === `${base}/transitions` && method === "GET")
      return { status: 200, body: { transitions: offered.map(({ id, name, to }) => ({ id, name, to: { name: to } })) } };
    if (path === `${base}/transitions`) {
      const found = offered.find(({ id }) => id === at(body, "transition", "id"));
      if (found === undefined)
        return refusal(400, ["It seems that you have tried to perform a workflow operation that is not valid."]);
      const resolution = at(body, "fields", "resolution", "name");
      if (screen && found.to === "Done" && resolution === undefined)
        return refusal(400, [], { resolution: "Resolution is required." });
      issue.status = found.to;
      issue.resolution = found.to === "Done" ? (firstOf(resolution) ?? "Done") : null;
      return { status: 204 };
    }
    if (method === "GET") return { status: 200, body: { comments: issue.comments.toReversed().slice(0, 20) } };
    issue.comments.push(body as Issue["comments"][number]);
    return { status: 201, body: { id: "1" } };
  });
}

const fresh = (status: Status = "To Do"): Issue => ({ status, resolution: null, comments: [] });
const issueAlert = alert("jira", "10040", { issue_id: "10040", key: "PAY-41" });
const setUp = (of: Sender, more: object = {}) => ({
  config: { baseUrl: of.address, ...more },
  secrets: { email: "tocsin@acme.test", apiToken: "api-token-0001" },
});

describe("jira", () => {
  it("starts work on an issue that is acknowledged and is done with one that is resolved, with a comment each that customers do not see", async () => {
    const issue = fresh();
    const server = await jira(issue);
    expect(await acts(plugin, { ...setUp(server), event: told("acknowledged", [issueAlert]) })).toMatchObject({
      status: "accepted",
      detail: "In Progress",
    });
    expect(issue.status).toBe("In Progress");
    expect(lines(server)).toEqual([
      "GET /rest/api/3/issue/10040",
      "GET /rest/api/3/issue/10040/transitions",
      "POST /rest/api/3/issue/10040/transitions",
      "POST /rest/api/3/issue/10040/comment",
    ]);
    expect((await acts(plugin, { ...setUp(server), event: told("resolved", [issueAlert], 8) })).status).toBe("accepted");
    expect(issue).toMatchObject({ status: "Done", resolution: "Done" });
    const text = `Acknowledged: ana has it ${markOfEvent()}`;
    expect(issue.comments[0]).toEqual({
      body: { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text }] }] },
      properties: [{ key: "sd.public.comment", value: { internal: true } }],
    });
    expect(issue.comments).toHaveLength(2);
  });

  it("Data Center: version 2, a personal access token, comments as text", async () => {
    const issue = fresh();
    const server = await jira(issue, { api: "2", bearer: true });
    const config = { baseUrl: server.address, api: "2", comments: "public" };
    const outcome = await acts(plugin, { config, secrets: { apiToken: "pat-0001" }, event: told("acknowledged", [issueAlert]) });
    expect(outcome.status).toBe("accepted");
    expect(issue.comments).toEqual([{ body: `Acknowledged: ana has it ${markOfEvent()}` }]);
  });

  it("finds a transition by its own name too; a resolution is given where the screen wants one", async () => {
    const issue = fresh("In Progress");
    const server = await jira(issue, { screen: true });
    const transitions = { resolved: "resolve" };
    const refused = await acts(plugin, { ...setUp(server, { transitions }), event: told("resolved", [issueAlert]) });
    expect(refused).toMatchObject({ status: "failed", reason: "HTTP 400: resolution: Resolution is required." });
    // The workflow refused; who reads the issue finds it said all the same.
    expect([issue.status, issue.comments.length]).toEqual(["In Progress", 1]);
    const given = setUp(server, { transitions, resolution: "Fixed" });
    expect((await acts(plugin, { ...given, event: told("resolved", [issueAlert], 8) })).status).toBe("accepted");
    expect(issue).toMatchObject({ status: "Done", resolution: "Fixed" });
  });

  it("a transition that is not there is a failure that names those that are", async () => {
    const issue = fresh();
    const server = await jira(issue);
    const config = setUp(server, { transitions: { acknowledged: "Begin" } });
    expect(await acts(plugin, { ...config, event: told("acknowledged", [issueAlert]) })).toMatchObject({
      status: "failed",
      reason: 'no transition "Begin" leads out of To Do; there are: Start work, Resolve',
    });
    expect([issue.status, issue.comments.length]).toEqual(["To Do", 1]);
  });

  it("moves nothing backwards: what is further along, or done, stays", async () => {
    const issue = fresh("Done");
    const server = await jira(issue);
    for (const [seq, what] of (["acknowledged", "unacknowledged", "resolved"] as const).entries())
      expect((await acts(plugin, { ...setUp(server), event: told(what, [issueAlert], seq) })).status).toBe("accepted");
    expect(issue.status).toBe("Done");
    const back = setUp(server, { transitions: { reopened: "Reopen", unacknowledged: "Stop work" } });
    await acts(plugin, { ...back, event: told("reopened", [{ ...issueAlert, firing: false }], 3) });
    expect(issue.status).toBe("To Do");
    issue.status = "In Progress";
    await acts(plugin, { ...back, event: told("unacknowledged", [issueAlert], 4) });
    expect(issue.status).toBe("To Do");
  });

  it.each(["transitions", "comment"])("what was written and whose answer was lost at %s is not written twice", async (where) => {
    const issue = fresh();
    const server = await jira(issue);
    const event = told("acknowledged", [issueAlert]);
    server.fault(({ method, path }) => method === "POST" && path.endsWith(where), "lost");
    expect((await acts(plugin, { ...setUp(server), event })).status).toBe("unknown");
    expect((await acts(plugin, { ...setUp(server), event, attempt: 2 })).status).toBe("accepted");
    expect((await acts(plugin, { ...setUp(server), event, attempt: 3 })).status).toBe("accepted");
    expect([issue.status, issue.comments.length]).toEqual(["In Progress", 1]);
    expect(writes(server)).toHaveLength(2);
  });

  it("an issue that somebody else moves just now, and a Jira that asks for patience, are tried again", async () => {
    const server = await jira(fresh());
    const event = told("acknowledged", [issueAlert]);
    server.fault(({ method }) => method === "POST", { status: 409, body: { errorMessages: ["conflict"] } });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry" });
    server.fault(() => true, { status: 429, headers: { "retry-after": "5", "ratelimit-reason": "jira-burst-based" } });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({ status: "retry", afterMs: 5_000 });
  });

  it("a wrong token, an issue that is gone and an address that is not Jira's are failures, and nothing is written", async () => {
    const issue = fresh();
    const server = await jira(issue);
    const event = told("acknowledged", [issueAlert]);
    const wrong = { ...setUp(server), secrets: { email: "tocsin@acme.test", apiToken: "another" } };
    expect(await acts(plugin, { ...wrong, event })).toMatchObject({ status: "failed", reason: "HTTP 401" });
    const gone = told("acknowledged", [alert("jira", "10099", { key: "PAY-99" })]);
    expect(await acts(plugin, { ...setUp(server), event: gone })).toMatchObject({
      status: "failed",
      reason: "HTTP 404: Issue does not exist or you do not have permission to see it.",
    });
    server.fault(() => true, { status: 200, body: "<html>log in</html>" });
    expect(await acts(plugin, { ...setUp(server), event })).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("baseUrl"),
    });
    const crafted = told("acknowledged", [alert("jira", "10040/../../user")]);
    expect((await acts(plugin, { ...setUp(server), event: crafted })).status).toBe("failed");
    expect([writes(server).length, issue.comments.length]).toEqual([0, 0]);
  });
});
