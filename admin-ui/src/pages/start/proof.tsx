// Owns the last step: one alert goes the real way while one watches, until a person has answered it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { reasonOfPage } from "../../lib/reasons.ts";
import type { Delivery, Incident } from "../../lib/shapes.ts";
import { clock, countdown, duration, now } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import { useInbox } from "../phones/inbox.ts";
import { Phone } from "../phones/phone.tsx";
import { refreshSetUp, type Progress } from "./progress.ts";
import type { StepProps } from "./start.tsx";
import { words } from "./words.ts";

const watchMs = 1_500;
const hourMs = 3_600_000;

export function ProofStep({ progress, onStep }: StepProps): JSX.Element {
  const w = said(words);
  const { names, me } = progress;
  const [, go] = useLocation();
  const incident = new URLSearchParams(useSearch()).get("incident");
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = useRead("integrations", () => call("listIntegrations", { query: { limit: 200 } }));
  const oncall = useRead("oncall/start", () => call("getOncall"), { everyMs: 60_000 });
  const policyOf = (service: string | null | undefined): string | null =>
    names.services.find((each) => each.id === service)?.policy ?? null;
  const sender = list.data?.items.find((each) => policyOf(each.service) !== null);
  const users = oncall.data?.policies.find((each) => each.policy === policyOf(sender?.service))?.users ?? null;

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
    }
  }
  const fire = (): Promise<void> =>
    attempt(async () => {
      if (sender === undefined) return;
      const alert = { title: w.alertTitle, body: w.alertBody, severity: "critical" as const };
      const { results } = await call("sendTestAlert", { id: sender.id, body: { page: true, alert } });
      const [first] = results;
      const made = first?.incident ?? null;
      if (made === null) throw new Problem(422, first?.reason ?? "");
      go(`/t/${tenant.value}/start?step=proof&incident=${made}`);
    });
  const takeOver = (): Promise<void> =>
    attempt(async () => {
      const schedule = names.schedules[0];
      if (schedule === undefined || me === null) return;
      const from = Math.floor(Date.now() / 60_000) * 60_000;
      const span = { from: new Date(from).toISOString(), to: new Date(from + hourMs).toISOString() };
      await call("createOverride", { id: schedule.id, body: { kind: "take-over", user: me.id, ...span } });
      refreshSetUp();
      tell(w.tookOver);
    });

  if (incident !== null) return <Watch key={incident} id={incident} progress={progress} onAgain={fire} problem={problem} />;
  if (list.data === null) return list.error === null ? <Skeleton lines={3} /> : <Trouble problem={list.error} />;
  if (sender === undefined)
    return (
      <div class="stack-s">
        <p class="note">{w.noSender}</p>
        <div class="row">
          <Button onClick={() => onStep("sender")}>{w.toSender}</Button>
        </div>
      </div>
    );
  const notMe = me !== null && users !== null && users.length > 0 && !users.includes(me.id);
  return (
    <>
      {progress.done.proof && <p class="note go">{w.worked}</p>}
      {users !== null && (
        <div class="made">
          <span class="grow stack-s">
            <span>{users.length === 0 ? w.goesToNobody : w.goesTo(users.map(names.person).join(", "))}</span>
            {notMe && <span class="soft small">{w.notYou}</span>}
          </span>
          {notMe && names.schedules.length > 0 && (
            <Button size="small" onClick={takeOver}>
              {w.takeOver}
            </Button>
          )}
        </div>
      )}
      {problem !== null && <Trouble problem={problem} />}
      <div class="guide-go">
        <Button tone="go" icon="send" onClick={fire}>
          {progress.done.proof ? w.again : w.send}
        </Button>
      </div>
    </>
  );
}

function Watch({
  id,
  progress,
  onAgain,
  problem,
}: {
  readonly id: string;
  readonly progress: Progress;
  readonly onAgain: () => Promise<void>;
  readonly problem: Problem | null;
}): JSX.Element {
  const { names } = progress;
  const read = useRead(`incident/${id}/proof`, () => call("getIncident", { incident: id }), { everyMs: watchMs });
  const sent = useRead(`incident/${id}/proof-pages`, () => call("getIncidentDeliveries", { incident: id }), {
    everyMs: watchMs,
  });
  const incident = read.data;
  const pages = (sent.data?.items ?? []).filter((each) => each.kind !== "connector").toReversed();
  const owner = incident?.acknowledgedBy ?? null;
  useEffect(() => {
    // The list that says whether a page was ever answered follows a moment later.
    if (owner !== null) setTimeout(() => refresh("incidents"), 4_000);
  }, [owner]);
  if (incident === null) return read.error === null ? <Skeleton lines={5} /> : <Trouble problem={read.error} />;
  const phones = [...new Set(pages.filter((each) => isInbox(each, progress)).map((each) => each.user ?? ""))];
  return (
    <div class={phones.length > 0 ? "proof with-phone" : "proof"}>
      <div class="stack">
        <Course incident={incident} pages={pages} progress={progress} />
        {owner === null ? (
          <Help incident={incident} pages={pages} progress={progress} hasPhone={phones.length > 0} />
        ) : (
          <Celebration incident={incident} owner={names.person(owner)} onAgain={onAgain} />
        )}
        {problem !== null && <Trouble problem={problem} />}
      </div>
      {phones.map((user) => (
        <LivePhone key={user} user={user} incident={incident} />
      ))}
    </div>
  );
}

function isInbox({ via }: Delivery, { names }: Progress): boolean {
  return names.notifiers.some((each) => each.id === via && each.plugin === "inbox");
}

function LivePhone({ user, incident }: { readonly user: string; readonly incident: Incident }): JSX.Element {
  const inbox = useInbox(user);
  const messages = (inbox.data?.items ?? []).filter((each) => each.incident === incident.id);
  return <Phone user={user} messages={messages} incidents={[incident]} />;
}

/** What has happened so far, and what comes if nobody acts. */
function Course({
  incident,
  pages,
  progress,
}: {
  readonly incident: Incident;
  readonly pages: readonly Delivery[];
  readonly progress: Progress;
}): JSX.Element {
  const w = said(words);
  const { names } = progress;
  const sender = names.integrations.find((each) => each.id === incident.integration);
  const ahead = incident.pending.find((each) => Date.parse(each.at) > now.value);
  const left = ahead === undefined ? null : countdown(Date.parse(ahead.at) - now.value);
  // Pages follow their step within milliseconds.
  const people = incident.pending
    .filter((each) => each.kind === "page" && ahead !== undefined && Date.parse(each.at) - Date.parse(ahead.at) < 1_000)
    .map((each) => names.person(each.user ?? ""));
  return (
    <ol class="course" aria-live="polite">
      <li class="past">
        <time class="num">{clock(incident.openedAt)}</time>
        <span>{w.came(sender?.name ?? incident.source)}</span>
      </li>
      {pages.map((page) => {
        const bad = page.status === "failed";
        const state = w.statuses[page.status as keyof typeof w.statuses] ?? page.status;
        const why = page.attempts.at(-1)?.reason ?? "";
        return (
          <li key={page.id} class={bad ? "bad" : "past"}>
            <time class="num">{clock(page.attempts[0]?.at ?? page.dueAt)}</time>
            <span>
              <strong>{w.paged(names.person(page.user ?? ""), page.contact ?? "")}</strong>
              <span class="soft"> · {state}</span>
              {page.reason !== undefined && <span class="soft small">{reasonOfPage(page.reason, names)}</span>}
              {bad && why !== "" && <span class="small">{why}</span>}
            </span>
          </li>
        );
      })}
      {incident.acknowledgedBy !== null && incident.acknowledgedAt !== null && (
        <li class="past">
          <time class="num">{clock(incident.acknowledgedAt)}</time>
          <strong>{w.answered(names.person(incident.acknowledgedBy))}</strong>
        </li>
      )}
      {incident.status === "triggered" && (
        <li class="now">
          <span class="waits" aria-hidden="true" />
          <span>
            <strong>{w.waiting}</strong>
            {ahead !== undefined && left !== null && (
              <span class="soft small" aria-live="off">
                {w.nextIs(people.length === 0 ? w.goesOn : [...new Set(people)].join(", "), left)}
              </span>
            )}
          </span>
        </li>
      )}
    </ol>
  );
}

function Help({
  incident,
  pages,
  progress,
  hasPhone,
}: {
  readonly incident: Incident;
  readonly pages: readonly Delivery[];
  readonly progress: Progress;
  readonly hasPhone: boolean;
}): JSX.Element {
  const w = said(words);
  const elsewhere = [...new Set(pages.filter((each) => !isInbox(each, progress)).map((each) => each.to || (each.via ?? "")))];
  const base = `/t/${tenant.value}`;
  const person = pages[0]?.user ?? progress.me?.id;
  return (
    <>
      {hasPhone && <p class="said">{w.answer}</p>}
      {elsewhere.length > 0 && <p class="said">{w.answerElsewhere(elsewhere.join(", "))}</p>}
      <details class="small">
        <summary>{w.nothingCame}</summary>
        <p class="soft">{w.nothingHelp}</p>
        <p class="row">
          {person !== undefined && <Link href={`${base}/people/${person}`}>{w.toContacts}</Link>}
          <Link href={`${base}/incidents/${incident.id}`}>{w.toIncident}</Link>
        </p>
      </details>
    </>
  );
}

function Celebration({
  incident,
  owner,
  onAgain,
}: {
  readonly incident: Incident;
  readonly owner: string;
  readonly onAgain: () => Promise<void>;
}): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const [problem, setProblem] = useState<Problem | null>(null);
  const base = `/t/${tenant.value}`;
  const took = Date.parse(incident.acknowledgedAt ?? incident.openedAt) - Date.parse(incident.openedAt);
  const over = incident.status === "resolved";
  async function close(): Promise<void> {
    try {
      await call("resolve", { incident: incident.id, body: {} });
      refresh("incident", "incidents");
      tell(w.closed);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
    }
  }
  return (
    <>
      <section class="works" aria-labelledby="works" role="status">
        <span class="tick-mark" aria-hidden="true">
          <Icon name="check" size={26} />
        </span>
        <div>
          <h3 id="works">{w.works}</h3>
          <p>{w.hadIt(owner, duration(took))}</p>
        </div>
      </section>
      {problem !== null && <Trouble problem={problem} />}
      <div class="row">
        {!over && (
          <Button tone="go" onClick={close}>
            {w.close}
          </Button>
        )}
        <Button tone={over ? "go" : "plain"} onClick={() => go(`${base}/incidents`)}>
          {w.toIncidents}
        </Button>
        <Button tone="quiet" onClick={onAgain}>
          {w.again}
        </Button>
      </div>
      <nav class="stack-s" aria-labelledby="then">
        <h3 id="then">{w.nowWhat}</h3>
        <ul class="bullets">
          <li>
            <Link href={`${base}/incidents/${incident.id}`}>{w.toIncident}</Link>
          </li>
          {(["simulator", "oncall", "people", "phones"] as const).map((page) => (
            <li key={page}>
              <Link href={`${base}/${page}`}>{w.links[page]}</Link>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
