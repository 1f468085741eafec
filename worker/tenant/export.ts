// Owns giving the tenant back as a document that, applied again, changes nothing. Secrets come back as a marker.

import { stringify } from "yaml";
import type { Definitions } from "./definitions.ts";

const kept = { sealed: true } as const;

export function exportDocument(tenant: string, all: Definitions): Record<string, unknown> {
  return {
    tenant,
    ...all.settings,
    users: all.users,
    teams: all.teams,
    policies: all.policies,
    services: all.services,
    integrations: all.integrations.map(({ keyHash: _keyHash, secret, ...rest }) => ({
      ...rest,
      key: kept,
      ...(secret === null ? {} : { secret: kept }),
    })),
    routes: all.routes,
    notifiers: all.notifiers.map(({ secrets, ...rest }) => ({
      ...rest,
      secrets: Object.fromEntries(Object.keys(secrets).map((field) => [field, kept])),
    })),
  };
}

export function toYaml(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { version: "1.2", schema: "core", lineWidth: 120 });
}
