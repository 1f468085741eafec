// Owns asking the hub whom a draft's steps would page right now.

import { useEffect, useState } from "preact/hooks";
import { call, Problem } from "../../lib/api.ts";
import type { PolicyPreview, PolicyWords } from "../../lib/shapes-oncall.ts";

const restMs = 350;

/** Asks the hub a moment after the last change whom the steps would page. */
export function usePolicyPreview(
  id: string,
  draft: PolicyWords | null,
): { readonly answer: PolicyPreview | null; readonly problem: Problem | null } {
  const [state, setState] = useState<{ answer: PolicyPreview | null; problem: Problem | null }>({ answer: null, problem: null });
  const text = JSON.stringify(draft);
  useEffect(() => {
    if (draft === null) return undefined;
    const stop = new AbortController();
    const { id: _id, ...body } = draft;
    const timer = setTimeout(() => {
      call("previewPolicy", { id, body: body, signal: stop.signal }).then(
        (answer) => setState({ answer, problem: null }),
        (error: unknown) => error instanceof Problem && setState((present) => ({ ...present, problem: error })),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id, text]);
  return state;
}

/** Nobody anywhere on it can be reached, whatever the incident is. */
export function pagesNobody({ steps, exhausted }: PolicyPreview): boolean {
  return [...steps.flatMap((step) => step.targets), ...exhausted].every(
    (each) => each.users.length === 0 && !each.owner && each.policy === null,
  );
}
