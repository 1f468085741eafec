// Owns the fields of a body that is multipart/form-data (RFC 7578), as some senders post their JSON. A part that is a file counts
// as a field that holds its text.

import { limits } from "../core/limits.ts";

/** The boundary that the content type names; null: it is no multipart form. */
export function boundaryOf(contentType: string): string | null {
  const found = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2] ?? null;
}

/** Name and text of each part, in order; null when the boundary does not divide it. */
export function multipartFields(text: string, boundary: string): readonly (readonly [name: string, value: string])[] | null {
  const parts = `\r\n${text.replaceAll(/\r?\n/g, "\r\n")}`.split(`\r\n--${boundary}`, limits.ingest.jsonKeysMax + 2);
  if (parts.length < 2) return null;
  return parts.slice(1).flatMap((part) => {
    const split = part.indexOf("\r\n\r\n");
    const name = /;\s*name="((?:[^"\\]|\\.)*)"/i.exec(part.slice(0, split === -1 ? 0 : split))?.[1];
    return split === -1 || name === undefined ? [] : [[name.replaceAll(/\\(.)/g, "$1"), part.slice(split + 4)] as const];
  });
}
