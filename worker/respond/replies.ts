// Owns the words for every outcome that is not simply "done": bad links, refusals, and what to do then. Pure.
// HTTP status codes of the responder's page are decided here and nowhere else.

import type { Command } from "../core/event.ts";
import type { CommandAnswer, IncidentView } from "../objects/rpc.ts";
import type { LinkRefusal } from "./link.ts";
import type { Notice, Words } from "./model.ts";
import type { MessageModel } from "./page.tsx";

export type Action = "ack" | "resolve" | "escalate" | "snooze" | "note" | "undo";
export const actions: readonly Action[] = ["ack", "resolve", "escalate", "snooze", "note", "undo"];

export interface MessageReply {
  readonly status: 200 | 400 | 401 | 403 | 404 | 410 | 503;
  readonly message: MessageModel;
}
export interface NoticeReply {
  readonly status: 200 | 400 | 409 | 410;
  readonly notice: Notice;
}

const newestPage = "Open the link of your newest page for this incident.";
const signIn = "Or sign in to Tocsin and answer there.";
const callSomebody = "If it is urgent and you cannot get in, call the person on the next level.";

function words(title: string, text: string, todo: readonly string[]): MessageModel {
  return { title, text, todo, form: null, tone: "attention", back: null };
}

/** A link that is not believed. Never tells a forger which part was wrong. */
export function badLink(reason: LinkRefusal): MessageReply {
  if (reason === "expired") {
    return {
      status: 401,
      message: words("This link has expired", "Links work for seven days after the page they came with.", [newestPage, signIn]),
    };
  }
  if (reason === "unknown-key") {
    const text = "The hub’s signing key has been changed since this link was made.";
    return { status: 401, message: words("This link is no longer valid", text, [newestPage, signIn, callSomebody]) };
  }
  if (reason === "early") {
    const text = "By our clock it was made in the future, so a clock is wrong somewhere.";
    return {
      status: 401,
      message: words("This link is not valid yet", text, ["Wait a minute and open it again.", signIn, callSomebody]),
    };
  }
  const text = "It is not complete, or was changed on its way. Some mail programs cut long links.";
  const copy = "Go back to the message and tap the link itself, or copy all of it.";
  return { status: 401, message: words("This link cannot be read", text, [copy, signIn, callSomebody]) };
}

export const revoked: MessageReply = {
  status: 403,
  message: words(
    "This link no longer works for you",
    "Your links were revoked, or you are no longer paged by this team. Nothing was changed.",
    ["If you are on call and this is a surprise, ask an admin of your team.", callSomebody],
  ),
};

export const unreachable: MessageReply = {
  status: 503,
  message: words("The incident did not answer", "We cannot say whether your press was recorded. Pressing twice is safe.", [
    "Try again now.",
    callSomebody,
  ]),
};

/** The episode this link belongs to is not the object's any more. */
export const gone: MessageReply = {
  status: 410,
  message: words(
    "This incident is closed",
    "It ended, and your link ended with it. The same problem may have come back as a newer incident.",
    [
      "If you were paged again, open the link of that page.",
      "If it is still broken and nobody was paged, declare a new incident in Tocsin.",
    ],
  ),
};

/** The link of a test page, which belongs to no incident. */
export const tested: MessageReply = {
  status: 200,
  message: words("Your test page works", "In a real page this link opens the incident, with buttons to acknowledge it.", [
    "There is nothing to do: nothing is wrong.",
  ]),
};

export const noSuchAction: MessageReply = {
  status: 404,
  message: words("There is nothing here", "This address is no part of an incident’s page.", [
    "Go back and open the link of your page again.",
  ]),
};

/** Press came from somewhere that may be a mail scanner or another site: ask, do not refuse. */
export function confirmPage(input: {
  readonly token: string;
  readonly action: Action;
  readonly fields: Readonly<Record<string, string>>;
  readonly view: IncidentView | null;
}): MessageReply {
  const { token, action, view } = input;
  const incident = view === null ? "this incident" : `“${view.episode.title}” (${view.episode.severity})`;
  return {
    status: 200,
    message: {
      title: `${verbs[action]}?`,
      text: `We could not tell whether it was you or a program that follows links. Nothing has been changed yet: confirm to ${verbs[action].toLowerCase()} ${incident}.`,
      todo: [],
      form: { action: `/r/${token}/${action}`, label: `Yes, ${verbs[action].toLowerCase()}`, fields: input.fields },
      tone: "calm",
      back: `/r/${token}`,
    },
  };
}

const verbs: Readonly<Record<Action, string>> = {
  ack: "Acknowledge",
  resolve: "Resolve",
  escalate: "Escalate",
  snooze: "Snooze",
  note: "Add the note",
  undo: "Undo",
};

/** A command's answer as one line over the page; null: it moved, go and look (Post/Redirect/Get). */
export function noticeFor(action: Action, answer: CommandAnswer, user: string, speak: Words): NoticeReply | null {
  const since = answer.since === null ? "" : ` since ${speak.clock(answer.since)}`;
  if (answer.kind === "done") {
    if (!answer.already) return null;
    const title =
      action === "ack" && answer.by === user
        ? `Already yours${since}`
        : action === "resolve"
          ? "Already resolved"
          : "Already done";
    return { status: 200, notice: { tone: "done", title, text: "Your first press counted, nothing more is needed." } };
  }
  const other = answer.by !== null && answer.by !== user && answer.status === "acknowledged";
  if (action === "ack" && answer.code === "illegal" && answer.by !== null) {
    const title = other ? `${speak.name(answer.by)} has it${since}` : `Already yours${since}`;
    return {
      status: 200,
      notice: { tone: "done", title, text: other ? "You can rest, or escalate if help is needed." : "Nothing more is needed." },
    };
  }
  switch (answer.code) {
    case "stale":
      return {
        status: 409,
        notice: {
          tone: "attention",
          title: staleTitle[action] ?? "Things have moved on",
          text: `Nothing was changed: ${answer.message}.`,
        },
      };
    case "closed":
    case "not-found":
      return {
        status: 410,
        notice: {
          tone: "attention",
          title: "This incident is closed",
          text: "Nothing was changed. If it comes back, you are paged with a new link.",
        },
      };
    case "invalid":
      return {
        status: 400,
        notice: { tone: "attention", title: "That did not work", text: `Nothing was changed: ${answer.message}.` },
      };
    case "illegal":
      return { status: 409, notice: { tone: "attention", title: "Not now", text: `Nothing was changed: ${answer.message}.` } };
  }
}

const staleTitle: Partial<Record<Action, string>> = {
  escalate: "It has moved on already",
  undo: "This cannot be undone any more",
};

/** After the redirect: said only when the incident still stands as the press left it. */
export function afterPress(action: string | null, view: IncidentView, user: string, speak: Words): Notice | null {
  const { episode } = view;
  const mine = episode.status === "acknowledged" && episode.acknowledgedBy === user;
  if (action === "ack" && mine) return { tone: "done", title: "It is yours", text: "Nobody else is paged for it now." };
  if (action === "snooze" && mine && episode.snoozedUntil !== null) {
    return {
      tone: "done",
      title: `Quiet until ${speak.clock(episode.snoozedUntil)}`,
      text: "It stays yours; you are paged again then.",
    };
  }
  if (action === "resolve" && episode.status === "resolved")
    return { tone: "done", title: "Resolved", text: "Thank you. Nobody is paged for it any more." };
  if (action === "escalate" && episode.status === "triggered")
    return { tone: "done", title: "Escalated", text: "The next level is being paged now." };
  if (action === "note") return { tone: "done", title: "Note saved", text: "" };
  if (action === "reopen" && episode.status !== "resolved")
    return { tone: "done", title: "Undone", text: "It is not over, and everything goes on where it was." };
  if (action === "undo" && episode.status !== "acknowledged")
    return { tone: "done", title: "Undone", text: "Paging goes on where it was." };
  return null;
}

/** Over a closed incident's page that was only looked at. */
export const closedNotice: Notice = {
  tone: "done",
  title: "Nothing left to do",
  text: "If it comes back, you are paged with a new link. Still broken and nobody paged? Declare a new incident in Tocsin.",
};

/** The same while its person can still take the end back. */
export const justClosedNotice: Notice = {
  tone: "done",
  title: "Resolved by you",
  text: "Nobody is paged for it any more. If that was a mistake, undo it now.",
};

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
