// Owns Alertmanager's webhook, and Prometheus sending by itself (drop-in.ts): what Alertmanager's own body means is the SDK's, since
// other products send it too.

import * as z from "zod";
import {
  alertmanagerAlerts,
  verifyShared,
  type AlertmanagerReading,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { dropInOf, sentAlerts } from "./drop-in.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  severityLabel: z.string().default("severity").describe("The label that holds the severity"),
  resolveTimeoutS: z
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(300)
    .describe("Sent by Prometheus itself without an end, an alert is over after so many seconds unless it is sent again"),
});

function readingOf({ severityLabel }: { readonly severityLabel: string }): AlertmanagerReading {
  return {
    source: "prometheus",
    expected: "expected Alertmanager's webhook body: an object with a list `alerts`",
    severityLabels: [severityLabel, "priority", "level"],
  };
}

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload, config: settings }) =>
    Array.isArray(payload) ? sentAlerts(payload, readingOf(settings), null) : alertmanagerAlerts(payload, readingOf(settings)),
  dropIn: dropInOf(readingOf),
};
