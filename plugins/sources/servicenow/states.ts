// Owns what the state of a task record says: open, over, begun; by the record's table, whose numbers differ.

import { firstOf, isRecord, present, wordOf } from "../../sdk/index.ts";

type Fields = Readonly<Record<string, unknown>>;

const openWords = new Set([
  "new",
  "open",
  "in progress",
  "work in progress",
  "on hold",
  "pending",
  "active",
  "awaiting user info",
  "awaiting problem",
]);
const startedWords = new Set(["in progress", "work in progress"]);
/** Before anybody began. */
export const fresh = new Set(["1", "new", "open"]);

/** The numbers of `state` mean something else in each table: a 3 is an incident on hold and a closed case. */
interface States {
  readonly open: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
  readonly started: ReadonlySet<string>;
}
const incidents: States = { open: new Set(["1", "2", "3"]), done: new Set(["6", "7", "8"]), started: new Set(["2"]) };
const tasks: States = { open: new Set(["-5", "1", "2"]), done: new Set(["3", "4", "7"]), started: new Set(["2"]) };
const tables: Readonly<Record<string, States>> = {
  sn_customerservice_case: { open: new Set(["1", "10", "18"]), done: new Set(["3", "6", "7"]), started: new Set(["10"]) },
  problem: {
    open: new Set(["1", "2", "101", "102", "103", "104"]),
    done: new Set(["4", "106", "107"]),
    started: new Set(["102", "103", "104"]),
  },
  change_request: {
    open: new Set(["-5", "-4", "-3", "-2", "-1", "0"]),
    done: new Set(["3", "4", "7"]),
    started: new Set(["-1"]),
  },
  task: tasks,
  sc_task: tasks,
  sc_req_item: tasks,
  incident_task: tasks,
  problem_task: tasks,
  change_task: tasks,
};

/** Of a number as its table has it; a word means the same in all of them, however the organization went on ("Closed Complete"). */
export function standing(record: Fields, state: string | null): "open" | "done" | "unknown" {
  if (state === null) return isFalse(text(record["active"])) ? "done" : "unknown";
  const { open: opens, done: ends } = statesOf(record);
  if (/^-?\d+$/.test(state)) {
    if (ends.has(state)) return "done";
    // What the table's own default says of every state, an organization's own ones too: it is not active any more.
    if (isFalse(text(record["active"]))) return "done";
    return opens.has(state) ? "open" : "unknown";
  }
  if (/^(closed|cancell?ed|resolved)\b/.test(state) || isFalse(text(record["active"]))) return "done";
  return openWords.has(state) ? "open" : "unknown";
}

function statesOf(record: Fields): States {
  const table = wordOf(tableOf(record["sys_class_name"]));
  return (table !== null && Object.hasOwn(tables, table) ? tables[table] : undefined) ?? incidents;
}

/** What says that somebody began, in the record's table, as a number or a word. */
export function startedStates(record: Fields): ReadonlySet<string> {
  return new Set([...statesOf(record).started, ...startedWords]);
}

/** A reference's own value: what is displayed is the table's label. */
function tableOf(field: unknown): string | null {
  return isRecord(field) ? firstOf(field["value"], field["display_value"]) : present(field);
}

/** A field is a text, or a reference {display_value, value, link}. */
export function text(field: unknown): string | null {
  return isRecord(field) ? firstOf(field["display_value"], field["value"]) : present(field);
}

function isFalse(value: string | null): boolean {
  return value?.toLowerCase() === "false";
}
