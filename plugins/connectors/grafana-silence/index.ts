// Owns answering Grafana Alerting: what somebody has here is silenced there, by exactly its labels and for a bounded time.

import * as z from "zod";
import { actOnSilences, silenceFor, type ConnectorManifest, type ConnectorPlugin } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).describe("Grafana's address, with its sub-path: https://grafana.example.com"),
  silenceFor,
});
const secrets = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(1_024)
    .describe("Token of a service account that may create and change silences (its organisation is the token's)"),
});

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  act: (input, io) =>
    actOnSilences(
      {
        name: "Grafana",
        api: `${input.config.baseUrl.replace(/\/+$/, "")}/api/alertmanager/grafana/api/v2`,
        headers: { authorization: `Bearer ${input.secrets.token}` },
        secrets: [input.secrets.token],
        silenceFor: input.config.silenceFor,
      },
      input,
      io,
    ),
};
