// Owns asking the hub by a page's signed link: how its incident stands, and one press on Acknowledge. Needs no session; the link
// is the proof. Always this origin's own path, so that nothing is told to another.

import type { PagePush } from "./push.ts";
import { worker } from "./scope.ts";

/** `told`: in the hub's own words, where there is no shorter way to say it. */
export type Standing =
  | { readonly kind: "open" | "mine" | "over" }
  | { readonly kind: "other"; readonly by: string }
  | { readonly kind: "told"; readonly text: string };

export type Pressed =
  /** The hub answered: so it stands now. */
  | { readonly kind: "stands"; readonly standing: Standing }
  /** The hub answered that this link does nothing any more. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unreachable" };

interface Told {
  readonly state?: string;
  readonly mine?: boolean;
  readonly by?: string | null;
  readonly headline?: string;
  readonly problem?: { readonly title?: string; readonly text?: string };
}

/** A browser ends a worker that is busy for half a minute. */
const tries = [0, 1_500, 4_000];
const pressLimitMs = 6_000;

/** Null: not known. */
export async function stateOf(link: string, limitMs: number): Promise<Standing | null> {
  const answer = await asked(link, "", { method: "GET" }, limitMs).catch(() => null);
  return answer === null || answer.told.state === undefined ? null : standingOf(answer.told);
}

/** One press, however often it must be sent: its nonce makes it one command. */
export async function pressed(page: PagePush): Promise<Pressed> {
  const body = new URLSearchParams({ confirm: "1", nonce: crypto.randomUUID().replaceAll("-", ""), seen: String(Date.now()) });
  for (const waitMs of tries) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    try {
      const { status, told } = await asked(page.link, "/ack", { method: "POST", body }, pressLimitMs);
      if (told.state !== undefined) return { kind: "stands", standing: standingOf(told) };
      if (status < 500 && told.problem !== undefined)
        return { kind: "refused", why: [told.problem.title, told.problem.text].filter(Boolean).join(". ") };
      // Another's answer (the page of a hotel's network), or the hub on its way up.
    } catch {
      // Not reached, or not in time. The browser knows when there is nothing to try again on.
      if (!navigator.onLine) break;
    }
  }
  return { kind: "unreachable" };
}

async function asked(link: string, below: string, init: RequestInit, limitMs: number): Promise<{ status: number; told: Told }> {
  const response = await fetch(new URL(link, worker.location.origin).pathname + below, {
    ...init,
    headers: { accept: "application/json" },
    credentials: "omit",
    redirect: "error",
    cache: "no-store",
    signal: AbortSignal.timeout(limitMs),
  });
  const told: unknown = await response.json();
  return { status: response.status, told: typeof told === "object" && told !== null ? told : {} };
}

function standingOf({ state, mine, by, headline }: Told): Standing {
  if (state === "resolved") return { kind: "over" };
  if ((state === "acknowledged" || state === "snoozed") && mine === true) return { kind: "mine" };
  if (state === "acknowledged" && typeof by === "string") return { kind: "other", by };
  return state === "triggered" ? { kind: "open" } : { kind: "told", text: headline ?? "" };
}
