/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
// Owns the markup of the responder's page: what a model says, as HTML that works without script on a phone.
// Must not decide anything: which buttons there are, and every word about the incident, is model.ts.

import type { Child } from "hono/jsx";
import { limits } from "../core/limits.ts";
import type { Notice, RespondModel } from "./model.ts";
import { styleHref } from "./style.ts";
import { sentences, type Language } from "./words.ts";

/** A page that is not the incident's: a bad link, a closed episode, a question. */
export interface MessageModel {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  /** What to do next, most useful first. */
  readonly todo: readonly string[];
  /** One press that goes on from here: fields posted to `action`. Null: there is none. */
  readonly form: { readonly action: string; readonly label: string; readonly fields: Readonly<Record<string, string>> } | null;
  readonly tone: "calm" | "attention";
  /** A link back to the incident, null when there is nothing to see there. */
  readonly back: string | null;
}

/** The whole document of one incident for one person. */
export function renderPage(model: RespondModel): string {
  const { page } = sentences[model.language];
  const kind = `rank-${model.severity.rank} state-${model.state}${model.mine ? " mine" : ""}`;
  return document(
    model.language,
    `${model.severity.name} ${model.title}`,
    <main class={kind}>
      <header class="top">
        <span class="tenant">{model.tenant}</span>
        <a class="again" href={`/r/${model.token}`}>
          {page.asOf(model.madeAtText)} <span aria-hidden="true">↻</span>
          <span class="unseen">{page.reload}</span>
        </a>
      </header>
      {model.notice && <NoticeBox notice={model.notice} />}
      <section class="what">
        <p class="badges">
          <span class="severity">
            <SeverityShape rank={model.severity.rank} />
            <span class="unseen">{page.severity}</span>
            {model.severity.name}
          </span>
          {model.urgency === "low" && <span class="tag">{page.lowUrgency}</span>}
          {model.test && <span class="tag">{page.test}</span>}
          <span class="status">{model.headline}</span>
        </p>
        <h1 class={isLong(model.title) ? "long" : undefined}>{model.title}</h1>
        <Facts model={model} />
      </section>
      <Actions model={model} />
      {model.offer !== null && (
        <p class="offer">
          {page.offer}
          <a class="button" href={model.offer}>
            {page.offerDo}
          </a>
        </p>
      )}
      <Record model={model} />
      <footer>
        <p>
          {page.times(model.zone === "UTC" ? "UTC" : `${model.zone} (${model.offset})`)} {page.yoursAlone(model.person)}
        </p>
      </footer>
    </main>,
  );
}

/** A page of a few words and at most one button. */
export function renderMessage(model: MessageModel): string {
  return document(
    model.language,
    model.title,
    <main class={`message ${model.tone}`}>
      <section class="what">
        <h1>{model.title}</h1>
        <p>{model.text}</p>
        {model.todo.length > 0 && (
          <ul class="todo">
            {model.todo.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        )}
      </section>
      {model.form && (
        <form method="post" action={model.form.action}>
          {Object.entries(model.form.fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <button class="big main-act" type="submit">
            {model.form.label}
          </button>
        </form>
      )}
      {model.back !== null && (
        <a class="button plain" href={model.back}>
          {sentences[model.language].page.show}
        </a>
      )}
    </main>,
  );
}

function document(language: Language, title: string, body: Child): string {
  const html = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow, noarchive" />
        <meta name="format-detection" content="telephone=no" />
        <title>{title} · Tocsin</title>
        <link rel="stylesheet" href={styleHref} />
      </head>
      <body>{body}</body>
    </html>
  );
  // oxlint-disable-next-line typescript/no-base-to-string -- a hono/jsx node renders by its own toString
  return `<!doctype html>${html.toString()}`;
}

/** Cut to a few lines above, whole among what the alert says. */
function isLong(title: string): boolean {
  return title.length > 90;
}

/** Said by shape as well as by word: an octagon, a triangle, a diamond, a circle. */
function SeverityShape(props: { readonly rank: number }): Child {
  const shapes = ["M7 1h10l6 6v10l-6 6H7l-6-6V7z", "M12 2l11 20H1z", "M12 1l11 11-11 11L1 12z", "M12 2a10 10 0 1 0 .01 0z"];
  return (
    <svg class="shape" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false">
      <path d={shapes[props.rank] ?? shapes[3]} fill="currentColor" />
      {props.rank < 2 && (
        <path
          class="bang"
          d={props.rank === 0 ? "M10.6 5h2.8v9h-2.8zM10.6 16.2h2.8V19h-2.8z" : "M10.8 9h2.4v6.6h-2.4zM10.8 17.2h2.4v2.4h-2.4z"}
        />
      )}
    </svg>
  );
}

function NoticeBox(props: { readonly notice: Notice }): Child {
  return (
    <div class={`notice ${props.notice.tone}`} role="status">
      <strong>{props.notice.title}</strong>
      {props.notice.text !== "" && <span> {props.notice.text}</span>}
    </div>
  );
}

function Facts(props: { readonly model: RespondModel }): Child {
  const { facts, next } = props.model;
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div>
          <dt>{fact.term}</dt>
          <dd>
            {fact.text}
            {fact.more !== "" && <span class="soft"> · {fact.more}</span>}
          </dd>
        </div>
      ))}
      {next && (
        <div class="next">
          <dt>{sentences[props.model.language].facts.next}</dt>
          <dd>
            {next.items.map((item, n) => (
              <span class="moment">
                <b>{item.at}</b> {item.text}
                {n === 0 && <span class="soft"> · {next.when.toLowerCase()}</span>}
              </span>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Actions(props: { readonly model: RespondModel }): Child {
  const { model } = props;
  const { can } = model;
  const { page } = sentences[model.language];
  return (
    <section class="do" aria-label={page.actions}>
      {model.undo !== null && (
        <Press model={model} action="undo" class={`undo left-${Math.min(30, Math.ceil(model.undo.leftS / 5) * 5)}`}>
          <button type="submit">
            {page.undo} <small>{page.undoHint[model.undo.of]}</small>
            <span class="fuse" aria-hidden="true"></span>
          </button>
        </Press>
      )}
      {can.ack && (
        <Press model={model} action="ack" class="first">
          <button class="big main-act" type="submit">
            {page.ack} <small>{page.ackHint}</small>
          </button>
        </Press>
      )}
      {(can.resolve || can.escalate) && (
        <div class="pair">
          {can.escalate && (
            <Press model={model} action="escalate">
              <button class="big" type="submit">
                {page.escalate} <small>{page.escalateHint}</small>
              </button>
            </Press>
          )}
          {can.resolve && (
            <Press model={model} action="resolve">
              <button class={`big${model.mine ? " main-act" : ""}`} type="submit">
                {page.resolve} <small>{page.resolveHint}</small>
              </button>
            </Press>
          )}
        </div>
      )}
      {model.snooze.length > 0 && (
        <Press model={model} action="snooze" class="snooze">
          <fieldset>
            <legend>{page.snooze}</legend>
            {model.snooze.map((choice) => (
              <button type="submit" name="for" value={choice.value}>
                {choice.label}
              </button>
            ))}
          </fieldset>
        </Press>
      )}
      <div class="pair low">
        {model.runbook !== null && (
          <a class="button" href={model.runbook} rel="noopener noreferrer nofollow" target="_blank">
            {page.runbook} <span aria-hidden="true">↗</span>
          </a>
        )}
        {model.others.length > 0 && <CallInForm model={model} />}
        {can.note && <NoteForm model={model} />}
      </div>
    </section>
  );
}

function NoteForm(props: { readonly model: RespondModel }): Child {
  const { page } = sentences[props.model.language];
  return (
    <details class="note">
      <summary class="button">{page.note}</summary>
      <Press model={props.model} action="note">
        <label for="text">{page.noteLabel}</label>
        <textarea id="text" name="text" rows={4} required maxlength={limits.incident.noteCharsMax}></textarea>
        <button type="submit">{page.noteSave}</button>
      </Press>
    </details>
  );
}

function CallInForm(props: { readonly model: RespondModel }): Child {
  const { page } = sentences[props.model.language];
  return (
    <details class="note">
      <summary class="button">{page.callIn}</summary>
      <Press model={props.model} action="responders">
        <label for="user">{page.callInWho}</label>
        <select id="user" name="user" required>
          <option value="">…</option>
          {props.model.others.map((person) => (
            <option value={person.value}>{person.label}</option>
          ))}
        </select>
        <label for="why">{page.callInWhy}</label>
        <input id="why" type="text" name="text" maxlength={limits.respond.callInCharsMax} autocomplete="off" />
        <button type="submit">{page.callInDo}</button>
      </Press>
    </details>
  );
}

/** One real form an action. The hidden fields are all a client needs to send with it. */
function Press(props: {
  readonly model: RespondModel;
  readonly action: string;
  readonly class?: string;
  readonly children?: Child;
}): Child {
  const { token, nonce, madeAt } = props.model;
  return (
    <form method="post" action={`/r/${token}/${props.action}`} class={props.class}>
      <input type="hidden" name="nonce" value={nonce} />
      <input type="hidden" name="seen" value={String(madeAt)} />
      {props.children}
    </form>
  );
}

function Record(props: { readonly model: RespondModel }): Child {
  const { title, lines, body, labels, links } = props.model;
  const { page } = sentences[props.model.language];
  return (
    <section class="record">
      {lines.length > 0 && (
        <>
          <h2>{page.soFar}</h2>
          <ol class="lines">
            {lines.map((line) => (
              <li>
                <time>{line.at}</time>
                <span>{line.text}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {(isLong(title) || body !== "" || labels.length > 0 || links.length > 0) && (
        <details class="alert">
          <summary>
            {page.alert}
            {labels.length > 0 && <span class="soft"> · {page.labels(labels.length)}</span>}
          </summary>
          {isLong(title) && <p class="body">{title}</p>}
          {body !== "" && <p class="body">{body}</p>}
          {links.map((link) => (
            <p>
              <a href={link.href} rel="noopener noreferrer nofollow" target="_blank">
                {link.text}
              </a>
            </p>
          ))}
          {labels.length > 0 && (
            <dl class="labels">
              {labels.map(([name, value]) => (
                <div>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </details>
      )}
    </section>
  );
}
