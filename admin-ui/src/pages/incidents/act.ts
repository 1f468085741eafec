// Owns doing things to incidents from a list or a page: several at once, told in one line, with the way back while there is one.

import { call, Problem } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Incident } from "../../lib/shapes.ts";
import { tell } from "../../lib/toast.ts";
import { note } from "./fresh.ts";
import { words } from "./words.ts";

/** Of an acknowledgment and of a resolve, as the core has it. */
const undoMs = 30_000;
const atOnce = 6;

/** Does one thing to each, a few at a time; what was done, and what the others were refused for. */
async function each(
  ids: readonly string[],
  act: (incident: string) => Promise<Incident>,
): Promise<{ readonly done: readonly Incident[]; readonly refused: readonly string[] }> {
  const done: Incident[] = [];
  const refused: string[] = [];
  const left = [...ids];
  await Promise.all(
    Array.from({ length: Math.min(atOnce, ids.length) }, async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        try {
          done.push(note(await act(id)));
        } catch (error) {
          refused.push(error instanceof Problem ? error.message : String(error));
        }
      }
    }),
  );
  for (const { id } of done) refresh(`incident/${id}`);
  const [why] = refused;
  if (why !== undefined) tell(said(words).failed(refused.length, why), { tone: "bad", forMs: 10_000 });
  return { done, refused };
}

/** A press that is sent twice is one. */
function commandId(): string {
  return crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
}

export async function acknowledge(ids: readonly string[]): Promise<void> {
  const { done } = await each(ids, (incident) => call("ack", { incident, body: { commandId: commandId() } }));
  const mine = done.filter((incident) => !incident.already).map((incident) => incident.id);
  if (done.length === 0) return;
  const action = { label: said(words).undo, run: () => void takeBack("unack", mine) };
  tell(said(words).acked(done.length), mine.length === 0 ? {} : { action, forMs: undoMs });
}

/** As if it had not been: same step, same times, nobody paged anew. */
export async function takeBack(what: "unack" | "reopen", ids: readonly string[]): Promise<void> {
  const { done } = await each(ids, (incident) => call(what, { incident, body: { undo: true } }));
  if (done.length > 0) tell(said(words).undone);
}

export async function resolve(ids: readonly string[]): Promise<void> {
  const { done } = await each(ids, (incident) => call("resolve", { incident, body: { commandId: commandId() } }));
  const mine = done.filter((incident) => !incident.already).map((incident) => incident.id);
  if (done.length === 0) return;
  const action = { label: said(words).undo, run: () => void takeBack("reopen", mine) };
  tell(said(words).resolved(done.length), mine.length === 0 ? {} : { action, forMs: undoMs });
}

export async function reopen(ids: readonly string[]): Promise<void> {
  const { done } = await each(ids, (incident) => call("reopen", { incident, body: { commandId: commandId() } }));
  if (done.length > 0) tell(said(words).reopened);
}

export async function escalate(ids: readonly string[]): Promise<void> {
  const { done } = await each(ids, (incident) => call("escalate", { incident, body: { commandId: commandId() } }));
  if (done.length > 0) tell(said(words).escalated);
}
