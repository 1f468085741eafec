// Owns CloudEvents 1.0: one event, a batch, or binary (the context in ce- headers, the data as body). A type's last part says
// what became of its subject.

import * as z from "zod";
import {
  actionBy,
  alertOf,
  at,
  commonSeverities,
  firstOf,
  ignored,
  isRecord,
  labelsOf,
  linksOf,
  severityOf,
  timeOf,
  UnreadableError,
  verifyShared,
  wordOf,
  type Alert,
  type AlertAction,
  type SourceManifest,
  type SourcePlugin,
  readEach,
} from "../../sdk/index.ts";
import manifest from "./manifest.json" with { type: "json" };

const types = z.array(z.string().min(1).max(256)).max(64).default([]);
const config = z.strictObject({
  resolveTypes: types.describe("Types that end a problem, beside those that end in .resolved, .closed or .recovered"),
  acknowledgeTypes: types.describe("Types that acknowledge, beside those that end in .acknowledged"),
  ignoreTypes: types.describe("Types that change nothing here"),
  stateField: z
    .string()
    .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,7}$/, "a dotted path such as alert.state")
    .optional()
    .describe("Where data says the state (firing, resolved, …), for senders whose types do not"),
});
type Config = z.infer<typeof config>;
type Fields = Readonly<Record<string, unknown>>;

const suffixes: Readonly<Record<string, AlertAction>> = {
  resolved: "resolve",
  closed: "resolve",
  recovered: "resolve",
  acknowledged: "acknowledge",
};
/** Last parts that say no more than that it began. */
const beginnings = new Set(["opened", "created", "raised", "triggered", "firing", "active"]);
const states: Readonly<Record<string, AlertAction>> = {
  firing: "trigger",
  open: "trigger",
  opened: "trigger",
  active: "trigger",
  triggered: "trigger",
  alerting: "trigger",
  acknowledged: "acknowledge",
  resolved: "resolve",
  recovered: "resolve",
  closed: "resolve",
  ok: "resolve",
};
const attributes = new Set([
  "specversion",
  "id",
  "source",
  "type",
  "subject",
  "time",
  "datacontenttype",
  "dataschema",
  "data",
  "data_base64",
]);

export const plugin: SourcePlugin<Config> = {
  manifest: manifest as SourceManifest,
  config,
  verify: (request, { secret }) => verifyShared(request, secret, { query: "access_token" }),
  normalize({ payload, headers, config: settings }) {
    if (headers["ce-specversion"] !== undefined) return [one(fromHeaders(headers, payload), settings)];
    if (Array.isArray(payload)) {
      if (payload.length === 0) return [ignored("cloudevents", null, "CloudEvents batch", "an empty batch")];
      return readEach(payload, (each) => one(recordIn(each), settings));
    }
    return [one(recordIn(payload), settings)];
  },
};

function recordIn(payload: unknown): Fields {
  if (isRecord(payload) && firstOf(payload["specversion"]) !== null) return payload;
  throw new UnreadableError("expected a CloudEvent: an object with specversion, a batch of them, or ce- headers");
}

/** Binary mode: values are percent-encoded where HTTP asks for it. */
function fromHeaders(headers: Readonly<Record<string, string>>, data: unknown): Fields {
  const context = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith("ce-") ? [[name.slice(3), decoded(value)] as const] : [],
  );
  return { ...Object.fromEntries(context), data };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function one(event: Fields, settings: Config): Alert {
  const [source, type, id] = [firstOf(event["source"]), firstOf(event["type"]), firstOf(event["id"])];
  if (source === null || type === null || id === null)
    throw new UnreadableError("a CloudEvent without source, type or id: the specification asks for all three");
  const data = event["data"];
  const subject = firstOf(event["subject"], at(data, "id"));
  const dot = type.lastIndexOf(".");
  const suffix = type.slice(dot + 1).toLowerCase();
  const known = Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
  // Without a subject the kind of event is the problem, less a last part that only says what became of it.
  const kind = dot > 0 && (known !== undefined || beginnings.has(suffix)) ? type.slice(0, dot) : type;
  const key = `${source} ${subject ?? kind}`;
  const title = firstOf(at(data, "title"), at(data, "summary"), at(data, "name")) ?? `${type} ${subject ?? source}`;
  if (settings.ignoreTypes.includes(type)) return ignored("cloudevents", key, title, `type ${type} is in config.ignoreTypes`);
  const { action, notes } = actionOf(type, known, data, settings);
  const severity = severityOf(firstOf(event["severity"], at(data, "severity"), at(data, "priority")), commonSeverities);
  const extensions = Object.fromEntries(Object.entries(event).filter(([name]) => !attributes.has(name)));
  return alertOf({
    dedupKey: key,
    action,
    severity: severity.severity,
    title,
    body: firstOf(at(data, "description"), at(data, "message"), data) ?? (isRecord(data) ? JSON.stringify(data) : ""),
    labels: labelsOf({ ...extensions, source, type, subject: event["subject"] }),
    links: linksOf([
      ["Event", firstOf(at(data, "url"), at(data, "link"))],
      ["Source", source],
    ]),
    source: "cloudevents",
    sourceAt: timeOf(event["time"]),
    notes: [...notes, ...severity.notes],
  });
}

function actionOf(
  type: string,
  known: AlertAction | undefined,
  data: unknown,
  { resolveTypes, acknowledgeTypes, stateField }: Config,
): { readonly action: AlertAction; readonly notes: readonly string[] } {
  if (resolveTypes.includes(type)) return { action: "resolve", notes: [] };
  if (acknowledgeTypes.includes(type)) return { action: "acknowledge", notes: [] };
  if (stateField !== undefined) return actionBy(wordOf(at(data, ...stateField.split("."))), states, stateField);
  return { action: known ?? "trigger", notes: [] };
}
