// Owns what the record says of a try that never came to the provider.

import { expect, test } from "vitest";
import type { Job } from "../../worker/objects/deliver.ts";
import { deliver } from "../../worker/objects/deliver.ts";
import { seal } from "../../worker/security/seal.ts";
import { env } from "./runtime.ts";

test("secrets sealed under a root key that the hub lost: the channel fails at once, and the reason says which key to bring back", async () => {
  const lost = { TOCSIN_SECRET: "the-root-key-of-before-the-root-key-of-before" };
  const signingKey = await seal(lost, "acme/notifiers/hook/signingKey", "whsec_0123456789");
  const notifier = {
    id: "hook",
    plugin: "webhook",
    config: { url: "https://hook.acme.test/" },
    secrets: { signingKey },
    limitMs: 10_000,
  };
  const job = {
    identity: { tenant: "acme" },
    delivery: { id: "dlv_1", via: "hook", page: { contact: { id: "hook", to: "ana" } } },
    roster: { notifiers: { hook: notifier } },
    lookup: false,
  } as unknown as Job; // Only what a try reads before its secrets.
  expect(await deliver(env, job, () => true)).toEqual({
    status: "failed",
    reason: "the notifier's secrets do not open: sealed under a root key this hub does not hold: set TOCSIN_SECRET_PREVIOUS",
  });
});
