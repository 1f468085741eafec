// Owns one page as a card: what, why me, what happens next, one large button, and the rest within a thumb's reach.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon, type IconName } from "../../design/icon.tsx";
import { Severity } from "../../design/marks.tsx";
import { tenant } from "../../lib/api.ts";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { mine } from "../../lib/offline/waiting.ts";
import { reasonOfPage } from "../../lib/reasons.ts";
import { session } from "../../lib/session.ts";
import type { Move, OwnPage } from "../../lib/shapes.ts";
import { clock, countdown, dateTime, duration, now, slowly } from "../../lib/time.ts";
import { acknowledge, resolve, undo } from "./act.ts";
import { nextOf } from "./next.ts";
import { PageSheet, type Sheet } from "./sheets.tsx";
import { Unsent } from "./unsent-note.tsx";
import { words } from "./words.ts";

/** A tap that was meant for what stood here a moment ago does nothing. */
const settleMs = 700;
/** What takes an acknowledgment back, or ends it, stands where the large button stood: half asleep, one presses twice. */
const settleAfterMs = 2_000;

export function PageCard({
  page,
  names,
  place,
}: {
  readonly page: OwnPage;
  readonly names: Directory;
  /** Changes whenever a card may have moved. */
  readonly place: string;
}): JSX.Element {
  const w = said(words);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const me = session.value?.user;
  const waiting = mine.value.find((each) => each.incident === page.id && each.state !== "over") ?? null;
  const settled = useSettled(`${place} ${page.status} ${waiting?.state ?? ""}`);
  const can = (move: Move): boolean => page.moves?.includes(move) ?? false;
  const owned = page.acknowledgedBy === me && page.status === "acknowledged";
  const undoable = page.undoUntil !== null && page.undoUntil !== undefined ? Date.parse(page.undoUntil) - now.value : 0;
  const rank = names.rank(page.severity);
  const guarded =
    (run: () => unknown, ms = settleMs) =>
    () =>
      settled(ms) ? run() : undefined;
  return (
    <article class={`own rank-${Math.min(rank, 3)} ${owned ? "owned" : ""}`} data-page={page.id} aria-label={page.title}>
      <p class="marks">
        <Severity name={page.severity} rank={rank} />
        <span class="soft num">{duration(slowly.value - Date.parse(page.openedAt))}</span>
        {page.service !== null && <span class="soft cut">{names.service(page.service)}</span>}
      </p>
      <h2>
        <Link href={`/t/${tenant.value ?? ""}/incidents/${page.id}`}>{page.title}</Link>
      </h2>
      <dl>
        <dt>{w.why}</dt>
        <dd>{page.page === null ? w.whyOwn : reasonOfPage({ ...page.page.reason }, names)}</dd>
        <dt>{w.next}</dt>
        <dd>
          <Next page={page} names={names} />
        </dd>
      </dl>
      {owned && (
        <p class="has" role="status">
          <Icon name="check" size={20} />
          <span>
            {w.yours}{" "}
            <small>
              {page.snoozedUntil === null
                ? w.yoursSince(clock(page.acknowledgedAt ?? page.updatedAt).slice(0, 5))
                : w.snoozed(dateTime(page.snoozedUntil))}
            </small>
          </span>
          {undoable > 0 && can("unack") && (
            <Button class="undo" icon="back" onClick={guarded(() => undo(page), settleAfterMs)}>
              {w.undo} {countdown(undoable)}
            </Button>
          )}
        </p>
      )}
      {waiting !== null ? (
        <Unsent entry={waiting} next={nextOf(page.pending, names, { me, w, at: now.value })} />
      ) : can("ack") && !owned ? (
        <Button tone="go" class="main-act" onClick={guarded(() => acknowledge([page]))}>
          <span>
            {w.ack}
            <small>{w.ackWhat}</small>
          </span>
        </Button>
      ) : (
        owned && (
          <Button tone="go" class="main-act calm" onClick={guarded(() => resolve(page), settleAfterMs)}>
            <span>
              {w.resolve}
              <small>{w.resolveWhat}</small>
            </span>
          </Button>
        )
      )}
      <div class="rest">
        {can("escalate") && <Small icon="up" text={w.escalate} onPress={guarded(() => setSheet("escalate"))} />}
        {can("snooze") && <Small icon="moon" text={w.snooze} onPress={guarded(() => setSheet("snooze"))} />}
        {safe(page.runbook) !== null && (
          <a class="small-act" href={safe(page.runbook) ?? ""} target="_blank" rel="noopener noreferrer nofollow">
            <Icon name="file" size={20} />
            {w.runbook}
          </a>
        )}
        <Small icon="more" text={w.more} onPress={guarded(() => setSheet("more"))} />
      </div>
      {sheet !== null && <PageSheet sheet={sheet} page={page} names={names} onSheet={setSheet} />}
    </article>
  );
}

function Small({ icon, text, onPress }: { readonly icon: IconName; readonly text: string; readonly onPress: () => void }) {
  return (
    <button type="button" class="small-act" onClick={onPress}>
      <Icon name={icon} size={20} />
      {text}
    </button>
  );
}

function Next({ page, names }: { readonly page: OwnPage; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const next = nextOf(page.pending, names, { me: session.value?.user, w, at: now.value });
  if (next === null) return page.status === "triggered" ? <b>{w.last}</b> : <>{w.nothing}</>;
  return (
    <>
      <b class="num" role="timer">
        {next.inMs > 0 ? countdown(next.inMs) : w.nextNow}
      </b>{" "}
      {next.text}
    </>
  );
}

function safe(href: string | null | undefined): string | null {
  return href !== null && href !== undefined && /^https?:/i.test(href) ? href : null;
}

/** False for a moment after what is shown has changed. */
function useSettled(shown: string): (ms: number) => boolean {
  const changedAt = useRef(0);
  const first = useRef(true);
  useEffect(() => {
    // Nothing stood here before: whoever taps it at once means it.
    if (!first.current) changedAt.current = performance.now();
    first.current = false;
  }, [shown]);
  return (ms) => performance.now() - changedAt.current > ms || changedAt.current === 0;
}
