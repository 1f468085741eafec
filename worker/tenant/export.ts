// Owns giving the tenant back as a document that, applied again, changes nothing. Secrets come back as a marker; what people
// made at run time is left out (it is kept anyway) unless it is asked for.

import { stringify } from "yaml";
import { sections } from "./document.ts";
import {
  definitionKinds,
  originOf,
  type DefinitionOf,
  type Definitions,
  type IntegrationDefinition,
  type Kind,
  type NotifierDefinition,
  type UserDefinition,
} from "./definitions.ts";
import { documentedUser } from "./own.ts";

type HeartbeatDefinition = DefinitionOf<"heartbeats">;

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
  return all[kind].map((each) => writtenOne(kind, kind === "users" ? documentedUser(each as UserDefinition) : each));
}

/** One definition as a document writes it, with what its owner made of it at run time. */
export function writtenOne(kind: Kind, definition: { readonly id: string }): { readonly id: string } {
  switch (kind) {
    case "users": {
      const { own: _own, ...words } = definition as UserDefinition;
      return words;
    }
    case "integrations": {
      const {
        keyHash: _keyHash,
        retiredKey: _key,
        retiredSecret: _secret,
        secret,
        ...rest
      } = definition as IntegrationDefinition;
      return { ...rest, key: kept, ...(secret === null ? {} : { secret: kept }) } as { readonly id: string };
    }
    case "heartbeats": {
      const { keyHash: _keyHash, ...rest } = definition as HeartbeatDefinition;
      return { ...rest, key: kept } as { readonly id: string };
    }
    case "schedules": {
      const { history: _history, ...rest } = definition as DefinitionOf<"schedules">;
      return rest;
    }
    case "devices": {
      // What it is reached by is a capability: whoever has it can send to it.
      const { subscription: _subscription, ...rest } = definition as DefinitionOf<"devices">;
      return rest;
    }
    case "calendars": {
      // The events are the calendar's owner's: the log keeps how many.
      const { events, holidays, ...rest } = definition as DefinitionOf<"calendars">;
      const days = holidays === undefined ? {} : { holidays: holidays.length };
      return Object.assign({}, rest, { events: events.length, ...days });
    }
    case "ownPlugins": {
      // Who uploaded it is the entry's own actor; the hash says which code it is.
      const { versions, ...rest } = definition as DefinitionOf<"ownPlugins">;
      return Object.assign({}, rest, { versions: Object.fromEntries(versions.map(({ version, hash }) => [version, hash])) });
    }
    case "connectors":
    case "notifiers": {
      const { secrets, ...rest } = definition as NotifierDefinition | DefinitionOf<"connectors">;
      const marked = Object.fromEntries(Object.keys(secrets).map((field) => [field, kept]));
      return Object.assign({}, rest, { secrets: marked });
    }
    default:
      return definition;
  }
}

export function toYaml(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { version: "1.2", schema: "core", lineWidth: 120, aliasDuplicateObjects: false });
}
