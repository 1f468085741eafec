// Owns Alertmanager's webhook: what its own body means is the SDK's, since other products send it too.

import * as z from "zod";
import { alertmanagerAlerts, verifyShared, type SourceManifest, type SourcePlugin } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  severityLabel: z.string().default("severity").describe("The label that holds the severity"),
});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload, config: { severityLabel } }) =>
    alertmanagerAlerts(payload, {
      source: "prometheus",
      expected: "expected Alertmanager's webhook body: an object with a list `alerts`",
      severityLabels: [severityLabel, "priority", "level"],
    }),
};
