// Owns what becomes of a raw mail before its source sees it: one JSON document without MIME in it, bounded, attachments by name
// only. The document is what is kept and can be let in again; neither the address's key nor a secret stays in it.

import PostalMime, { type Address, type Email } from "postal-mime";
import { limits } from "../core/limits.ts";
import type { ReadBody } from "./body.ts";

const bound = limits.mail;
/** The header by which a mail shows the integration's secret. */
const secretHeader = "x-tocsin-secret";

/** What the mail servers said to each other. `from` null: nobody knows; "": a bounce. */
export interface Envelope {
  readonly from: string | null;
  readonly to: string;
}

export interface ReadMail {
  readonly body: ReadBody;
  /** What the request is to look like: its type, the mail's own id, and the secret where it has one. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A mail that is too long is read as far as it came. One that cannot be read stays as it is, with the reason. */
export async function readMail(came: ReadBody, envelope: Envelope, key: string): Promise<ReadMail> {
  const raw = new Uint8Array(came.bytes);
  try {
    const email = await PostalMime.parse(raw, { maxNestingDepth: 64, maxRfc822NestingDepth: 3, maxHeadersSize: 524_288 });
    if (email.headers.length === 0) return unread(raw, "no header of a mail is in it");
    const secret = email.headers.find((header) => header.key === secretHeader)?.value.trim();
    const id = email.messageId?.slice(0, 200);
    const text = withoutKey(JSON.stringify(documentOf(email, envelope, !came.ok)), key);
    return {
      body: { ok: true, bytes: new TextEncoder().encode(text) },
      headers: {
        "content-type": "application/json",
        ...(id === undefined || !/^[\x21-\x7e]+$/.test(id) ? {} : { "message-id": id }),
        ...(secret === undefined ? {} : { [secretHeader]: secret }),
      },
    };
  } catch (error) {
    return unread(raw, error instanceof Error ? error.message.slice(0, 200) : "its parts cannot be told apart");
  }
}

function unread(bytes: Uint8Array, why: string): ReadMail {
  return { body: { ok: false, bytes, reason: `the mail cannot be read: ${why}` }, headers: {} };
}

function documentOf(email: Email, envelope: Envelope, cut: boolean): object {
  const text = email.text?.trim() ? email.text.toWellFormed().slice(0, bound.textCharsMax) : undefined;
  return {
    envelope,
    messageId: email.messageId,
    inReplyTo: email.inReplyTo?.slice(0, bound.headerCharsMax),
    references: email.references?.slice(0, bound.headerCharsMax),
    date: email.date?.slice(0, 64),
    subject: email.subject?.toWellFormed().slice(0, 1_000),
    from: mailboxes(email.from === undefined ? [] : [email.from])[0],
    to: mailboxes(email.to),
    cc: mailboxes(email.cc),
    headers: email.headers
      .filter(({ key }) => key !== secretHeader)
      .slice(0, bound.headersMax)
      .map(({ key, value }) => ({ name: key, value: value.toWellFormed().slice(0, bound.headerCharsMax) })),
    text,
    html: text === undefined ? email.html?.toWellFormed().slice(0, bound.htmlCharsMax) : undefined,
    attachments: email.attachments.slice(0, bound.attachmentsMax).map(({ filename, mimeType, content }) => ({
      name: filename?.toWellFormed().slice(0, 255) ?? null,
      type: mimeType.slice(0, 128),
      bytes: typeof content === "string" ? content.length : content.byteLength,
    })),
    ...(cut ? { cut } : {}),
  };
}

function mailboxes(addresses: readonly Address[] = []): { readonly name: string; readonly address: string }[] {
  return addresses
    .flatMap((each) => (each.group === undefined ? [each] : each.group))
    .slice(0, 50)
    .map(({ name, address }) => ({ name: name.toWellFormed().slice(0, 255), address: address.toWellFormed().slice(0, 320) }));
}

/** The address is the proof: it stands in To, Received and Delivered-To. */
function withoutKey(text: string, key: string): string {
  const small = key.toLowerCase();
  let [rest, lower, made] = [text, text.toLowerCase(), ""];
  // Lower case may have another length: then the places do not fit, and only the key as it is written is found.
  if (lower.length !== rest.length) return rest.replaceAll(key, "***");
  for (let at = lower.indexOf(small); at !== -1; at = lower.indexOf(small)) {
    made += `${rest.slice(0, at)}***`;
    rest = rest.slice(at + key.length);
    lower = lower.slice(at + key.length);
  }
  return made + rest;
}
