// Owns showing what would become of one alert: the routes' verdicts, the outcome, the plan as a timeline.

import type { JSX } from "preact";
import { PersonMark, Severity } from "../../design/marks.tsx";
import { contactText, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { reasonAhead, reasonOf } from "../../lib/reasons.ts";
import type { Planned, Simulated } from "../../lib/setup-shapes.ts";
import { clock, dateTime, duration } from "../../lib/time.ts";
import { words } from "./words.ts";

interface Rung {
  readonly at: string;
  readonly page: Planned | null;
  readonly sla: Simulated["sla"][number] | null;
}

export function Outcome({
  result,
  at,
  names,
}: {
  readonly result: Simulated;
  readonly at: string;
  readonly names: Directory;
}): JSX.Element {
  const w = said(words);
  const rungs: readonly Rung[] = [
    ...result.plan.map((page) => ({ at: page.at, page, sla: null })),
    ...result.sla.flatMap((sla) => (sla.at === null ? [] : [{ at: sla.at, page: null, sla }])),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const began = Date.parse(at);
  // That the ladder ends is its end, no fault of it.
  const trouble = result.trouble.filter((each) => each.kind !== "exhausted");
  return (
    <article class="stack">
      <section class="card">
        <header>
          <h2>{result.alert.title}</h2>
          <span class={`badge ${result.action === "triggered" ? "bad" : "info"}`}>
            {w.actions[result.action] ?? result.action}
          </span>
        </header>
        <div class="body stack-s">
          <div class="row">
            {result.severity !== null && <Severity name={result.severity} rank={names.rank(result.severity)} />}
            {result.service !== null && <span class="badge">{names.service(result.service)}</span>}
            {result.policies.map((policy) => (
              <span key={policy} class="badge">
                {names.policy(policy)}
              </span>
            ))}
            {result.urgency !== null && (
              <span class="soft small">
                {w.urgency}: {result.urgency}
              </span>
            )}
          </div>
          {result.reason !== "" && <p class="soft">{result.reason}</p>}
          {result.suppressedBy !== null && <p>{w.suppressed(result.suppressedBy)}</p>}
          {result.heldUntil !== null && (
            <p>
              {w.held} {dateTime(result.heldUntil, names.timeZone)}
            </p>
          )}
          {result.notes.map((note) => (
            <p key={note} class="note">
              {note}
            </p>
          ))}
          {trouble.length > 0 && (
            <div class="trouble">
              <strong>{w.trouble}</strong>
              {trouble.map((each) => (
                <p key={each.at + each.reason}>
                  {reasonOf({ ...each, actor: { type: "system", id: "tocsin" }, data: each.data ?? null }, names)}
                </p>
              ))}
            </div>
          )}
        </div>
      </section>
      <section class="card">
        <header>
          <h2>{w.plan}</h2>
          <span class="soft small">{names.timeZone}</span>
        </header>
        <div class="body">
          {result.plan.length === 0 && <p>{w.nobody}</p>}
          <ol class="plan">
            {rungs.map((rung, i) => (
              <li key={i} class={rung.sla === null ? "" : "sla"}>
                <time dateTime={rung.at} class="num" title={dateTime(rung.at)}>
                  <b>{clock(rung.at, names.timeZone)}</b>
                  <span class="soft small">{w.after(duration(Date.parse(rung.at) - began))}</span>
                </time>
                {rung.page !== null && (
                  <div>
                    <div class="row">
                      <PersonMark name={names.person(rung.page.user)} />
                      {rung.page.contact !== null && <span class="badge">{contactText(rung.page.contact)}</span>}
                    </div>
                    <p class="soft small">
                      {[
                        rung.page.step === null ? null : w.step(rung.page.step),
                        rung.page.round > 1 ? w.round(rung.page.round) : null,
                        reasonAhead(rung.page, names),
                      ]
                        .filter((each) => each !== null)
                        .join(" · ")}
                    </p>
                  </div>
                )}
                {rung.sla !== null && (
                  <div>
                    <strong>{rung.sla.id}</strong> {w.sla[rung.sla.kind]}
                  </div>
                )}
              </li>
            ))}
          </ol>
          {result.truncated && <p class="soft">{w.truncated}</p>}
        </div>
      </section>
      <section class="card">
        <header>
          <h2>{w.routes}</h2>
        </header>
        <div class="body">
          {result.routes.length === 0 && <p class="soft">{w.noRoutes}</p>}
          <ol class="verdicts">
            {result.routes.map((route) => (
              <li key={route.id}>
                <span>
                  <span class={`badge ${route.matched ? "go" : ""}`}>
                    <span class={`dot ${route.matched ? "" : "hollow"}`} />
                    {route.matched ? w.matched : w.passed}
                  </span>
                </span>
                <span>
                  <strong>{route.id}</strong>
                  {route.matched && Object.keys(route.set).length > 0 && (
                    <span>
                      {" "}
                      {w.sets} <code>{JSON.stringify(route.set)}</code>
                    </span>
                  )}
                  <span class="soft small" style={{ display: "block" }}>
                    {route.why}
                  </span>
                </span>
              </li>
            ))}
          </ol>
        </div>
      </section>
    </article>
  );
}
