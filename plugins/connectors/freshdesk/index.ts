// Owns writing back to Freshdesk, whose answers are the ticket itself.

import type * as z from "zod";
import {
  actOnFreshworks,
  freshworksConfig,
  freshworksSecrets,
  type ConnectorManifest,
  type ConnectorPlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = freshworksConfig("Freshdesk", "freshdesk.com");

export const plugin: ConnectorPlugin<z.infer<typeof config>, z.infer<typeof freshworksSecrets>> = {
  manifest: manifest as ConnectorManifest,
  config,
  secrets: freshworksSecrets,
  act: (input, io) => actOnFreshworks({ name: "Freshdesk", ticketIn: (body) => body }, input, io),
};
