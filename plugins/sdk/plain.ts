// Owns turning a sender's HTML into text. Not a sanitizer for showing HTML: what comes out is text and is escaped again
// by every channel.

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

/** Tags gone, line breaks where blocks end, the common entities read. Linear in the length of the text. */
export function plainText(html: string): string {
  return html
    .slice(0, 262_144)
    .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]{0,1000}>/gi, "\n")
    .replaceAll(/<\/?[a-z!][^<>]{0,4000}>/gi, "")
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) =>
      entity(whole, decimal as string | undefined, hex as string | undefined, name as string | undefined),
    )
    .replaceAll(/[ \t]{1,200}\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function entity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return named[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
}
