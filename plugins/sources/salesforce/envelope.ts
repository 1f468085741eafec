// Owns reading an outbound message's XML: one pass over its tags by their local names. No document type, no entity but XML's own
// five and characters by number; whatever is no message gives null.

/** One record: its type, and the fields that were chosen for the message. */
export interface Notified {
  readonly type: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Envelope {
  readonly notifications: readonly Notified[];
  /** The API address of the organization, which says its host. */
  readonly url: string | null;
}

/** Salesforce puts at most a hundred into one message. */
const notificationsMax = 1_000;
const fieldsMax = 1_000;
const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The message's records in order; null for anything that holds no `notifications`. */
export function envelopeOf(xml: string): Envelope | null {
  const path: string[] = [];
  const notifications: Notified[] = [];
  let [seen, url, text] = [false, null as string | null, ""];
  let [type, fields] = [null as string | null, null as Map<string, string> | null];
  for (const token of tokensOf(xml)) {
    if (token.kind === "text") {
      text += token.text;
    } else if (token.kind === "open") {
      text = "";
      if (path.length >= 64) return null;
      path.push(token.name);
      if (token.name === "notifications") seen = true;
      if (seen && token.name === "sObject" && path.at(-2) === "Notification") {
        fields = new Map();
        type = /\btype\s{0,8}=\s{0,8}["'](?:[\w-]{1,64}:)?([\w-]{1,64})["']/.exec(token.attributes)?.[1] ?? null;
      }
    } else {
      if (path.pop() !== token.name) return null;
      if (fields !== null && path.at(-1) === "sObject" && fields.size < fieldsMax) fields.set(token.name, unescaped(text));
      if (path.at(-1) === "notifications" && token.name === "PartnerUrl") url = unescaped(text).trim();
      if (fields !== null && token.name === "sObject" && path.at(-1) === "Notification") {
        if (notifications.length >= notificationsMax) return null;
        notifications.push({ type, fields: ownFields(fields) });
        fields = null;
      }
      text = "";
    }
  }
  return seen && path.length === 0 ? { notifications, url } : null;
}

type Token =
  | { readonly kind: "open"; readonly name: string; readonly attributes: string }
  | { readonly kind: "close"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

function* tokensOf(xml: string): Generator<Token> {
  let at = 0;
  while (at < xml.length) {
    const tag = xml.indexOf("<", at);
    if (tag === -1) return;
    if (tag > at) yield { kind: "text", text: xml.slice(at, tag) };
    if (xml.startsWith("<![CDATA[", tag)) {
      const end = xml.indexOf("]]>", tag);
      if (end === -1) return;
      yield { kind: "text", text: xml.slice(tag + 9, end).replaceAll("&", "&amp;") };
      at = end + 3;
      continue;
    }
    const over = xml.startsWith("<!--", tag) ? "-->" : xml.startsWith("<?", tag) ? "?>" : ">";
    const end = xml.indexOf(over, tag);
    if (end === -1) return;
    const inner = xml.slice(tag + 1, end);
    at = end + over.length;
    if (inner.startsWith("!") || inner.startsWith("?")) continue;
    const name = /^\/?(?:[\w.-]{1,128}:)?([\w.-]{1,128})/.exec(inner)?.[1] ?? "";
    if (inner.startsWith("/")) yield { kind: "close", name };
    else {
      yield { kind: "open", name, attributes: inner.slice(0, 2_048) };
      if (inner.endsWith("/")) yield { kind: "close", name };
    }
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{2,4}));/g, (whole, decimal, hex, name) => {
    if (typeof name === "string") return named[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

/** A field may be called anything: own properties only, whatever the name. */
function ownFields(fields: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...fields].filter(([name]) => !(name in Object.prototype)));
}
