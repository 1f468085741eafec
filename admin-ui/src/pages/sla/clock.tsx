// Owns one clock on the board: how long still, of what, for which incident, and why it stands still where it does.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { Moment, Severity, statusName } from "../../design/marks.tsx";
import { tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { Clock } from "../../lib/setup-shapes.ts";
import { countdown, dateTime, duration, now } from "../../lib/time.ts";
import { words } from "./words.ts";

const tones = { running: "", "at-risk": "look", paused: "info", breached: "bad", met: "go", stopped: "" } as const;

export function Row({ clock }: { readonly clock: Clock }): JSX.Element {
  const d = useDirectory();
  const w = said(words);
  const team = d.teamOf(clock.service);
  const about = [
    clock.service === null ? null : d.service(clock.service),
    team === null ? null : d.team(team),
    clock.acknowledgedBy === null ? w.nobody : w.has(d.person(clock.acknowledgedBy)),
  ];
  return (
    <li class={`clock ${clock.state}`}>
      <div class="left">
        <Left clock={clock} />
      </div>
      <div class="what">
        <p class="promise">
          <strong>{w.kinds[clock.kind]}</strong> · {clock.name}
        </p>
        <p class="about">
          <Severity name={clock.severity} rank={d.rank(clock.severity)} />
          <Link class="title" href={`/t/${tenant.value}/incidents/${clock.incident}`}>
            {clock.title}
          </Link>
        </p>
        <p class="soft small">{about.filter((each) => each !== null).join(" · ")}</p>
      </div>
      <div class="state">
        <span class={`badge ${tones[clock.state]}`}>
          <span class={`dot ${clock.state === "breached" ? "" : "hollow"}`} />
          {w.marks[clock.state]}
        </span>
        <p class="soft small">
          <When clock={clock} />
        </p>
      </div>
    </li>
  );
}

/**
 * Alone, so that the seconds draw nothing else anew. What the badge says, the seconds say: it is the hub that misses a promise,
 * so a browser's clock neither counts on after that nor runs past the deadline before it.
 */
function Left({ clock }: { readonly clock: Clock }): JSX.Element {
  const w = said(words);
  if (clock.deadline === null)
    return (
      <>
        <b class="num">{duration(clock.remainingMs)}</b>
        <span class="soft small">{w.left}</span>
      </>
    );
  const ms = Date.parse(clock.deadline) - now.value;
  const over = clock.state === "breached";
  return (
    <>
      <b class="num">{over ? `+${countdown(-ms)}` : countdown(ms)}</b>
      <span class="soft small">{over ? w.over : w.left}</span>
    </>
  );
}

/** When it is due, in which hours; or why it stands still. */
function When({ clock }: { readonly clock: Clock }): JSX.Element {
  const w = said(words);
  const d = useDirectory();
  if (clock.state === "paused") return <Why clock={clock} />;
  const hours = d.businessHours.find(({ id }) => id === clock.hours)?.name ?? clock.hours;
  return (
    <>
      {clock.deadline !== null && w.due(dateTime(clock.deadline))}
      {clock.hours !== "always" && (
        <>
          <br />
          {clock.state !== "breached"
            ? w.ofHours(duration(Math.max(0, clock.remainingMs)), hours)
            : w.overOfHours(duration(Math.max(0, -clock.remainingMs)), hours)}
        </>
      )}
    </>
  );
}

function Why({ clock }: { readonly clock: Clock }): JSX.Element {
  const w = said(words);
  if (clock.snoozedUntil !== null)
    return (
      <>
        {w.snoozed} <Moment at={clock.snoozedUntil} />
      </>
    );
  return <>{w.because(statusName(clock.status))}</>;
}
