// Owns giving the tenant back as a document that, applied again, changes nothing. Secrets come back as a marker; what people
// made at run time is left out (it is kept anyway) unless it is asked for.

import { stringify } from "yaml";
import { sections } from "./document.ts";
import { definitionKinds, originOf, type Definitions, type Kind } from "./definitions.ts";

const kept = { sealed: true } as const;

export function exportDocument(
  tenant: string,
  all: Definitions,
  options: { readonly runtime?: boolean } = {},
): Record<string, unknown> {
  const available = definitionKinds.filter((kind) => kind in sections);
  const wanted = (kind: Kind, id: string): boolean => options.runtime === true || originOf(all, kind, id) === "document";
  const lists = available.map((kind) => [kind, written(all, kind).filter((each) => wanted(kind, each.id))]);
  return { tenant, ...all.settings, ...Object.fromEntries(lists) };
}

/** The definitions of one kind as a document writes them. */
export function written(all: Definitions, kind: Kind): readonly { readonly id: string }[] {
  if (kind === "integrations")
    return all.integrations.map(({ keyHash: _keyHash, secret, ...rest }) => ({
      ...rest,
      key: kept,
      ...(secret === null ? {} : { secret: kept }),
    }));
  if (kind === "heartbeats") return all.heartbeats.map(({ keyHash: _keyHash, ...rest }) => ({ ...rest, key: kept }));
  if (kind === "notifiers")
    return all.notifiers.map(({ secrets, ...rest }) => ({
      ...rest,
      secrets: Object.fromEntries(Object.keys(secrets).map((field) => [field, kept])),
    }));
  return all[kind];
}

export function toYaml(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { version: "1.2", schema: "core", lineWidth: 120 });
}
