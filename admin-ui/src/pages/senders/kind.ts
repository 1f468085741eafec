// Owns what notifiers and connectors have in common for their pages: where they are read, written and tested.

import { call, type Operation } from "../../lib/api.ts";
import type { ConnectorWords, Health, NotifierWords, SendingHealth, SendTest } from "../../lib/board-shapes.ts";
import type { Issued, Meta } from "../../lib/setup-shapes.ts";

export type Kind = "notifier" | "connector";

/** One of either, as the document writes it. */
export type Sender = NotifierWords & Partial<Pick<ConnectorWords, "on" | "when" | "integrations">>;
export type Stored = Sender & { readonly meta: Meta; readonly issued?: readonly Issued[] };

interface Ways {
  readonly topic: string;
  /** The operations that make, change and try one. */
  readonly makes: Operation;
  readonly changes: Operation;
  readonly tries: Operation;
  readonly list: (
    cursor: string | undefined,
    limit: number,
  ) => Promise<{ readonly items: readonly Stored[]; readonly next: string | null }>;
  readonly get: (id: string) => Promise<Stored>;
  readonly create: (body: Sender) => Promise<Stored>;
  readonly replace: (id: string, body: Sender, headers: Readonly<Record<string, string>>) => Promise<Stored>;
  readonly remove: (id: string) => Promise<unknown>;
  readonly healthOf: (health: SendingHealth | null, id: string) => Health | null;
  readonly test: (id: string, to: string) => Promise<SendTest>;
}

/** Which integrations it answers is left out where it answers them all. */
function connectorOf(body: Sender): ConnectorWords {
  const { fallback: _, integrations, ...rest } = body;
  return integrations === undefined || integrations.length === 0 ? rest : { ...rest, integrations };
}

export const ways: Readonly<Record<Kind, Ways>> = {
  notifier: {
    topic: "notifiers",
    makes: "createNotifier",
    changes: "replaceNotifier",
    tries: "testNotifier",
    list: (cursor, limit) => call("listNotifiers", { query: { limit, cursor } }),
    get: (id) => call("getNotifier", { id }),
    create: (body) => call("createNotifier", { body }),
    replace: (id, body, headers) => call("replaceNotifier", { id, body, headers }),
    remove: (id) => call("deleteNotifier", { id }),
    healthOf: (health, id) => health?.notifiers.find((each) => each.id === id) ?? null,
    test: (id, to) => call("testNotifier", { id, body: { to } }),
  },
  connector: {
    topic: "connectors",
    makes: "createConnector",
    changes: "replaceConnector",
    tries: "testConnector",
    list: (cursor, limit) => call("listConnectors", { query: { limit, cursor } }),
    get: (id) => call("getConnector", { id }),
    create: (body) => call("createConnector", { body: connectorOf(body) }),
    replace: (id, body, headers) => call("replaceConnector", { id, body: connectorOf(body), headers }),
    remove: (id) => call("deleteConnector", { id }),
    healthOf: (health, id) => health?.connectors.find((each) => each.id === id) ?? null,
    test: (id) => call("testConnector", { id, body: {} }),
  },
};

export type State = "quiet" | "good" | "bad";

/** The last word counts: one that failed since it last went well is failing. */
export function stateOf(health: Health | null): State {
  const [good, bad] = [health?.lastGood?.at, health?.lastBad?.at].map((at) => (at === undefined ? null : Date.parse(at)));
  if (bad !== null && bad !== undefined && bad > (good ?? 0)) return "bad";
  return good === null || good === undefined ? "quiet" : "good";
}
