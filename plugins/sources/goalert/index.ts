// Owns GoAlert's generic API as a source: summary, details, action and dedup, from JSON, a form or the address.

import * as z from "zod";
import {
  alertOf,
  digestOf,
  isRecord,
  linksOf,
  present,
  UnreadableError,
  verifyShared,
  type Alert,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { dropInOf } from "./drop-in.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret),
  normalize: ({ payload }) => [alertFrom(payload)],
  dropIn: dropInOf(alertFrom),
};

/** Only the word `close` ends an alert; every other action, and none, is one that fires. */
function alertFrom(payload: unknown): Alert {
  if (!isRecord(payload)) throw new UnreadableError("expected the fields summary, details, action and dedup");
  const [summary, details] = [present(payload["summary"]), present(payload["details"]) ?? ""];
  const dedup = present(payload["dedup"]);
  const closes = payload["action"] === "close";
  if (summary === null && !(closes && dedup !== null))
    throw new UnreadableError("invalid value for 'Summary': must not be empty");
  return alertOf({
    dedupKey: dedup ?? `auto-${digestOf(summary ?? "", details)}`,
    action: closes ? "resolve" : "trigger",
    title: summary ?? dedup ?? "",
    body: details,
    links: linksOf(
      [...details.matchAll(/https?:\/\/[^\s<>"')\]]{1,2000}/g)].slice(0, 4).map(([href]) => ["Link", href] as const),
    ),
    source: "goalert",
  });
}
