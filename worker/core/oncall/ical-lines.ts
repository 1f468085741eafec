// Owns the text form of iCalendar (RFC 5545 §3.1): folded lines, names, parameters, values, escapes; both ways. Knows no events.

export interface Property {
  /** Upper case. */
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  /** As it stands, escapes included. */
  readonly value: string;
}

/** A component with its own properties and the components inside it. */
export interface Component {
  readonly name: string;
  readonly properties: readonly Property[];
  readonly inside: readonly Component[];
}

/** The components of a text, outermost first. Lines that are none are left out; a component that never ends holds what came. */
export function readComponents(text: string): Component[] {
  interface Open {
    readonly name: string;
    readonly properties: Property[];
    readonly inside: Component[];
  }
  const root: Open = { name: "", properties: [], inside: [] };
  const open: Open[] = [root];
  for (const line of unfolded(text)) {
    const property = readLine(line);
    if (property === null) continue;
    const present = open.at(-1) ?? root;
    if (property.name === "BEGIN") {
      const made: Open = { name: property.value.trim().toUpperCase(), properties: [], inside: [] };
      present.inside.push(made);
      open.push(made);
    } else if (property.name === "END") {
      const at = open.findLastIndex((each) => each.name === property.value.trim().toUpperCase());
      if (at > 0) open.length = at;
    } else present.properties.push(property);
  }
  return root.inside;
}

/** A line that begins with a space or a tab goes on from the one before. */
function unfolded(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/\n[ \t]/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
}

function readLine(line: string): Property | null {
  const name = /^[A-Za-z0-9-]+/.exec(line)?.[0];
  if (name === undefined) return null;
  const params: Record<string, string> = {};
  let at = name.length;
  while (line[at] === ";") {
    const param = /^;([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)/.exec(line.slice(at));
    if (!param) return null;
    params[(param[1] ?? "").toUpperCase()] = (param[2] ?? "").replaceAll('"', "");
    at += param[0].length;
  }
  return line[at] === ":" ? { name: name.toUpperCase(), params, value: line.slice(at + 1) } : null;
}

/** A TEXT value (§3.3.11) as people read it. */
export function plainText(value: string): string {
  return value.replace(/\\([nN,;\\])/g, (_, escaped: string) => (escaped.toLowerCase() === "n" ? "\n" : escaped));
}

export function escapedText(text: string): string {
  return (
    text
      .replaceAll("\\", "\\\\")
      .replaceAll(";", "\\;")
      .replaceAll(",", "\\,")
      .replace(/\r\n?|\n/g, "\\n")
      // Other control characters have no place in a content line.
      // oxlint-disable-next-line no-control-regex -- exactly those are meant
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, "")
  );
}

const octetsMax = 75;

/** One content line with its ending, folded at 75 octets, never inside a character. */
export function foldedLine(line: string): string {
  const encoder = new TextEncoder();
  let result = "";
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > octetsMax) {
      result += "\r\n ";
      octets = 1;
    }
    result += character;
    octets += size;
  }
  return `${result}\r\n`;
}
