// Owns what Alertmanager refuses of the alerts that are posted to it, and in which words: first what does not fit its types, then what
// its schema demands, then what makes no alert. Senders log these words, and people search for them.

import { isRecord, present, recordOf, timeOf } from "../../sdk/index.ts";

export interface Problem {
  /** Place in the list; null: the body is no list. */
  readonly at: number | null;
  /** 400 by type, 422 by schema, "alert" for one that is understood and is none. */
  readonly kind: "type" | "schema" | "alert";
  readonly text: string;
  /** Of a schema's problem, as its validator numbers them. */
  readonly code?: number;
}

/** What is wrong with a parsed body, in the order in which it is told; none: all of it can be taken. Version 1 knew no schema. */
export function problemsOf(payload: unknown, version: 1 | 2): readonly Problem[] {
  if (payload === null) return [];
  if (!Array.isArray(payload)) {
    const wanted = version === 2 ? "models.PostableAlerts" : "[]*types.Alert";
    return [{ at: null, kind: "type", text: mistyped(payload, `value of type ${wanted}`) }];
  }
  return payload.flatMap((alert: unknown, at) => problemOf(alert, at, version));
}

function problemOf(alert: unknown, at: number, version: 1 | 2): readonly Problem[] {
  const type = typeProblem(alert);
  if (type !== null) return [{ at, kind: "type", text: type }];
  const { labels, annotations, startsAt, endsAt, generatorURL } = recordOf(alert);
  if (version === 2) {
    if (labels === undefined || labels === null)
      return [{ at, kind: "schema", code: 602, text: `${at}.labels in body is required` }];
    if (typeof generatorURL === "string" && generatorURL !== "" && !isAddress(generatorURL))
      return [
        {
          at,
          kind: "schema",
          code: 601,
          text: `${at}.generatorURL in body must be of type uri: ${JSON.stringify(generatorURL)}`,
        },
      ];
  }
  const [begin, end] = [timeOf(startsAt), timeOf(endsAt)];
  const text =
    begin !== null && end !== null && end < begin
      ? "start time must be before end time"
      : nameless(labels)
        ? 'invalid label set: invalid name ""'
        : Object.values(recordOf(labels)).every((value) => value === "" || value === null)
          ? "at least one label pair required"
          : nameless(annotations)
            ? 'invalid annotations: invalid name ""'
            : null;
  return text === null ? [] : [{ at, kind: "alert", text }];
}

function typeProblem(alert: unknown): string | null {
  if (!isRecord(alert)) return alert === null ? "an alert is null" : mistyped(alert, "value of type models.PostableAlert");
  for (const name of ["annotations", "labels"] as const) {
    const field = name === "labels" ? "Alert.labels" : ".annotations";
    const set = alert[name];
    if (set === undefined || set === null) continue;
    if (!isRecord(set)) return mistyped(set, `struct field ${field} of type models.LabelSet`);
    const wrong = Object.values(set).find((value) => value !== null && typeof value !== "string");
    if (wrong !== undefined) return mistyped(wrong, `struct field ${field} of type string`);
  }
  for (const name of ["startsAt", "endsAt"] as const) {
    const time = alert[name];
    if (time === undefined || time === null || time === "") continue;
    if (typeof time !== "string") return mistyped(time, `struct field .${name} of type string`);
    if (timeOf(time) === null && !isUnset(time)) {
      const [told, part] = [JSON.stringify(time), JSON.stringify(present(time) ?? time)];
      return `parsing time ${told} as "2006-01-02 15:04:05": cannot parse ${part} as "2006"`;
    }
  }
  const { generatorURL } = alert;
  if (generatorURL !== undefined && generatorURL !== null && typeof generatorURL !== "string")
    return mistyped(generatorURL, "struct field Alert.generatorURL of type string");
  return null;
}

function mistyped(value: unknown, into: string): string {
  const kind = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${kind} into Go ${into}`;
}

/** The zero time of Go's, and others before 1971: no time is meant. */
function isUnset(text: string): boolean {
  return /^(000[01]-01-01|19[67]\d-\d\d-\d\d)[T ]/.test(text);
}

function nameless(set: unknown): boolean {
  return Object.entries(recordOf(set)).some(([name, value]) => name === "" && value !== "" && value !== null);
}

/** As its validator has it: absolute, or a path from the root. */
function isAddress(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:/i.test(text) ? URL.canParse(text) : text.startsWith("/");
}
