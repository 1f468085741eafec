// Owns Amazon EventBridge over an API destination: one event a request, whole or as a target's input transformer left it.

import * as z from "zod";
import {
  awsEventAlerts,
  isAwsEvent,
  UnreadableError,
  verifyShared,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  severity: z
    .enum(["critical", "error", "warning", "info"])
    .optional()
    .describe("Alarms, Health and most events carry no severity: theirs is this"),
  insufficientData: z.enum(["ignore", "trigger"]).default("ignore").describe("What an alarm without enough data does"),
});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize({ payload, config: { severity, insufficientData } }) {
    if (!isAwsEvent(payload))
      throw new UnreadableError(
        "expected an EventBridge event with detail-type and detail: leave the target's input as the matched event, without a transformer",
      );
    const alerts = awsEventAlerts(payload, { source: "aws-eventbridge", severity: severity ?? "unknown", insufficientData });
    if (alerts.length === 0) throw new UnreadableError("expected at least one finding in detail.findings");
    return alerts;
  },
};
