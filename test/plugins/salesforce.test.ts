// Whose event message it is, where the integration names its organization: the word is in EventBridge's source, and nowhere else.

import { describe, expect, it } from "vitest";
import { plugin } from "../../plugins/sources/salesforce/index.ts";

const relayed = (source: string, more: object = {}) => ({
  source,
  "detail-type": "Case_Alert__e",
  detail: { payload: { Status__c: "New" } },
  ...more,
});
const verdict = async (message: object) =>
  plugin.verify(
    { method: "POST", path: "/", query: {}, headers: {}, body: new TextEncoder().encode(JSON.stringify(message)) },
    {
      secret: null,
      config: plugin.config.parse({ organization: "00D70000000IVNp" }),
      now: 0,
      keys: { get: () => Promise.reject(new Error("asks nobody")) },
    },
  );

describe("Salesforce's event messages", () => {
  it("are taken from the named organization, by 15 or 18 characters", async () => {
    expect(await verdict(relayed("aws.partner/salesforce.com/00D70000000IVNpEAO/0YL1"))).toEqual({ ok: true });
    expect(await verdict(relayed("aws.partner/salesforce.com/00D70000000IVNp/0YL1"))).toEqual({ ok: true });
  });

  it("are refused from another, from a shape that names none, and with an outbound message's word in their text", async () => {
    const refused = { ok: false, reason: "the message is of another organization" };
    expect(await verdict(relayed("aws.partner/salesforce.com/00D70000000AAAAEAO/0YL1"))).toEqual(refused);
    expect(await verdict(relayed("aws.partner/appflow/salesforce.com/123456789012/cases"))).toEqual(refused);
    expect(await verdict({ schema: "x", payload: {}, event: { replayId: 1 } })).toEqual(refused);
    const word = "<OrganizationId>00D70000000IVNpEAO</OrganizationId>";
    expect(await verdict(relayed("aws.partner/salesforce.com/00D70000000AAAAEAO/0YL1", { word }))).toEqual(refused);
  });
});
