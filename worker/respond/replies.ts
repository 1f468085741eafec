// Owns the words for every outcome that is not simply "done": bad links, refusals, and what to do then. Pure.
// HTTP status codes of the responder's page are decided here and nowhere else.

import type { Command } from "../core/event.ts";
import { limits } from "../core/limits.ts";
import type { CommandAnswer, IncidentView } from "../objects/rpc.ts";
import type { LinkRefusal } from "./link.ts";
import type { Notice, Words } from "./model.ts";
import type { MessageModel } from "./page.tsx";
import { sentences, type Language } from "./words.ts";

export type Action = "ack" | "resolve" | "escalate" | "snooze" | "note" | "responders" | "undo";
export const actions: readonly Action[] = ["ack", "resolve", "escalate", "snooze", "note", "responders", "undo"];

export interface MessageReply {
  readonly status: 200 | 400 | 401 | 403 | 404 | 410 | 503;
  readonly message: MessageModel;
}
export interface NoticeReply {
  readonly status: 200 | 400 | 409 | 410;
  readonly notice: Notice;
}

type Say = (typeof sentences)[Language];
type Todo = keyof Say["todo"];

function message(
  status: MessageReply["status"],
  language: Language,
  name: keyof Say["messages"],
  todo: readonly Todo[],
): MessageReply {
  const say = sentences[language];
  const [title = "", text = ""] = say.messages[name] ?? [];
  const lines = todo.map((each) => say.todo[each]);
  return { status, message: { language, title, text, todo: lines, form: null, tone: "attention", back: null } };
}

/** A link that is not believed. Never tells a forger which part was wrong. */
export function badLink(reason: LinkRefusal, language: Language = "en"): MessageReply {
  if (reason === "expired") return message(401, language, "expired", ["newestPage", "signIn"]);
  if (reason === "unknown-key") return message(401, language, "unknownKey", ["newestPage", "signIn", "callSomebody"]);
  if (reason === "early") return message(401, language, "early", ["wait", "signIn", "callSomebody"]);
  return message(401, language, "unreadable", ["copy", "signIn", "callSomebody"]);
}

export const revoked = (language: Language): MessageReply => message(403, language, "revoked", ["askAdmin", "callSomebody"]);

export const unreachable = (language: Language): MessageReply => message(503, language, "unreachable", ["again", "callSomebody"]);

/** The episode this link belongs to is not the object's any more. */
export const gone = (language: Language): MessageReply => message(410, language, "gone", ["newer", "declare"]);

/** The link of a test page, which belongs to no incident. */
export const tested = (language: Language): MessageReply => message(200, language, "tested", ["fine"]);

export const noSuchAction = (language: Language): MessageReply => message(404, language, "nothing", ["back"]);

/** Press came from somewhere that may be a mail scanner or another site: ask, do not refuse. */
export function confirmPage(input: {
  readonly token: string;
  readonly action: Action;
  readonly fields: Readonly<Record<string, string>>;
  readonly view: IncidentView | null;
  readonly language: Language;
}): MessageReply {
  const { token, action, view, language } = input;
  const { confirm, verbs } = sentences[language];
  const verb = verbs[action];
  const incident = view === null ? confirm.thisOne : `“${view.episode.title}” (${view.episode.severity})`;
  return {
    status: 200,
    message: {
      language,
      title: confirm.title(verb),
      text: confirm.text(verb.toLowerCase(), incident),
      todo: [],
      form: { action: `/r/${token}/${action}`, label: confirm.yes(verb.toLowerCase()), fields: input.fields },
      tone: "calm",
      back: `/r/${token}`,
    },
  };
}

/** A command's answer as one line over the page; null: it moved, go and look (Post/Redirect/Get). */
export function noticeFor(action: Action, answer: CommandAnswer, user: string, { say, clock, name }: Words): NoticeReply | null {
  const { notices } = say;
  const since = answer.since === null ? "" : say.since(clock(answer.since));
  if (answer.kind === "done") {
    if (!answer.already) return null;
    const title =
      action === "ack" && answer.by === user
        ? notices.alreadyYours(since)
        : action === "resolve"
          ? notices.alreadyResolved
          : notices.alreadyDone;
    return { status: 200, notice: { tone: "done", title, text: notices.counted } };
  }
  const other = answer.by !== null && answer.by !== user && answer.status === "acknowledged";
  if (action === "ack" && answer.code === "illegal" && answer.by !== null) {
    const title = other ? notices.theirs(name(answer.by), since) : notices.alreadyYours(since);
    return { status: 200, notice: { tone: "done", title, text: other ? notices.rest : notices.enough } };
  }
  const attention = (title: string, text: string): Notice => ({ tone: "attention", title, text });
  switch (answer.code) {
    case "stale":
      return {
        status: 409,
        notice: attention(notices.stale[action] ?? notices.movedOn, notices.unchanged(answer.message)),
      };
    case "closed":
    case "not-found":
      return { status: 410, notice: attention(notices.closed, notices.closedText) };
    case "invalid":
      return { status: 400, notice: attention(notices.wrong, notices.unchanged(answer.message)) };
    case "illegal":
      return { status: 409, notice: attention(notices.notNow, notices.unchanged(answer.message)) };
  }
}

function done([title = "", text = ""]: readonly string[]): Notice {
  return { tone: "done", title, text };
}

/** After the redirect: said only when the incident still stands as the press left it. */
export function afterPress(
  action: string | null,
  { episode }: IncidentView,
  user: string,
  { say: { notices }, clock }: Words,
): Notice | null {
  const mine = episode.status === "acknowledged" && episode.acknowledgedBy === user;
  if (action === "ack" && mine) return done(notices.yours);
  if (action === "snooze" && mine && episode.snoozedUntil !== null)
    return done([notices.quiet(clock(episode.snoozedUntil)), notices.quietText]);
  if (action === "resolve" && episode.status === "resolved") return done(notices.resolved);
  if (action === "escalate" && episode.status === "triggered") return done(notices.escalated);
  if (action === "note") return done(notices.note);
  if (action === "responders") return done(notices.calledIn);
  if (action === "reopen" && episode.status !== "resolved") return done(notices.reopened);
  if (action === "undo" && episode.status !== "acknowledged") return done(notices.undone);
  return null;
}

/** Over a closed incident's page that was only looked at. */
export const closedNotice = ({ say }: Words): Notice => done(say.notices.over);

/** The same while its person can still take the end back. */
export const justClosedNotice = ({ say }: Words): Notice => done(say.notices.justOver);

/** What a form's fields ask for; null: they ask for nothing that can be understood. */
export function commandFor(
  action: Action,
  fields: Readonly<Record<string, string>>,
  times: { readonly seenAt: number; readonly now: number; /** What an undo is of. */ readonly resolved: boolean },
): Command | null {
  switch (action) {
    case "ack":
      return { kind: "ack" };
    case "undo":
      return times.resolved ? { kind: "reopen", undo: true } : { kind: "unack", undo: true };
    case "resolve":
      return { kind: "resolve", reason: null };
    case "escalate":
      return { kind: "escalate", seenAt: times.seenAt };
    case "note":
      return { kind: "note", text: fields["text"] ?? "" };
    case "responders": {
      const user = fields["user"] ?? "";
      const message = (fields["text"] ?? "").trim().slice(0, limits.respond.callInCharsMax);
      return user === "" ? null : { kind: "responders", users: [user], message };
    }
    case "snooze": {
      const until = snoozeUntil(fields["for"] ?? fields["until"] ?? "", times.now);
      return until === null ? null : { kind: "snooze", until };
    }
  }
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "30m", "1h", "1d", or an instant as the page wrote it (RFC 3339 UTC). */
function snoozeUntil(text: string, now: number): number | null {
  const duration = /^(\d{1,4})([mhd])$/.exec(text);
  if (duration) return now + Number(duration[1]) * (unitMs[duration[2] ?? ""] ?? 0);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
