// Owns letting bodies in again: first what would come of it, then, when somebody says so, what came of it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, type Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { ReplayAlert, ReplayAnswer } from "../../lib/received-shapes.ts";
import { problemOf } from "./dialogs.tsx";
import { Action, Became, Outcome } from "./received-marks.tsx";
import { words } from "./received-words.ts";

/** Those of these numbers, or all that nobody could read. */
export type Which = { readonly ids: readonly number[] } | { readonly outcome: "unreadable" };

export function ReplayDialog({
  integration,
  which,
  onClose,
}: {
  readonly integration: string;
  readonly which: Which;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const [plan, setPlan] = useState<ReplayAnswer | null>(null);
  const [done, setDone] = useState<ReplayAnswer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = (dryRun: boolean): Promise<ReplayAnswer> =>
    call("replayManyReceived", { id: integration, body: { ...which, dryRun } });
  useEffect(() => {
    ask(true).then(setPlan, (error: unknown) => setProblem(problemOf(error)));
  }, []);
  async function letIn(): Promise<void> {
    try {
      setDone(await ask(false));
      refresh("received", "incidents");
    } catch (error) {
      setProblem(problemOf(error));
    }
  }
  const shown = done ?? plan;
  const count = plan?.items.filter((item) => item.outcome !== "unreadable" || item.alerts.length > 0).length ?? 0;
  return (
    <Dialog title={w.replayTitle} wide onClose={onClose}>
      {done === null && <p class="soft">{w.replayText}</p>}
      {problem !== null && <Trouble problem={problem} />}
      {shown === null && problem === null && (
        <div aria-label={w.planning}>
          <Skeleton lines={3} />
        </div>
      )}
      {shown !== null && shown.items.length === 0 && <p>{w.nothing}</p>}
      {shown?.items.map((item) => (
        <section key={item.n} class="stack-s">
          <div class="row">
            <strong>{w.number(item.n)}</strong>
            <Moment at={item.at} />
            <Outcome outcome={item.outcome} />
          </div>
          {item.reason !== null && (
            <p class="small">{item.outcome === "unreadable" ? `${w.still}: ${item.reason}` : item.reason}</p>
          )}
          {done === null ? <Planned alerts={item.alerts} /> : item.reason === null && <Became alerts={item.alerts} />}
        </section>
      ))}
      {shown?.skipped.map((each) => (
        <p key={each.n} class="soft small">
          {w.number(each.n)}: {each.reason}
        </p>
      ))}
      {done?.more === true && <p class="note info">{w.more}</p>}
      <div class="actions">
        {done === null ? (
          <>
            <Button onClick={onClose}>{w.cancel}</Button>
            <Button tone="go" disabled={count === 0} onClick={letIn}>
              {w.letIn(Math.max(1, count))}
            </Button>
          </>
        ) : (
          <Button tone="go" onClick={onClose}>
            {w.done}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Planned({ alerts }: { readonly alerts: readonly ReplayAlert[] }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const told = (alert: ReplayAlert): string => {
    if (alert.suppressedBy) return w.suppressed(alert.suppressedBy);
    const people = [...new Set((alert.plan ?? []).flatMap((each) => (each.user === null ? [] : [names.person(each.user)])))];
    if (people.length > 0) return w.pages(people.join(`, ${w.after} `));
    return alert.action === "triggered" ? w.nobody : alert.reason;
  };
  return (
    <ul class="became">
      {alerts.map((alert, i) => (
        <li key={`${i}-${alert.dedupKey}`}>
          <Action action={alert.action} />
          <span class="grow">{alert.title || alert.dedupKey}</span>
          <span class="soft small why">{told(alert)}</span>
        </li>
      ))}
    </ul>
  );
}
