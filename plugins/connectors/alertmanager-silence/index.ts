// Owns answering Alertmanager: what somebody has here is silenced there, by exactly its labels and for a bounded time.

import * as z from "zod";
import { actOnSilences, basicAuthorization, silenceFor, type ConnectorManifest, type ConnectorPlugin } from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .describe("Alertmanager's address, with its route prefix: https://alertmanager.example.com"),
  silenceFor,
});
const secrets = z.strictObject({
  token: z.string().min(1).max(4_096).optional().describe("Bearer token, where a proxy in front of Alertmanager asks for one"),
  user: z.string().min(1).max(320).optional().describe("User of basic authentication, where it is on"),
  password: z.string().min(1).max(1_024).optional().describe("And the password"),
});

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof secrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets,
  act(input, io) {
    const { baseUrl } = input.config;
    const { token, user, password } = input.secrets;
    const proof =
      token === undefined ? (user === undefined ? null : basicAuthorization(user, password ?? "")) : `Bearer ${token}`;
    const side = {
      name: "Alertmanager",
      api: `${baseUrl.replace(/\/+$/, "")}/api/v2`,
      headers: proof === null ? {} : { authorization: proof },
      secrets: [token, password],
      silenceFor: input.config.silenceFor,
    };
    return actOnSilences(side, input, io);
  },
};
