// Owns what our own service worker is told in place of a page: how the incident stands, and what the last press did. Pure.

import type { State } from "../core/moves.ts";
import type { IncidentView } from "../objects/rpc.ts";
import type { Notice, RespondModel } from "./model.ts";

/** Fields may be added: a worker of an older build reads it. */
export interface Told {
  readonly incident: string;
  readonly title: string;
  readonly severity: string;
  readonly state: State;
  /** The person of the link has it. */
  readonly mine: boolean;
  /** Who has it, by name; null: nobody. */
  readonly by: string | null;
  /** RFC 3339; null: nobody has it. */
  readonly since: string | null;
  readonly headline: string;
  readonly notice: Notice | null;
}

export function toldOf(model: RespondModel, { episode }: IncidentView, nameOf: (id: string) => string): Told {
  const { acknowledgedBy: by, acknowledgedAt: since } = episode;
  return {
    incident: episode.id,
    title: model.title,
    severity: model.severity.name,
    state: model.state,
    mine: model.mine,
    by: by === null ? null : nameOf(by),
    since: since === null ? null : new Date(since).toISOString(),
    headline: model.headline,
    notice: model.notice,
  };
}

/** A browser that goes to a page says text/html; `fetch` of a script says what it wants. */
export function wantsJson(accept: string | undefined): boolean {
  return accept !== undefined && /^application\/json\b/.test(accept.trim());
}
