// Owns hearing of changes: one WebSocket a tenant, come back with a cursor so that nothing is missed; asking now and then where
// there is none. Says what changed through `refresh` and to whoever listens for incidents.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { refresh } from "./query.ts";

/** `live`: told as it happens. `asking`: read again now and then. */
export const link = signal<"live" | "asking">("asking");

interface Change {
  readonly kind: "incident" | "config";
  readonly incident?: string;
}
interface Message {
  readonly cursor: string;
  /** Null: too much was missed. */
  readonly changes: readonly Change[] | null;
}

const backoffMaxMs = 30_000;
const pingMs = 25_000;
const silenceMs = 60_000;
/** While nothing tells us. */
const askMs = 10_000;
/** In any case: what is told may get lost, what is asked does not. */
const askAnywayMs = 60_000;
/** Topics of definitions: whatever the configuration says. */
const definitionTopics = [
  "directory",
  "users",
  "teams",
  "services",
  "policies",
  "schedules",
  "integrations",
  "own-plugins",
  "routes",
  "expressions",
  "notifiers",
  "connectors",
  "heartbeats",
  "maintenance",
  "silences",
  "lookups",
  "slas",
  "businessHours",
  "oncall",
  "config",
  "tenant",
];

type Listener = (incidents: readonly string[] | null) => void;
const listeners = new Set<Listener>();

/** Hears which incidents changed; null: any may have. */
export function useIncidentChanges(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
}

function tellAll(incidents: readonly string[] | null): void {
  for (const listener of listeners) listener(incidents);
  if (incidents === null) refresh("incidents", "incident");
  else refresh(...incidents.map((id) => `incident/${id}`));
}

/** Looks on a tenant until the answer is called. */
export function lookOn(tenant: string): () => void {
  let socket: WebSocket | null = null;
  let cursor = "";
  let failures = 0;
  let stopped = false;
  let heardAt = Date.now();
  let askedAt = Date.now();
  let again: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    if (stopped || document.visibilityState === "hidden") return;
    clearTimeout(again);
    const url = new URL(
      `/api/v1/tenants/${encodeURIComponent(tenant)}/live?since=${encodeURIComponent(cursor)}`,
      window.location.href,
    );
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(url);
    socket = mine;
    mine.addEventListener("message", (event) => {
      heardAt = Date.now();
      if (event.data === "pong") return;
      const message = JSON.parse(String(event.data)) as Message;
      const first = cursor === "";
      cursor = message.cursor;
      failures = 0;
      link.value = "live";
      if (message.changes !== null) hear(message.changes);
      else if (!first) hear(null);
    });
    mine.addEventListener("close", () => {
      if (socket !== mine) return;
      socket = null;
      link.value = "asking";
      if (stopped) return;
      // A little apart, so that a hub that comes back is not asked by all at once.
      again = setTimeout(open, Math.min(1_000 * 2 ** failures++, backoffMaxMs) * (0.5 + Math.random()));
    });
  }

  function hear(changes: readonly Change[] | null): void {
    if (changes === null) {
      refresh(...definitionTopics);
      return tellAll(null);
    }
    if (changes.some((change) => change.kind === "config")) refresh(...definitionTopics);
    const incidents = [...new Set(changes.flatMap((change) => change.incident ?? []))];
    if (incidents.length > 0) tellAll(incidents);
  }

  const timer = setInterval(() => {
    if (document.visibilityState === "hidden") return;
    const now = Date.now();
    if (now - askedAt >= (link.value === "live" ? askAnywayMs : askMs)) {
      askedAt = now;
      tellAll(null);
    }
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (now - heardAt > silenceMs) socket.close();
    else if (now - heardAt > pingMs) socket.send("ping");
  }, 5_000);

  function wake(): void {
    if (document.visibilityState === "hidden") return;
    if (socket === null) {
      failures = 0;
      open();
      tellAll(null);
    }
  }
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  open();
  return () => {
    stopped = true;
    clearTimeout(again);
    clearInterval(timer);
    document.removeEventListener("visibilitychange", wake);
    window.removeEventListener("online", wake);
    socket?.close();
    link.value = "asking";
  };
}
