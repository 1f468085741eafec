// Owns doing something about one's own pages. An acknowledgment goes through the queue: what the network loses is not lost.

import { call, Problem } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { dismiss, queueAck } from "../../lib/offline/queue.ts";
import { refresh } from "../../lib/query.ts";
import { session } from "../../lib/session.ts";
import type { OwnPage } from "../../lib/shapes.ts";
import { tell } from "../../lib/toast.ts";
import { words } from "./words.ts";

export async function acknowledge(pages: readonly OwnPage[]): Promise<void> {
  await Promise.all(pages.map(acknowledgeOne));
  refresh("pages", "incidents", "incident");
}

async function acknowledgeOne({ id, epoch, title, severity }: OwnPage): Promise<void> {
  const { user, tenant } = session.peek() ?? {};
  if (user === undefined || tenant === undefined || tenant === null) return;
  try {
    const entry = await queueAck({ tenant, user, incident: id, epoch, title, severity });
    // What was answered at once is on the card; only what came later, or otherwise, is told.
    if (entry.end?.kind === "acknowledged") await dismiss(entry.id);
  } catch {
    // A browser that keeps nothing: sent as it is, or said that it was not.
    await call("ack", { incident: id, body: { as: user, epoch } }).catch((error: unknown) =>
      tell(error instanceof Problem && error.status !== 0 ? error.message : said(words).notKept, { tone: "bad", forMs: 20_000 }),
    );
  }
}

async function done(page: OwnPage, work: Promise<unknown>): Promise<boolean> {
  const worked = await work.then(
    () => true,
    (error: unknown) => {
      tell(error instanceof Error ? error.message : String(error), { tone: "bad", forMs: 10_000 });
      return false;
    },
  );
  refresh("pages", "incidents", `incident/${page.id}`);
  return worked;
}

export async function undo(page: OwnPage): Promise<void> {
  if (await done(page, call("unack", { incident: page.id, body: { undo: true } }))) tell(said(words).undone);
}

/** Of a resolve, as the core has it. */
const undoMs = 30_000;

export async function resolve(page: OwnPage): Promise<void> {
  if (!(await done(page, call("resolve", { incident: page.id, body: {} })))) return;
  const back = (): void => void done(page, call("reopen", { incident: page.id, body: { undo: true } }));
  tell(`${said(words).resolved}: ${page.title}`, { action: { label: said(words).undo, run: back }, forMs: undoMs });
}
