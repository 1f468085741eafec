// Owns the plain JSON source: fields by simple dotted paths, with names most people would guess as the default.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import * as z from "zod";
import {
  alertOf,
  commonSeverities,
  firstOf,
  isRecord,
  labelsOf,
  linksOf,
  present,
  severityOf,
  timeOf,
  UnreadableError,
  verifyHmac,
  verifyShared,
  type Alert,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const path = z.string().regex(/^[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+){0,15}$/, "a dotted path such as event.host.name");
const words = z.array(z.string()).max(32);
const config = z.strictObject({
  alerts: path.optional().describe("Where the list of alerts stands; without it the body is one alert or a list"),
  fields: z
    .strictObject({ dedupKey: path, action: path, severity: path, title: path, body: path, labels: path, link: path, at: path })
    .partial()
    .default({})
    .describe("Where each field stands, by dotted path"),
  resolveWords: words.default(["resolve", "resolved", "ok", "recovered", "closed", "close", "recovery"]),
  acknowledgeWords: words.default(["acknowledge", "acknowledged", "ack"]),
  signatureHeader: z
    .string()
    .toLowerCase()
    .optional()
    .describe("Header that holds HMAC-SHA256 of the raw body, hex or base64; demands a secret"),
});
type Config = z.infer<typeof config>;

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config: config,
  verify(request, { secret, config: { signatureHeader } }) {
    if (signatureHeader === undefined) return verifyShared(request, secret);
    if (secret === null) return { ok: false, reason: "signatureHeader is set, yet the integration has no secret" };
    return verifyHmac(secret, request.headers[signatureHeader], request.body);
  },
  normalize({ payload, config: settings }) {
    const found = settings.alerts === undefined ? payload : at(payload, settings.alerts);
    const list = Array.isArray(found) ? found : [found];
    return list.map((each: unknown, i) => one(each, i, settings));
  },
};

function one(each: unknown, i: number, { fields, resolveWords, acknowledgeWords }: Config): Alert {
  if (!isRecord(each)) throw new UnreadableError(`alert ${i + 1} is not a JSON object`);
  const read = (mapped: string | undefined, ...guesses: string[]): unknown =>
    mapped === undefined ? firstKnown(each, guesses) : at(each, mapped);
  const title = firstOf(read(fields.title, "title", "summary", "subject", "name", "message", "description"));
  const given = firstOf(read(fields.dedupKey, "dedupKey", "dedup_key", "alias", "id", "key"));
  if (title === null && given === null)
    throw new UnreadableError(`alert ${i + 1} has neither a title nor a dedupKey: map them in the integration's config.fields`);
  const { severity, notes } = severityOf(read(fields.severity, "severity", "priority", "level"), commonSeverities);
  return alertOf({
    dedupKey: given ?? keyOf(title ?? ""),
    action: actionOf(present(read(fields.action, "action", "status", "state", "event_action")), resolveWords, acknowledgeWords),
    severity,
    title: title ?? given ?? "",
    body: firstOf(read(fields.body, "body", "details", "description", "text")) ?? "",
    labels: labelsOf(read(fields.labels, "labels", "tags", "custom_details")),
    links: linksOf([["Source", read(fields.link, "link", "url")]]),
    source: "generic",
    sourceAt: timeOf(read(fields.at, "at", "timestamp", "time")),
    test: each["test"] === true,
    notes,
  });
}

function actionOf(word: string | null, resolveWords: readonly string[], acknowledgeWords: readonly string[]): AlertAction {
  const lower = word?.toLowerCase() ?? "";
  if (resolveWords.includes(lower)) return "resolve";
  return acknowledgeWords.includes(lower) ? "acknowledge" : "trigger";
}

function firstKnown(each: Record<string, unknown>, names: readonly string[]): unknown {
  for (const name of names) if (Object.hasOwn(each, name) && each[name] !== null && each[name] !== "") return each[name];
  return undefined;
}

function at(value: unknown, dotted: string): unknown {
  let found = value;
  for (const name of dotted.split(".")) {
    if (Array.isArray(found) && /^\d+$/.test(name)) found = found[Number(name)];
    else if (isRecord(found) && Object.hasOwn(found, name)) found = found[name];
    else return undefined;
  }
  return found;
}

/** No key given: the title is the identity, so that a resolve with the same title closes it. */
function keyOf(title: string): string {
  return `title-${bytesToHex(sha256(new TextEncoder().encode(title))).slice(0, 32)}`;
}
