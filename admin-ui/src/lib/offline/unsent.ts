// Owns what an acknowledgment that is not sent yet is, and what becomes of it: pure, so that it can be tested by the minute. The
// store and the sending are queue.ts.

/** One press that the hub has not confirmed. Kept until its person has read what became of it. */
export interface Unsent {
  /** Also the command's id: sent twice, it counts once. */
  readonly id: string;
  readonly tenant: string;
  readonly user: string;
  readonly incident: string;
  /** The wave that the person saw; the hub refuses the press in a later one. Null: not known. */
  readonly epoch: number | null;
  readonly title: string;
  readonly severity: string;
  /** Epoch ms. */
  readonly madeAt: number;
  /** From then on it is not sent any more. */
  readonly expiresAt: number;
  readonly tries: number;
  readonly state: "waiting" | "sign-in" | "over";
  /** There when it is over. */
  readonly end: End | null;
}

/** How it ended, at epoch ms. */
export type End = { readonly at: number } & (
  | { readonly kind: "acknowledged"; readonly already: boolean }
  /** Somebody else has it. */
  | { readonly kind: "other"; readonly by: string; readonly since: string | null }
  | { readonly kind: "resolved"; readonly by: string | null }
  /** Paging began anew after the press: it counts for what was seen, and nothing was changed. */
  | { readonly kind: "anew" }
  | { readonly kind: "refused"; readonly why: string }
  /** No connection for so long that nobody may believe in it any more. */
  | { readonly kind: "expired" }
);

/** What a hub's answer means: over, ask again later, or only after its person has signed in here. */
export type Verdict = { readonly kind: "over"; readonly end: End } | { readonly kind: "again" } | { readonly kind: "sign-in" };

/** An hour: whoever pressed has long called somebody by then, and the next levels were paged. */
export const lifeMs = 60 * 60_000;
/** What is over is told for a day, if nobody looked. */
const toldMs = 24 * 60 * 60_000;

export interface Press {
  readonly tenant: string;
  readonly user: string;
  readonly incident: string;
  readonly epoch?: number | null;
  readonly title: string;
  readonly severity: string;
}

export function unsentOf(press: Press, id: string, now: number): Unsent {
  const { tenant, user, incident, epoch = null, title, severity } = press;
  const fixed = { tenant, user, incident, epoch, title, severity };
  return { id, ...fixed, madeAt: now, expiresAt: now + lifeMs, tries: 0, state: "waiting", end: null };
}

/** The same press is not kept twice while it waits. */
export function sameWaiting(all: readonly Unsent[], press: Press): Unsent | null {
  return (
    all.find(
      (each) =>
        each.state !== "over" &&
        each.tenant === press.tenant &&
        each.user === press.user &&
        each.incident === press.incident &&
        each.epoch === (press.epoch ?? null),
    ) ?? null
  );
}

/**
 * `status` 0: no answer came. `body`: the answer's JSON, as far as it is an object. Only the hub's own word ends a press: the
 * page of a hotel's network, or of a proxy, answers 200 and 403 too.
 */
export function verdictOf(
  { incident }: Pick<Unsent, "incident">,
  status: number,
  body: Readonly<Record<string, unknown>>,
  now: number,
): Verdict {
  const text = (name: string): string | null => (typeof body[name] === "string" ? body[name] : null);
  if (status >= 200 && status < 300 && body["id"] === incident)
    return over({ kind: "acknowledged", already: body["already"] === true, at: now });
  if (status < 400 || status === 408 || status === 429 || status >= 500 || text("detail") === null) return { kind: "again" };
  if (status === 401) return { kind: "sign-in" };
  if (status === 422 && namesAnother(body)) return { kind: "sign-in" };
  const [by, was] = [text("by"), text("incidentStatus")];
  if (status === 409 && text("reason") === "stale") return over({ kind: "anew", at: now });
  if (status === 409 && (was === "resolved" || text("reason") === "closed")) return over({ kind: "resolved", by, at: now });
  if (status === 409 && was === "acknowledged" && by !== null) return over({ kind: "other", by, since: text("since"), at: now });
  // A tenant that is gone, a role that was taken away: said as the hub says it.
  return over({ kind: "refused", why: text("detail") ?? "", at: now });
}

function over(end: End): Verdict {
  return { kind: "over", end };
}

/** Somebody else is signed in at this browser now. */
function namesAnother(body: Readonly<Record<string, unknown>>): boolean {
  const { errors } = body;
  return Array.isArray(errors) && (errors as { path?: unknown }[]).some((each) => each.path === "as");
}

export function after(entry: Unsent, verdict: Verdict): Unsent {
  const tried = { ...entry, tries: entry.tries + 1 };
  if (verdict.kind === "over") return { ...tried, state: "over", end: verdict.end };
  return { ...tried, state: verdict.kind === "sign-in" ? "sign-in" : "waiting" };
}

/** An entry as it stands at that time: one that waited too long is over, unsent. */
export function asOf(entry: Unsent, now: number): Unsent {
  if (entry.state === "over" || now < entry.expiresAt) return entry;
  return { ...entry, state: "over", end: { kind: "expired", at: entry.expiresAt } };
}

/** Told long enough, or by a clock that was set back: nobody will read it any more. */
export function isStale(entry: Unsent, now: number): boolean {
  return entry.end !== null && now - entry.end.at > toldMs;
}
