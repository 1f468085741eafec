// Owns Splunk's webhooks: a saved search's alert action, which tells that it found something and never that it finds nothing any more,
// and ITSI's, which tells of an episode from its beginning to its end.

import * as z from "zod";
import {
  alertOf,
  at,
  commonSeverities,
  cut,
  digestOf,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import { episodeAlert, isEpisode } from "./episode.ts";
import manifest from "./manifest.json" with { type: "json" };

const statuses = z.array(z.string().toLowerCase().min(1).max(64)).max(32);

const config = z.strictObject({
  key: z
    .array(z.string().min(1).max(128))
    .max(8)
    .default([])
    .describe(
      "Fields of the result that tell one problem from another, for example [host]; without them one search is one problem",
    ),
  resolveStatuses: statuses
    .default(["4", "resolved", "5", "closed"])
    .describe("ITSI: statuses that end an episode, as ITSI's numbers or words"),
  acknowledgeStatuses: statuses
    .default([])
    .describe("ITSI: statuses that say that somebody has it, for example [2]; only where no policy sets them by itself"),
});

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "token" }),
  normalize({ payload: sent, config: { key, ...statuses } }) {
    const payload = unwrapped(sent);
    if (isRecord(payload) && isEpisode(payload)) return [episodeAlert(payload, statuses)];
    if (!isRecord(payload)) throw new UnreadableError("expected the JSON object of Splunk's webhook alert action");
    const result = at(payload, "result");
    const name = firstOf(payload["search_name"]);
    const search = name ?? firstOf(payload["sid"])?.replace(/_at_\d{1,20}_\d{1,20}(?:\.\d{1,20})?$/, "") ?? null;
    if (search === null) throw new UnreadableError("neither search_name nor sid: Splunk sends both");
    const parts = key.map((field) => {
      const value = at(result, field);
      return firstOf(Array.isArray(value) ? value.flatMap((each) => present(each) ?? []).join(",") : value) ?? "";
    });
    const severity = severityOf(firstOf(at(result, "severity"), at(result, "urgency")), commonSeverities);
    return [
      alertOf({
        dedupKey:
          key.length === 0
            ? search
            : `${cut(search, 300)}/${parts.some((part) => part.length > 64 || part.includes("/")) ? digestOf(...parts) : parts.join("/")}`,
        action: "trigger",
        severity: severity.severity,
        title: [name ?? "Splunk search", ...parts.filter((part) => part !== "")].join(": "),
        body: rowOf(result),
        labels: labelsOf({
          app: payload["app"],
          owner: payload["owner"],
          host: at(result, "host"),
          source: at(result, "source"),
          sourcetype: at(result, "sourcetype"),
          index: at(result, "index"),
        }),
        links: linksOf([["Results", payload["results_link"]]]),
        source: "splunk",
        sourceAt: timeOf(at(result, "_time")),
        notes: severity.notes,
      }),
    ];
  },
};

/** ITSI's sample is JSON inside a JSON text. */
function unwrapped(sent: unknown): unknown {
  if (typeof sent !== "string") return sent;
  try {
    return JSON.parse(sent);
  } catch {
    return null;
  }
}

/** The first row, one field a line; of Splunk's own fields only the raw event. */
function rowOf(result: unknown): string {
  if (!isRecord(result)) return "";
  return Object.entries(result)
    .filter(([field]) => !field.startsWith("_") || field === "_raw")
    .slice(0, 50)
    .flatMap(([field, value]) => {
      const text = firstOf(
        Array.isArray(value)
          ? value
              .slice(0, 20)
              .flatMap((each) => present(each) ?? [])
              .join(", ")
          : value,
      );
      return text === null ? [] : [`${cut(field, 128)}: ${cut(text, 1_024)}`];
    })
    .join("\n");
}
