// Owns If-Match: what the caller saw, so that nobody overwrites what somebody changed since.

import { ApiError } from "./error.ts";

/** The tags named, as ETag gave them; null: the caller does not care. */
export function ifMatchOf(header: string | undefined): readonly string[] | null {
  if (header === undefined || header.trim() === "*") return null;
  const tags = header.split(",").map((each) => /^\s*(?:W\/)?("[\x21\x23-\x7e]*")\s*$/.exec(each)?.[1]);
  if (tags.some((tag) => tag === undefined)) throw new ApiError("bad-request", "If-Match takes what ETag gave, in quotes");
  return tags.filter((tag) => tag !== undefined);
}

/** The same for a tenant as a whole, whose tag is its version. */
export function versionOf(header: string | undefined): number | null {
  const tags = ifMatchOf(header);
  if (tags === null) return null;
  const version = tags.length === 1 ? /^"(\d{1,15})"$/.exec(tags[0] ?? "")?.[1] : undefined;
  if (version === undefined) throw new ApiError("bad-request", 'If-Match takes the version in quotes, as ETag gave it: "7"');
  return Number(version);
}
