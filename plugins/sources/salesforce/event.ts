// Owns reading Salesforce's event messages as JSON: platform events and Change Data Capture, in CometD's shape, or in EventBridge's
// from Event Relay (the message under detail.payload) or AppFlow (its fields in detail itself).

import { at, firstOf, isRecord, listOf, timeOf, wordOf } from "../../sdk/index.ts";

/** What one message tells: a record that changed, or an event of the organization's own making. */
export type Told =
  | {
      readonly kind: "change";
      readonly entity: string | null;
      /** In lower case: create, update, delete, undelete, gap_… */
      readonly change: string | null;
      readonly records: readonly string[];
      readonly fields: Readonly<Record<string, string>>;
      readonly at: number | null;
    }
  | {
      readonly kind: "event";
      /** Its API name (Payment_Down__e); null where the message came without its channel. */
      readonly name: string | null;
      /** The same when the message comes again; null: it has none. */
      readonly id: string | null;
      readonly fields: Readonly<Record<string, string>>;
      readonly at: number | null;
    };

const partner = /^aws\.partner\/(appflow[\w.-]{0,32}\/)?salesforce\.com\//;
const fieldsMax = 1_000;

/** The message of a body that is JSON; null: it is none. */
export function jsonOf(text: string): unknown {
  if (!/^\s*\{/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What an event message tells; null: this is none. */
export function toldOf(message: unknown): Told | null {
  if (!isRecord(message)) return null;
  if (partner.test(firstOf(message["source"]) ?? "") && isRecord(message["detail"])) {
    const { detail } = message;
    const payload = isRecord(detail["payload"]) ? detail["payload"] : detail;
    return told(payload, firstOf(message["detail-type"]), firstOf(message["id"]), timeOf(message["time"]));
  }
  const inner = isRecord(message["data"]) ? message["data"] : message;
  const payload = inner["payload"];
  if (!isRecord(payload) || firstOf(inner["schema"], at(inner, "event", "schema")) === null) return null;
  const name = firstOf(message["channel"])?.split("/").at(-1) ?? null;
  const place = firstOf(at(inner, "event", "replayId"));
  const id = firstOf(at(inner, "event", "EventUuid")) ?? (place === null ? null : `${name ?? "event"}/${place}`);
  return told(payload, name, id, null);
}

/** The organization that Event Relay's own EventBridge source names; no other shape names one. */
export function organizationOf(message: unknown): string | null {
  const source = isRecord(message) ? firstOf(message["source"]) : null;
  return /^aws\.partner\/salesforce\.com\/([A-Za-z0-9]{15,18})\//.exec(source ?? "")?.[1] ?? null;
}

function told(payload: Readonly<Record<string, unknown>>, name: string | null, id: string | null, sent: number | null): Told {
  const fields = textsOf(payload);
  const header = payload["ChangeEventHeader"];
  if (!isRecord(header)) return { kind: "event", name, id, fields, at: timeOf(fields["CreatedDate"]) ?? sent };
  return {
    kind: "change",
    entity: firstOf(header["entityName"]),
    change: wordOf(header["changeType"]),
    records: listOf(header["recordIds"]).flatMap((each) => firstOf(each) ?? []),
    fields,
    at: timeOf(header["commitTimestamp"]) ?? sent,
  };
}

/** What is no single value (an address, a person's name in its parts) is left out. */
function textsOf(payload: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(payload)
      .slice(0, fieldsMax)
      .flatMap(([name, value]) => {
        const text = firstOf(value);
        return text === null || name in Object.prototype ? [] : [[name, text] as const];
      }),
  );
}
