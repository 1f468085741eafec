// An ITSI episode's beginning and end. Not a pair of the kit: the test that an integration sends itself stays a saved search's.

import { describe, expect, it } from "vitest";
import { plugin } from "../../plugins/sources/splunk/index.ts";
import { readAlerts } from "../../worker/ingest/read.ts";

const read = (row: unknown, config: object = {}) => {
  const result = readAlerts(plugin, { body: new TextEncoder().encode(JSON.stringify(row)), headers: {}, config });
  if (!result.ok) throw new Error(result.reason);
  return result.alerts;
};
const row = { index: "itsi_grouped_alerts", itsi_group_id: "6d0b7f2e", itsi_group_severity: "6" };

describe("an ITSI episode", () => {
  it("has one dedup key from new to closed, also as JSON inside a JSON text", () => {
    const [begun] = read({ ...row, itsi_group_status: "1" });
    const [ended] = read(JSON.stringify({ ...row, itsi_group_status: "5" }));
    expect([begun?.action, ended?.action]).toEqual(["trigger", "resolve"]);
    expect(ended?.dedupKey).toBe(begun?.dedupKey);
  });

  it("ends by its own status only: neither its last event's, nor one the organization gave another meaning", () => {
    expect(read({ ...row, status: "5" })[0]?.action).toBe("trigger");
    expect(read({ ...row, itsi_group_status: "1", status: "5", itsi_is_last_event: "true" })[0]?.action).toBe("trigger");
    expect(read({ ...row, itsi_group_status: "4" }, { resolveStatuses: ["7"] })[0]?.action).toBe("trigger");
    expect(read({ ...row, itsi_group_status: "7" }, { resolveStatuses: ["7"] })[0]?.action).toBe("resolve");
  });

  it("is no saved search's row that has such a field", () => {
    const search = { search_name: "Episodes", result: row, sid: "x", owner: "admin", app: "itsi", results_link: "https://s/" };
    expect(read(search)[0]?.dedupKey).toBe("Episodes");
  });
});
