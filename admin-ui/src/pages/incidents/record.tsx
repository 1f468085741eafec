// Owns the record of an incident: timeline with reasons, pages per try, alerts with their bodies.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Moment } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { contactText, type Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { reasonOf, reasonOfPage } from "../../lib/reasons.ts";
import type { Actor, Alert, Delivery, TimelineEntry } from "../../lib/shapes.ts";
import { clock, dateTime } from "../../lib/time.ts";
import { words } from "./detail-words.ts";

interface Props {
  readonly incident: string;
  readonly names: Directory;
}

const pageSize = 200;

export function Timeline({ incident, names }: Props): JSX.Element {
  const key = `incident/${incident}/timeline`;
  const read = useRead(key, () => wholeTimeline(incident));
  const [all, setAll] = useState(false);
  if (read.data === null)
    return read.error === null ? <Skeleton lines={6} /> : <Trouble problem={read.error} onAgain={() => refresh(key)} />;
  // The newest first: what happened last is what one looks for.
  const entries = read.data.toReversed();
  const shown = all ? entries : entries.slice(0, 60);
  return (
    <>
      <ol class="timeline">
        {shown.map((entry, i) => (
          <Entry key={entry.seq} entry={entry} names={names} day={dayOf(entry) === dayOf(shown[i - 1]) ? null : dayOf(entry)} />
        ))}
      </ol>
      {!all && entries.length > shown.length && <Button onClick={() => setAll(true)}>{said(words).older}</Button>}
    </>
  );
}

async function wholeTimeline(incident: string): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = [];
  for (let after = 0; ;) {
    const page = await call("getTimeline", { incident, query: { after, limit: pageSize } });
    entries.push(...page.items);
    if (page.next === null || entries.length >= 2_000) return entries;
    after = Number(page.next);
  }
}

function dayOf(entry: TimelineEntry | undefined): string | null {
  return entry === undefined ? null : dateTime(entry.at).replace(/,[^,]*$/, "");
}

/** What people and the policy did stands out; what the machinery did is beside it. */
const strong = new Set([
  "opened",
  "reopened",
  "acknowledged",
  "unacknowledged",
  "resolved",
  "escalated",
  "step",
  "reassigned",
  "exhausted",
  "fallback",
  "note",
  "merged",
  "severity",
  "snoozed",
  "ack-timeout",
]);

function Entry({
  entry,
  names,
  day,
}: {
  readonly entry: TimelineEntry;
  readonly names: Directory;
  readonly day: string | null;
}): JSX.Element {
  const told = reasonOf(entry, names);
  const word = said(words).events[entry.kind] ?? entry.kind;
  // "Step 2 pages Bo" says what it is.
  const repeats = told.toLowerCase().startsWith(word.toLowerCase());
  const label = repeats ? told.slice(0, 1).toUpperCase() + told.slice(1) : word;
  const actor = actorName(entry.actor, names);
  return (
    <>
      {day !== null && <li class="day">{day}</li>}
      <li>
        <time class="num soft" dateTime={entry.at} title={dateTime(entry.at)}>
          {clock(entry.at)}
        </time>
        <div>
          <p class={strong.has(entry.kind) ? "strong" : ""}>
            <strong>{label}</strong> {repeats ? null : <span class={entry.kind === "note" ? "note-text" : "soft"}>{told}</span>}
          </p>
          {entry.actor.type !== "system" && !told.includes(actor) && <p class="soft">{actor}</p>}
        </div>
      </li>
    </>
  );
}

function actorName({ type, id }: Actor, names: Directory): string {
  const w = said(words);
  if (type === "user") return names.person(id);
  if (type === "link") return `${names.person(id)}, ${w.actors["link"]}`;
  return `${w.actors[type] ?? type} ${type === "integration" ? names.integration(id) : id}`;
}

export function Deliveries({ incident, names }: Props): JSX.Element {
  const w = said(words);
  const key = `incident/${incident}/deliveries`;
  const read = useRead(key, () => call("getIncidentDeliveries", { incident }));
  if (read.data === null)
    return read.error === null ? (
      <Skeleton lines={4} />
    ) : read.error.status === 404 ? (
      <p class="soft">{w.noPages}</p>
    ) : (
      <Trouble problem={read.error} onAgain={() => refresh(key)} />
    );
  if (read.data.items.length === 0) return <p class="soft">{w.noPages}</p>;
  return (
    <ul>
      {read.data.items.toReversed().map((each) => (
        <OneDelivery key={each.id} delivery={each} names={names} />
      ))}
    </ul>
  );
}

const deliveryTones: Readonly<Record<string, string>> = {
  delivered: "go",
  accepted: "go",
  failed: "bad",
  expired: "bad",
  unknown: "look",
  sending: "info",
  pending: "info",
};

function OneDelivery({ delivery, names }: { readonly delivery: Delivery; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const title =
    delivery.kind === "connector"
      ? w.connector(delivery.connector ?? "")
      : w.to(names.person(delivery.user ?? ""), contactText(delivery.contact ?? ""));
  return (
    <li class="delivery">
      <div class="spread">
        <strong>{title}</strong>
        <span class={`badge ${deliveryTones[delivery.status] ?? ""}`}>{w.statuses[delivery.status] ?? delivery.status}</span>
      </div>
      <p class="soft small">
        <Moment at={delivery.sentAt} /> {delivery.via !== undefined && `· ${delivery.via} ${delivery.to ?? ""}`}{" "}
        {delivery.reason !== undefined && `· ${reasonOfPage(delivery.reason, names)}`}
      </p>
      {delivery.attempts.length > 0 && (
        <ol>
          {delivery.attempts.map((attempt, i) => (
            <li key={i}>
              <span class="num">{clock(attempt.at)}</span> {w.attempt(attempt.n ?? i + 1)}:{" "}
              {w.statuses[attempt.status] ?? attempt.status}
              {attempt.reason ? `, ${attempt.reason}` : ""}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

export function Alerts({ incident }: Props): JSX.Element {
  const w = said(words);
  const key = `incident/${incident}/alerts`;
  const read = useRead(key, () => call("getIncidentAlerts", { incident }));
  if (read.data === null)
    return read.error === null ? (
      <Skeleton lines={4} />
    ) : read.error.status === 404 ? (
      <p class="soft">{w.noAlerts}</p>
    ) : (
      <Trouble problem={read.error} onAgain={() => refresh(key)} />
    );
  return (
    <ul class="stack">
      {read.data.items.map((alert) => (
        <OneAlert key={alert.key} alert={alert} />
      ))}
    </ul>
  );
}

function OneAlert({ alert }: { readonly alert: Alert }): JSX.Element {
  const w = said(words);
  return (
    <li class="stack-s">
      <div class="spread">
        <strong>{alert.title}</strong>
        <span class={`badge ${alert.firing ? "bad" : "go"}`}>{alert.firing ? w.firing : w.over}</span>
      </div>
      <p class="soft small">
        <span class="mono">{alert.dedupKey}</span> · {w.times(alert.count)} · <Moment at={alert.lastAt} />
      </p>
      {alert.raw === null ? (
        <p class="soft small">{w.noRaw}</p>
      ) : (
        <details>
          <summary>{w.raw}</summary>
          <pre class="raw" tabIndex={0}>
            {pretty(alert.raw)}
          </pre>
          {alert.plugin != null && <p class="soft small">{w.readBy(alert.plugin)}</p>}
          {Object.keys(alert.headers ?? {}).length > 0 && (
            <pre class="raw" tabIndex={0}>
              {Object.entries(alert.headers ?? {})
                .map(([name, value]) => `${name}: ${value}`)
                .join("\n")}
            </pre>
          )}
        </details>
      )}
    </li>
  );
}

/** JSON is set out in lines; anything else is shown as it came. */
function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
