// Owns what a subject says by itself: the state words that monitoring systems begin it with, and what is left of it without them,
// which is the same from a problem's first mail to its last.

import { commonSeverities, type AlertAction, type Severity } from "../../sdk/index.ts";

const answerMark = /^(?:re|fwd?|aw|wg|antw|sv|vs|tr|rv)(?:\[\d+\])?\s*:\s*/i;

/** What the words mean. Only where they are plainly a state (see `leading`): "Closed door alarm" is about a door. */
const states: Readonly<Record<string, AlertAction>> = {
  resolved: "resolve",
  recovery: "resolve",
  recovered: "resolve",
  cleared: "resolve",
  closed: "resolve",
  ok: "resolve",
  up: "resolve",
  acknowledged: "acknowledge",
  acknowledgement: "acknowledge",
  acknowledgment: "acknowledge",
  problem: "trigger",
  alert: "trigger",
  alarm: "trigger",
  firing: "trigger",
  triggered: "trigger",
  down: "trigger",
  unknown: "trigger",
  unreachable: "trigger",
  critical: "trigger",
  crit: "trigger",
  fatal: "trigger",
  emergency: "trigger",
  disaster: "trigger",
  error: "trigger",
  major: "trigger",
  minor: "trigger",
  warning: "trigger",
  warn: "trigger",
};

const words = Object.keys(states)
  .toSorted((a, b) => b.length - a.length)
  .join("|");
/** `[FIRING:2] …`, `OK: …`, `RECOVERY - …`, `** PROBLEM Service Alert: …`. */
const leading = new RegExp(
  `^(?:\\[\\s{0,4}(${words})(?::\\d{1,6})?\\s{0,4}\\]|\\*{1,4}\\s{0,4}(${words})\\b|(${words})\\s{0,4}(?::|\\s-|!))\\s{0,9}[-:]?\\s{0,9}`,
  "i",
);
/** `… is OK`, `… is CRITICAL **`. */
const trailing = new RegExp(`\\s(?:is|now)\\s(?:now\\s)?(${words})[\\s*.!]{0,9}$`, "i");

export interface SubjectReading {
  /** Null: no state word. */
  readonly action: AlertAction | null;
  readonly severity: Severity | null;
  /** Without answer marks and state words, one line, lower case; what identifies a problem. */
  readonly problem: string;
}

export function readSubject(subject: string): SubjectReading {
  const found: string[] = [];
  let rest = subject.replaceAll(/\s+/g, " ").trim();
  for (let i = 0; i < 10; i++) {
    const mark = answerMark.exec(rest) ?? leading.exec(rest);
    if (mark === null) break;
    const word = mark[1] ?? mark[2] ?? mark[3];
    if (word !== undefined) found.push(word.toLowerCase());
    rest = rest.slice(mark[0].length);
  }
  const last = trailing.exec(rest);
  if (last !== null) {
    found.push((last[1] ?? "").toLowerCase());
    rest = rest.slice(0, last.index);
  }
  const problem = rest.replaceAll("*", "").trim().toLowerCase();
  const actions = found.map((word) => states[word]);
  // "RECOVERY … is OK" agree; "ALERT: x is OK" is an end said by a sender that begins everything so.
  const action = actions.find((each) => each !== "trigger") ?? actions[0] ?? null;
  const level = found.find((word) => Object.hasOwn(commonSeverities, word));
  return {
    action,
    severity: action === "resolve" || level === undefined ? null : (commonSeverities[level] ?? null),
    problem: problem === "" ? subject.trim().toLowerCase() : problem,
  };
}
