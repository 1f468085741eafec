// Owns StatusCake's webhook of a contact group: a form, or a GET's query, with the test's name and whether it is up.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  tagsOf,
  UnreadableError,
  verifyField,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const config = z.strictObject({});
const states: Readonly<Record<string, AlertAction>> = { down: "trigger", up: "resolve" };

export const plugin: SourcePlugin<z.infer<typeof config>> = {
  manifest: manifest as SourceManifest,
  config,
  // md5 of user name and API key, which StatusCake puts into every body.
  verify: (request, { secret }) => verifyField(request, secret, "Token"),
  normalize({ payload }) {
    const id = firstOf(at(payload, "TestID"), at(payload, "URL"), at(payload, "Name"));
    if (!isRecord(payload) || id === null) throw new UnreadableError("expected StatusCake's form with TestID and Status");
    const { action, notes } = actionBy(payload["Status"], states, "Status");
    const code = firstOf(payload["StatusCode"]);
    return [
      alertOf({
        dedupKey: id,
        action,
        severity: "critical",
        title: firstOf(payload["Name"], payload["URL"]) ?? `StatusCake test ${id}`,
        body: code === null ? "" : `Status code ${code}`,
        labels: {
          ...tagsOf(payload["Tags"]),
          ...labelsOf({ method: payload["Method"], status_code: code, ip: payload["IP"], group: payload["ContactGroup"] }),
        },
        links: linksOf([["Checked address", payload["URL"]]]),
        source: "statuscake",
        notes,
      }),
    ];
  },
};
