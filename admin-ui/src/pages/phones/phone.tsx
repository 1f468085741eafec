// Owns one simulated phone: the pages that arrived on it, newest first, each with the way to answer it.

import type { JSX } from "preact";
import { Icon } from "../../design/icon.tsx";
import { Avatar, Moment, Severity } from "../../design/marks.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { reasonOfPage } from "../../lib/reasons.ts";
import type { InboxMessage } from "../../lib/setup-shapes.ts";
import type { IncidentRow } from "../../lib/shapes.ts";
import { slowly } from "../../lib/time.ts";
import "./phones.css";

const words = catalogue({
  en: {
    phoneOf: (name: string) => `${name}'s phone`,
    open: "Open to answer",
    look: "Open",
    quiet: "Nothing yet. A page for this person shows here the moment it goes out.",
    states: {
      triggered: "Waits for an answer",
      acknowledged: "Acknowledged",
      resolved: "Resolved",
      merged: "Merged",
      suppressed: "Suppressed",
      held: "Held",
    },
    by: (state: string, name: string) => `${state} by ${name}`,
    more: (n: number) => `and ${n} more incidents in one message`,
  },
  es: {
    phoneOf: (name: string) => `Teléfono de ${name}`,
    open: "Abrir para responder",
    look: "Abrir",
    quiet: "Nada todavía. Un aviso para esta persona aparece aquí en cuanto sale.",
    states: {
      triggered: "Espera respuesta",
      acknowledged: "Reconocida",
      resolved: "Resuelta",
      merged: "Fusionada",
      suppressed: "Suprimida",
      held: "Retenida",
    },
    by: (state: string, name: string) => `${state} por ${name}`,
    more: (n: number) => `y ${n} incidencias más en un mensaje`,
  },
});

const freshMs = 60_000;

export function Phone({
  user,
  messages,
  incidents,
}: {
  readonly user: string;
  readonly messages: readonly InboxMessage[];
  /** What is known of the incidents behind the messages. */
  readonly incidents: readonly Pick<IncidentRow, "id" | "status" | "acknowledgedBy">[];
}): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const name = person(user);
  return (
    <section class="phone" aria-label={w.phoneOf(name)}>
      <header>
        <Avatar name={name} />
        <h2 class="cut">{name}</h2>
      </header>
      {messages.length === 0 && <p class="quiet">{w.quiet}</p>}
      {/* Read out as they come; scrolled to by the keyboard. */}
      <ol aria-live="polite" tabIndex={messages.length > 2 ? 0 : undefined} aria-label={w.phoneOf(name)}>
        {messages.map((message) => (
          <Message
            key={message.delivery}
            message={message}
            incident={incidents.find((each) => each.id === message.incident) ?? null}
          />
        ))}
      </ol>
    </section>
  );
}

function Message({
  message,
  incident,
}: {
  readonly message: InboxMessage;
  readonly incident: Pick<IncidentRow, "status" | "acknowledgedBy"> | null;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const { rank, person } = names;
  const { status = null, acknowledgedBy = null } = incident ?? {};
  // Too new for the list, or too old: a page of a step waits at first, a test waits for nobody.
  const unlisted = message.step > 0 && slowly.value - Date.parse(message.at) < freshMs;
  const waits = status === null ? unlisted : status === "triggered";
  const state = status === null ? null : w.states[status];
  return (
    <li class={waits ? "" : "over"}>
      <p class="from">
        <Severity name={message.severity} rank={rank(message.severity)} />
        <Moment at={message.at} as="ago" />
      </p>
      <p class="what">{message.title}</p>
      {message.summary !== undefined && message.summary.count > 1 && <p class="small">{w.more(message.summary.count - 1)}</p>}
      <p class="small soft">{reasonOfPage({ ...message, text: message.reason }, names)}</p>
      {state !== null && status !== "triggered" && (
        <p class="small state">
          <Icon name="check" size={14} />
          {status === "acknowledged" && acknowledgedBy !== null ? w.by(state, person(acknowledgedBy)) : state}
        </p>
      )}
      {/* By its path alone: whoever looks at this page reaches the hub by the name that stands in their address bar. */}
      <a class={`button small ${waits ? "go" : ""}`} href={new URL(message.link).pathname} target="_blank" rel="noopener">
        {waits ? w.open : w.look}
      </a>
    </li>
  );
}
