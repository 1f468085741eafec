// Owns what becomes of overrides: made, moved, ended; each said, with the way back.

import { call, Problem } from "../../lib/api.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Override, OverrideKind } from "../../lib/shapes-oncall.ts";
import { tell } from "../../lib/toast.ts";

const words = catalogue({
  en: {
    made: "Override saved",
    changed: "Override moved",
    ended: "Override ended",
    undo: "Undo",
    undone: "As it was before",
    failed: (why: string) => `Nothing changed: ${why}`,
  },
  es: {
    made: "Sustitución guardada",
    changed: "Sustitución movida",
    ended: "Sustitución terminada",
    undo: "Deshacer",
    undone: "Como estaba antes",
    failed: (why: string) => `No ha cambiado nada: ${why}`,
  },
});

export interface OverrideDraft {
  readonly kind: OverrideKind;
  readonly user: string | null;
  readonly replaces: string | null;
  readonly layers: readonly string[] | null;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

const undoMs = 12_000;

function bodyOf({ kind, user, replaces, layers, from, to }: OverrideDraft) {
  return {
    kind,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    ...(user === null ? {} : { user }),
    ...(replaces === null ? {} : { replaces }),
    ...(layers === null ? {} : { layers }),
  };
}

function telling(text: string, back: () => Promise<unknown>): void {
  refresh("oncall");
  tell(text, { forMs: undoMs, action: { label: said(words).undo, run: () => void undo(back) } });
}

async function undo(back: () => Promise<unknown>): Promise<void> {
  try {
    await back();
    tell(said(words).undone);
  } catch (error) {
    tell(said(words).failed(error instanceof Error ? error.message : String(error)), { tone: "bad" });
  }
  refresh("oncall");
}

/** Throws what the hub refused, with its fields. */
export async function makeOverride(schedule: string, draft: OverrideDraft): Promise<void> {
  const made = await call("createOverride", { id: schedule, body: bodyOf(draft) });
  telling(said(words).made, () => call("deleteOverride", { id: schedule, override: made.id }));
}

export async function changeOverride(schedule: string, before: Override, draft: OverrideDraft): Promise<void> {
  // Of one that runs only the end can still change.
  const to = new Date(draft.to).toISOString();
  const body =
    before.state === "current"
      ? { to }
      : { ...bodyOf(draft), user: draft.user, replaces: draft.replaces, layers: draft.layers && [...draft.layers] };
  await call("patchOverride", { id: schedule, override: before.id, body });
  const old =
    before.state === "current"
      ? { to: before.to }
      : { ...bodyOf(draftOf(before)), user: before.user, replaces: before.replaces, layers: before.layers && [...before.layers] };
  telling(said(words).changed, () => call("patchOverride", { id: schedule, override: before.id, body: old }));
}

export async function endOverride(schedule: string, before: Override): Promise<void> {
  await call("deleteOverride", { id: schedule, override: before.id });
  telling(said(words).ended, () => call("createOverride", { id: schedule, body: bodyOf(draftOf(before)) }));
}

export function draftOf({ kind, user, replaces, layers, from, to }: Override): OverrideDraft {
  return { kind, user, replaces, layers, from: Date.parse(from), to: Date.parse(to) };
}

/** Moves it without asking; what the hub refuses is said, and nothing moved. */
export async function moveOverride(schedule: string, before: Override, span: { from: number; to: number }): Promise<void> {
  try {
    await changeOverride(schedule, before, { ...draftOf(before), ...span });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    tell(said(words).failed(error.message), { tone: "bad" });
    refresh("oncall");
  }
}
