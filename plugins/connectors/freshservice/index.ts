// Owns writing back to Freshservice, whose answers hold the ticket under `ticket`.

import type * as z from "zod";
import {
  actOnFreshworks,
  at,
  freshworksConfig,
  freshworksSecrets,
  type ConnectorManifest,
  type ConnectorPlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = freshworksConfig("Freshservice", "freshservice.com");

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof freshworksSecrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets: freshworksSecrets,
  act: (input, io) => actOnFreshworks({ name: "Freshservice", ticketIn: (body) => at(body, "ticket") }, input, io),
};
