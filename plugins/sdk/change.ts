// Owns making a change: the small reading that every source of changes needs.

import type { Change } from "../../worker/core/change.ts";
import { boundedKey } from "./key.ts";
import { cut, titleOf } from "./text.ts";

/** Fills in what is the same for most changes and keeps texts inside their limits. */
export function changeOf(change: Pick<Change, "summary" | "source"> & Partial<Change>): Change {
  const { dedupKey = null } = change;
  return {
    body: "",
    labels: {},
    links: [],
    service: null,
    sourceAt: null,
    ...change,
    ...(change.body === undefined ? {} : { body: cut(change.body, 4_096) }),
    dedupKey: dedupKey === null || dedupKey === "" ? null : boundedKey(dedupKey),
    summary: titleOf(change.summary, 1_024),
  };
}
