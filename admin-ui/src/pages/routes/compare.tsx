// Owns comparing routes that are not saved with those in force, on the last bodies that came in.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { Replayed, ReplayedOutcome, RouteWords } from "../../lib/shapes-routes.ts";
import { dateTime } from "../../lib/time.ts";
import { words } from "./route-words.ts";

const last = 20;

export function Compare({ routes }: { readonly routes: readonly RouteWords[] }): JSX.Element {
  const w = said(words);
  const [answer, setAnswer] = useState<{ readonly of: string; readonly replayed: Replayed } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const of = JSON.stringify(routes);
  async function compare(): Promise<void> {
    setProblem(null);
    try {
      const document = { tenant: tenant.value ?? "", routes };
      setAnswer({ of, replayed: await call("replay", { body: { document, last } }) });
    } catch (error) {
      setAnswer(null);
      setProblem(error instanceof Problem ? error : new Problem(0, String(error)));
    }
  }
  // What was said of other routes is not said of these.
  const shown = answer?.of === of ? answer.replayed : null;
  return (
    <div class="stack-s compare">
      <div>
        <Button size="small" icon="swap" onClick={compare}>
          {w.compare(last)}
        </Button>
      </div>
      {problem !== null && <Trouble problem={problem} />}
      {shown !== null && <Differing replayed={shown} />}
    </div>
  );
}

function Differing({ replayed: { replayed, changed, items } }: { readonly replayed: Replayed }): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  return (
    <div class="stack-s" role="status">
      <p>
        <b>{replayed === 0 ? w.compareNone : changed === 0 ? w.compareSame(replayed) : w.compared(changed, replayed)}</b>
      </p>
      <ul class="stack-s">
        {items
          .filter((item) => item.changed)
          .map((item) => (
            <li key={item.incident} class="stack-s">
              <p>
                <Link href={`/t/${tenant.value}/incidents/${item.incident}`}>{item.title}</Link>{" "}
                <span class="soft small">{dateTime(item.at)}</span>
              </p>
              {item.alerts
                .filter((alert) => alert.changed.length > 0)
                .map(({ dedupKey, before, after }) => (
                  <p key={dedupKey} class="small ways">
                    <del>
                      <span class="unseen">{w.wasWay}: </span>
                      {wayOf(before, w, names)}
                    </del>
                    <ins>
                      <span class="unseen">{w.isWay}: </span>
                      {wayOf(after, w, names)}
                    </ins>
                  </p>
                ))}
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Where an alert went, in a line: what came of it, how bad, whose, who is paged first. */
function wayOf(outcome: ReplayedOutcome | null, w: typeof words.en, names: Directory): string {
  if (outcome === null) return w.noAlert;
  const { action, severity, service, policy, urgency, group, plan } = outcome;
  const first = plan[0]?.user ?? null;
  return [
    w.actions[action] ?? action,
    severity,
    urgency === "low" ? w.urgencies.low : null,
    service === null ? null : names.service(service),
    policy === null ? null : names.policy(policy),
    group === null ? null : w.grouped(group),
    first === null ? null : w.firstPaged(names.person(first)),
  ]
    .filter((each) => each !== null)
    .join(" · ");
}
