// Owns what the pages know of the queue: its entries for whoever is signed in, and when it is sent. Nobody else's are shown.

import { computed, signal } from "@preact/signals";
import { reachable } from "../api.ts";
import { lookAgain } from "../push/look.ts";
import { refresh } from "../query.ts";
import { session } from "../session.ts";
import { dismiss, flush, onChange, unsent } from "./queue.ts";
import type { Unsent } from "./unsent.ts";

const all = signal<readonly Unsent[]>([]);

/** Of the person who is signed in. */
export const mine = computed(() =>
  all.value.filter((each) => each.user === session.value?.user && each.tenant === session.value.tenant),
);

const againMs = 10_000;

async function look(): Promise<void> {
  const before = all.peek();
  all.value = await unsent(Date.now()).catch(() => []);
  const ended = all.value.some((each) => each.state === "over" && before.find((old) => old.id === each.id)?.state !== "over");
  if (!ended) return;
  refresh("pages", "incidents", "incident");
  lookAgain();
}

async function send(signedIn: boolean): Promise<void> {
  if (all.peek().every((each) => each.state === "over")) return;
  await flush({ signedIn }).catch(() => []);
  await look();
}

/** Called once, when the app starts. */
export function startSending(): void {
  onChange(() => void look());
  void look().then(() => send(false));
  const wake = (): void => {
    if (document.visibilityState === "visible") void look().then(() => send(false));
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  setInterval(wake, againMs);
  // The network is back for something else: it is for this too, and for what was shown from a copy.
  reachable.subscribe((is) => {
    if (!is) return;
    void send(false);
    refresh("directory", "pages", "oncall", "users");
  });
  // Whoever signs in has theirs sent.
  session.subscribe((who) => {
    if (who) void send(true);
  });
}

/** Before signing out: one last try, then nothing of this person's is sent from here any more. Answers with how many were lost. */
export async function dropUnsent(): Promise<number> {
  await send(true);
  const lost = mine.peek().filter((entry) => entry.state !== "over").length;
  for (const { id } of mine.peek()) await dismiss(id).catch(() => undefined);
  return lost;
}
