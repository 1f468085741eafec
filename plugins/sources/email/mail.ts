// Owns reading the mail document (what the door made of a raw mail) into the few facts that everything else here asks for.

import { firstOf, isRecord, plainText, present, UnreadableError } from "../../sdk/index.ts";

const headersMax = 200;
const textMax = 32_768;

export interface Mail {
  readonly subject: string;
  /** Text of the mail, from HTML where it has no other. */
  readonly text: string;
  /** The address in From, lower case; null: there is none. */
  readonly from: string | null;
  /** MAIL FROM; "" for a bounce, null where it is not known. */
  readonly envelopeFrom: string | null;
  readonly messageId: string | null;
  /** The first mail of the thread. */
  readonly thread: string | null;
  /** It answers or passes on another. */
  readonly answers: boolean;
  readonly date: string | null;
  readonly attachments: readonly string[];
  /** Only its first part came in. */
  readonly cut: boolean;
  /** Values in the mail's order, the receiver's own first. */
  header(name: string): readonly string[];
}

export function mailOf(payload: unknown): Mail {
  if (!isRecord(payload) || !Array.isArray(payload["headers"]))
    throw new UnreadableError("a mail document with headers was expected: send the raw mail to /v1/mail/{key}");
  const headers = payload["headers"].slice(0, headersMax).flatMap((each) => {
    const value = isRecord(each) && typeof each["name"] === "string" && typeof each["value"] === "string" ? each : null;
    return value === null ? [] : [[String(value["name"]).toLowerCase(), String(value["value"]).slice(0, 4_096)] as const];
  });
  const envelope = isRecord(payload["envelope"]) ? payload["envelope"] : {};
  const from = isRecord(payload["from"]) ? present(payload["from"]["address"]) : null;
  const text = present(payload["text"]) ?? plainText(present(payload["html"]) ?? "");
  const subject = firstOf(payload["subject"]) ?? "";
  if (headers.length === 0 || (subject === "" && text === "" && from === null))
    throw new UnreadableError("no header, sender, subject or text of a mail is in it");
  const header = (name: string): readonly string[] => headers.flatMap(([key, value]) => (key === name ? [value] : []));
  const answered = ids(firstOf(payload["references"])) ?? ids(firstOf(payload["inReplyTo"]));
  const messageId = ids(firstOf(payload["messageId"]));
  return {
    subject: subject.slice(0, 1_000),
    text: text.slice(0, textMax),
    from: from?.toLowerCase().slice(0, 320) ?? null,
    envelopeFrom: typeof envelope["from"] === "string" ? envelope["from"].trim() : null,
    messageId,
    thread: answered ?? messageId,
    answers: answered !== null,
    date: firstOf(payload["date"]),
    attachments: attachmentsOf(payload["attachments"]),
    cut: payload["cut"] === true,
    header,
  };
}

/** The first id of a list of them. */
function ids(text: string | null): string | null {
  return text === null ? null : (/<([^<>\s]{1,250})>/.exec(text.slice(0, 4_096))?.[1] ?? null);
}

function attachmentsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 50).flatMap((each: unknown) => {
    if (!isRecord(each)) return [];
    const name = firstOf(each["name"], each["type"]) ?? "unnamed";
    const bytes = typeof each["bytes"] === "number" ? `, ${each["bytes"]} bytes` : "";
    return [`${name.slice(0, 200)}${bytes}`];
  });
}
