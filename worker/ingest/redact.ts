// Owns masking credentials that some senders put into their bodies, before anything of a body is kept. Works on the text, so that
// a body nobody can read is masked too.

/** The text with the values of these fields masked, in JSON, forms and XML. */
export function redacted(text: string, fields: readonly string[] = []): string {
  return fields.reduce((masked, field) => {
    const name = field.replaceAll(/[^\w-]/g, "");
    return masked
      .replaceAll(new RegExp(`("${name}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"?`, "gi"), '$1"***"')
      .replaceAll(new RegExp(`((?:^|[&?])${name}=)[^&\\s]*`, "gi"), "$1***")
      .replaceAll(new RegExp(`(<(?:[\\w-]+:)?${name}(?:\\s[^<>]*)?>)[^<]*`, "gi"), "$1***");
  }, text);
}
