// Owns one incident's page: what, since when, who has it, what happens next, what can be done, what happened.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { TextField } from "../../design/field.tsx";
import { Icon, type IconName } from "../../design/icon.tsx";
import { Moment, PersonMark, Severity, Status } from "../../design/marks.tsx";
import { Missing } from "../../design/missing.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { Tabs } from "../../design/tabs.tsx";
import { Withheld } from "../../design/withheld.tsx";
import { call, tenant } from "../../lib/api.ts";
import { useDirectory, type Directory } from "../../lib/directory.ts";
import { useKeys } from "../../lib/keys.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import { allowed, session } from "../../lib/session.ts";
import type { Incident, Move, SlaClock } from "../../lib/shapes.ts";
import { countdown, dateTime, duration, now, slowly } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import { acknowledge, reopen, resolve, takeBack } from "./act.ts";
import { AskEscalate } from "./ask-escalate.tsx";
import { ChangesAround } from "./changes.tsx";
import { ActionDialog, type Asked } from "./dialogs.tsx";
import { words } from "./detail-words.ts";
import { note } from "./fresh.ts";
import { Ladder } from "./ladder.tsx";
import { Unread } from "./unread.tsx";
import { Alerts, Deliveries, Timeline } from "./record.tsx";
import { words as listWords } from "./words.ts";
import "./incident.css";

export default function IncidentPage({ params }: PageProps): JSX.Element {
  const id = params["incident"] ?? "";
  const names = useDirectory();
  const read = useRead(`incident/${id}`, async () => note(await call("getIncident", { incident: id })), { everyMs: 30_000 });
  const [tab, setTab] = useState("timeline");
  const incident = read.data;
  useEffect(() => {
    if (incident !== null) document.title = `${incident.title} · Tocsin`;
  }, [incident?.title]);
  useWhenPassed(incident, id);
  const w = said(words);
  const back = (
    <Link class="row soft" style={{ width: "fit-content" }} href={`/t/${tenant.value ?? ""}/incidents`}>
      <Icon name="left" size={16} />
      {w.back}
    </Link>
  );
  if (incident === null)
    return (
      <>
        {back}
        {read.error === null ? (
          <Skeleton lines={8} />
        ) : (
          <Missing what="incident" id={id} problem={read.error} onAgain={() => refresh(`incident/${id}`)} />
        )}
      </>
    );
  const mayRead = allowed("getIncidentDeliveries");
  const tabs = [
    { id: "timeline", title: w.timeline, render: () => <Timeline incident={id} names={names} /> },
    ...(mayRead
      ? [
          { id: "deliveries", title: w.deliveries, render: () => <Deliveries incident={id} names={names} /> },
          {
            id: "alerts",
            title: w.alerts,
            ...(incident.alerts === undefined ? {} : { count: incident.alerts }),
            render: () => <Alerts incident={id} names={names} />,
          },
        ]
      : []),
  ];
  return (
    <>
      {back}
      {read.error !== null && <Trouble problem={read.error} onAgain={() => refresh(`incident/${id}`)} />}
      <Head incident={incident} names={names} />
      <Withheld by="ack" />
      {allowed("ack") && <Doing incident={incident} names={names} />}
      <div class="incident-page">
        <div class="stack">
          <Ladder incident={incident} names={names} />
          <section class="card">
            <div class="body">
              <Tabs label={w.tabs} tabs={tabs} open={tab} onOpen={setTab} />
              {tab === "timeline" && mayRead && incident.moves?.includes("note") && <Note incident={id} />}
            </div>
          </section>
        </div>
        <Facts incident={incident} names={names} />
      </div>
    </>
  );
}

/** When something that was due has passed, the hub knows more: it is asked, a moment later. */
function useWhenPassed(incident: Incident | null, id: string): void {
  const next = incident?.pending.find((item) => Date.parse(item.at) > Date.now())?.at;
  useEffect(() => {
    if (next === undefined) return;
    const wait = Date.parse(next) - Date.now() + 700;
    if (wait > 3_600_000) return;
    const timer = setTimeout(() => refresh(`incident/${id}`), wait);
    return () => clearTimeout(timer);
  }, [next, id]);
}

function Head({ incident, names }: { readonly incident: Incident; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const over = incident.resolvedAt !== null;
  const lasted = (over ? Date.parse(incident.resolvedAt ?? "") : slowly.value) - Date.parse(incident.openedAt);
  return (
    <div class="incident-head">
      <div class="marks">
        <Severity name={incident.severity} rank={names.rank(incident.severity)} />
        <Status status={incident.status} snoozed={incident.snoozedUntil !== null} />
        {incident.test && <strong>{incident.status === "suppressed" ? said(listWords).testQuiet : said(listWords).test}</strong>}
        <span class="soft">
          {over ? w.closed : w.since} <Moment at={over ? (incident.resolvedAt ?? "") : incident.openedAt} zone={names.timeZone} />
          , {over ? w.lasted(duration(lasted)) : lasted < 60_000 ? w.justNow : w.for(duration(lasted))}
        </span>
      </div>
      <h1>{incident.title}</h1>
      <p class="who soft">{whoHas(incident, names)}</p>
      {incident.body !== "" && (
        <p class={`body ${incident.body.length > 400 ? "long" : ""}`} tabIndex={incident.body.length > 400 ? 0 : undefined}>
          {incident.body}
        </p>
      )}
    </div>
  );
}

function whoHas(incident: Incident, names: Directory): string {
  const lw = said(listWords);
  if (incident.acknowledgedBy !== null) return lw.has(names.person(incident.acknowledgedBy));
  return incident.assignees.length === 0 ? "" : lw.paged(incident.assignees.map((id) => names.person(id)).join(", "));
}

function Doing({ incident, names }: { readonly incident: Incident; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const lw = said(listWords);
  const [asked, setAsked] = useState<Asked | "escalate" | null>(null);
  const [all, setAll] = useState(false);
  const can = (move: Move): boolean => incident.moves?.includes(move) ?? false;
  const ids = [incident.id];
  const back = wayBack(incident);
  const quiet = incident.status === "suppressed";
  async function unmerge(): Promise<void> {
    await call("unmerge", { incident: incident.id, body: {} }).then(note, (error: Error) => tell(error.message, { tone: "bad" }));
    refresh(`incident/${incident.id}`);
  }
  useKeys([
    { key: "a", does: lw.keyAck, run: () => can("ack") && void acknowledge(ids) },
    { key: "r", does: lw.keyResolve, run: () => can("resolve") && void resolve(ids) },
    { key: "e", does: lw.keyEscalate, run: () => can("escalate") && setAsked("escalate") },
  ]);
  const further = [
    { move: "responders", icon: "people" },
    { move: "reassign" },
    { move: "severity" },
    { move: "unack" },
    { move: "merge" },
  ] as readonly { readonly move: Asked; readonly icon?: IconName }[];
  const second = further.filter(({ move }) => can(move) && !(move === "unack" && back === "unack"));
  const owned = incident.acknowledgedBy !== null;
  return (
    <div class={`doing ${all ? "all" : ""}`}>
      {can("ack") && !owned && (
        <Button tone="go" icon="check" onClick={() => acknowledge(ids)}>
          {w.ack}
        </Button>
      )}
      {back !== null && (
        <Button icon="back" tone={back === "reopen" ? "go" : "plain"} onClick={() => takeBack(back, ids)}>
          {w.undo} {countdown(Date.parse(incident.undoUntil ?? "") - now.value)}
        </Button>
      )}
      {can("resolve") && (
        <Button tone={owned ? "go" : "plain"} onClick={() => resolve(ids)}>
          {w.resolve}
        </Button>
      )}
      {can("reopen") && back === null && <Button onClick={() => reopen(ids)}>{w.reopen}</Button>}
      {can("escalate") && (
        <Button icon="up" onClick={() => setAsked("escalate")}>
          {quiet ? lw.pageNow : w.escalate}
        </Button>
      )}
      {can("snooze") && (
        <Button icon="moon" onClick={() => setAsked("snooze")}>
          {w.snooze}
        </Button>
      )}
      {can("unmerge") && <Button onClick={unmerge}>{w.unmerge}</Button>}
      {second.map(({ move, icon }) => (
        <Button key={move} class="second" icon={icon} onClick={() => setAsked(move)}>
          {w[move]}
        </Button>
      ))}
      {second.length > 0 && (
        <Button class="further" icon="more" onClick={() => setAll(true)}>
          {w.further}
        </Button>
      )}
      {asked === "escalate" && <AskEscalate ids={ids} quiet={quiet} onClose={() => setAsked(null)} />}
      {asked !== null && asked !== "escalate" && (
        <ActionDialog asked={asked} incident={incident} names={names} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

/** What of it can be taken back by whoever looks, while the time for that runs. */
function wayBack({ undoUntil, undoBy, moves = [] }: Incident): "unack" | "reopen" | null {
  if (!undoUntil || Date.parse(undoUntil) <= now.value) return null;
  const me = session.value?.tenant === null ? "hub-owner" : session.value?.user;
  if (moves.includes("reopen")) return undoBy === me ? "reopen" : null;
  return moves.includes("unack") ? "unack" : null;
}

function Note({ incident }: { readonly incident: string }): JSX.Element {
  const w = said(words);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  async function send(): Promise<void> {
    if (text.trim() === "") return;
    await call("note", { incident, body: { text: text.trim() } }).then(
      (after) => {
        note(after);
        setText("");
        setWrong(null);
        tell(w.noteAdded);
        refresh(`incident/${incident}`);
      },
      (error: Error) => setWrong(error.message),
    );
  }
  return (
    <form
      class="stack-s"
      style={{ marginTop: "1rem" }}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <TextField
        label={w.noteLabel}
        hint={w.noteHint}
        lines={2}
        value={text}
        onInput={setText}
        wrong={wrong}
        maxLength={10_000}
      />
      <div>
        <Button type="submit" disabled={text.trim() === ""}>
          {w.noteSend}
        </Button>
      </div>
    </form>
  );
}

/** Only what a browser opens safely is a link; anything else is text. */
function safeHref(href: string | null | undefined): string | null {
  return href !== null && href !== undefined && /^(https?|mailto):/i.test(href) ? href : null;
}

const outward = { target: "_blank", rel: "noopener noreferrer nofollow" };

function Facts({ incident, names }: { readonly incident: Incident; readonly names: Directory }): JSX.Element {
  const w = said(words);
  const runbook = safeHref(incident.runbook);
  const team = incident.team ?? names.teamOf(incident.service);
  const links = (incident.links ?? []).flatMap((each) => (safeHref(each.href) === null ? [] : [each]));
  const labels = Object.entries(incident.labels);
  return (
    <aside class="side" aria-label={w.facts}>
      <section class="card padded stack">
        <div class="stack-s">
          <span class="soft small">{w.owner}</span>
          {incident.acknowledgedBy === null ? (
            <strong>{w.nobody}</strong>
          ) : (
            <PersonMark name={names.person(incident.acknowledgedBy)} />
          )}
          {incident.snoozedUntil !== null && <span class="badge info">{w.snoozed(dateTime(incident.snoozedUntil))}</span>}
          {incident.unreadable && <Unread of={incident.unreadable} />}
        </div>
        {incident.acknowledgedBy === null && incident.assignees.length > 0 && (
          <div class="stack-s">
            <span class="soft small">{w.paged}</span>
            {incident.assignees.map((user) => (
              <PersonMark key={user} name={names.person(user)} />
            ))}
          </div>
        )}
        {runbook !== null && (
          <a class="button" href={runbook} {...outward}>
            <Icon name="file" size={18} />
            {w.openRunbook}
          </a>
        )}
      </section>
      <ChangesAround incident={incident} names={names} />
      {incident.sla.length > 0 && (
        <section class="card padded stack-s">
          <h3>{w.slas}</h3>
          {incident.sla.map((each) => (
            <Sla key={`${each.id}/${each.kind}`} sla={each} />
          ))}
        </section>
      )}
      <section class="card padded stack">
        <dl class="facts">
          {incident.service !== null && <Fact name={w.service} value={names.service(incident.service)} />}
          {team !== null && team !== undefined && <Fact name={w.team} value={names.team(team)} />}
          {incident.policy !== null && <Fact name={w.policy} value={names.policy(incident.policy)} />}
          {incident.route && <Fact name={w.route} value={incident.route} />}
          <Fact name={w.urgency} value={w.urgencies[incident.urgency]} />
          <Fact
            name={w.source}
            value={
              incident.integration
                ? `${names.source(incident.source)} (${names.integration(incident.integration)})`
                : names.source(incident.source)
            }
          />
        </dl>
        {incident.mergedInto && (
          <Link href={`/t/${tenant.value ?? ""}/incidents/${incident.mergedInto}`}>
            {w.into} {incident.mergedInto}
          </Link>
        )}
        {links.length > 0 && (
          <div class="stack-s">
            <span class="soft small">{w.links}</span>
            {links.map((each) => (
              <a key={each.href} class="cut" href={each.href} {...outward}>
                {each.text || each.href}
              </a>
            ))}
          </div>
        )}
        {labels.length > 0 && (
          <div class="stack-s">
            <span class="soft small">{w.labels}</span>
            <div class="labels">
              {labels.map(([name, value]) => (
                <span key={name} class="cut" title={`${name}=${value}`}>
                  {name}={value}
                </span>
              ))}
            </div>
          </div>
        )}
      </section>
    </aside>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Sla({ sla }: { readonly sla: SlaClock }): JSX.Element {
  const w = said(words);
  const left = sla.at === null ? null : Date.parse(sla.at) - now.value;
  const over = sla.state === "breached" || (sla.met ?? null) === false;
  return (
    <div class="spread small">
      <span>
        {sla.name}, {w.slaKinds[sla.kind]}
      </span>
      {over ? (
        <span class="badge bad">{w.slaOver}</span>
      ) : sla.met === true ? (
        <span class="badge go">{w.slaMet}</span>
      ) : (
        <span class="num">{left === null ? sla.state : countdown(left)}</span>
      )}
    </div>
  );
}
