// Owns the dialogs of an incident's actions that need a choice. Each does its work, or says why not, and closes.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Avatar } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import type { Directory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { Incident } from "../../lib/shapes.ts";
import { tell } from "../../lib/toast.ts";
import { note } from "./fresh.ts";
import { words } from "./detail-words.ts";

export type Asked = "unack" | "snooze" | "reassign" | "responders" | "severity" | "merge";

interface Props {
  readonly incident: Incident;
  readonly names: Directory;
  readonly onClose: () => void;
}

export function ActionDialog({ asked, ...props }: Props & { readonly asked: Asked }): JSX.Element {
  const kinds = {
    unack: Unack,
    snooze: Snooze,
    reassign: Reassign,
    responders: Responders,
    severity: ChangeSeverity,
    merge: Merge,
  };
  const Body = kinds[asked];
  return <Body {...props} />;
}

interface AskProps {
  readonly title: string;
  readonly text?: string;
  readonly action: string;
  readonly ready?: boolean;
  readonly onClose: () => void;
  readonly onDo: () => Promise<Incident>;
  readonly children?: ComponentChildren;
}

/** A choice and its button. */
function Ask({ title, text, action, ready = true, onClose, onDo, children }: AskProps): JSX.Element {
  const w = said(words);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(): Promise<void> {
    if (busy || !ready) return;
    setBusy(true);
    try {
      const { id } = note(await onDo());
      refresh(`incident/${id}`);
      tell(w.done);
      onClose();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
      setBusy(false);
    }
  }
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => void submit()}>
      {text !== undefined && <p class="soft">{text}</p>}
      {problem !== null && <Trouble problem={problem} />}
      {children}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={busy} disabled={!ready}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

function Unack({ incident, onClose }: Props): JSX.Element {
  const w = said(words);
  return (
    <Ask
      title={w.unackAsk}
      text={w.unackText}
      action={w.unack}
      onClose={onClose}
      onDo={() => call("unack", { incident: incident.id, body: {} })}
    />
  );
}

function Snooze({ incident, onClose }: Props): JSX.Element {
  const w = said(words);
  const [length, setLength] = useState("1h");
  return (
    <Ask
      title={w.snooze}
      text={w.snoozeText}
      action={w.snooze}
      onClose={onClose}
      onDo={() => call("snooze", { incident: incident.id, body: { for: length } })}
    >
      <div class="chips" role="group" aria-label={w.snooze}>
        {Object.entries(w.snoozes).map(([value, text]) => (
          <button key={value} type="button" class="chip" aria-pressed={length === value} onClick={() => setLength(value)}>
            {text}
          </button>
        ))}
      </div>
    </Ask>
  );
}

function choices(list: readonly { readonly id: string; readonly name: string }[], first: string) {
  return [{ value: "", text: first }, ...list.map(({ id, name }) => ({ value: id, text: name }))];
}

function Reassign({ incident, names, onClose }: Props): JSX.Element {
  const w = said(words);
  const [user, setUser] = useState("");
  const [policy, setPolicy] = useState("");
  const body = user !== "" ? { user } : { policy };
  return (
    <Ask
      title={w.reassign}
      text={w.reassignText}
      action={w.reassign}
      ready={user !== "" || policy !== ""}
      onClose={onClose}
      onDo={() => call("reassign", { incident: incident.id, body })}
    >
      <SelectField
        label={w.person}
        value={user}
        onChange={(value) => (setUser(value), setPolicy(""))}
        choices={choices(
          names.users.filter((each) => each.active),
          w.choosePerson,
        )}
      />
      <SelectField
        label={w.policy}
        value={policy}
        onChange={(value) => (setPolicy(value), setUser(""))}
        choices={choices(names.policies, w.choosePolicy)}
      />
    </Ask>
  );
}

function Responders({ incident, names, onClose }: Props): JSX.Element {
  const w = said(words);
  const [users, setUsers] = useState<readonly string[]>([]);
  const [message, setMessage] = useState("");
  return (
    <Ask
      title={w.responders}
      text={w.respondersText}
      action={w.responders}
      ready={users.length > 0}
      onClose={onClose}
      onDo={() => call("responders", { incident: incident.id, body: { users, message } })}
    >
      <fieldset class="people-pick">
        <legend class="unseen">{w.person}</legend>
        {names.users
          .filter((each) => each.active)
          .map((each) => (
            <label key={each.id}>
              <input
                type="checkbox"
                checked={users.includes(each.id)}
                onChange={(event) =>
                  setUsers(event.currentTarget.checked ? [...users, each.id] : users.filter((id) => id !== each.id))
                }
              />
              <Avatar name={each.name} />
              {each.name}
            </label>
          ))}
      </fieldset>
      <TextField label={w.message} value={message} onInput={setMessage} maxLength={500} />
    </Ask>
  );
}

function ChangeSeverity({ incident, names, onClose }: Props): JSX.Element {
  const w = said(words);
  const [severity, setSeverity] = useState(incident.severity);
  return (
    <Ask
      title={w.severity}
      action={w.severity}
      ready={severity !== incident.severity}
      onClose={onClose}
      onDo={() => call("severity", { incident: incident.id, body: { severity } })}
    >
      <div class="chips" role="group" aria-label={w.severity}>
        {names.severities.map((each) => (
          <button key={each} type="button" class="chip" aria-pressed={severity === each} onClick={() => setSeverity(each)}>
            {each}
          </button>
        ))}
      </div>
    </Ask>
  );
}

function Merge({ incident, onClose }: Props): JSX.Element {
  const w = said(words);
  const [into, setInto] = useState("");
  const [q, setQ] = useState("");
  const open = useRead(`incidents?merge=${q}`, () =>
    call("listIncidents", { query: { status: "triggered,acknowledged", q, limit: 100 } }),
  );
  // There may be more than one answer holds: then they are looked for.
  const [many, setMany] = useState(false);
  useEffect(() => {
    if (open.data?.next != null) setMany(true);
  }, [open.data]);
  /** What was chosen may not be among what is found. */
  function find(text: string): void {
    setQ(text);
    setInto("");
  }
  const others = (open.data?.items ?? []).filter((each) => each.id !== incident.id);
  return (
    <Ask
      title={w.merge}
      text={w.mergeText}
      action={w.merge}
      ready={into !== ""}
      onClose={onClose}
      onDo={() => call("merge", { incident: incident.id, body: { into } })}
    >
      {many && <TextField label={w.mergeFind} type="search" value={q} onInput={find} />}
      {open.data === null ? (
        <Skeleton lines={1} />
      ) : others.length === 0 ? (
        <p>{q === "" ? w.mergeNone : w.mergeNothing}</p>
      ) : (
        <SelectField
          label={w.mergeInto}
          value={into}
          onChange={setInto}
          choices={[
            { value: "", text: "…" },
            ...others.map((each) => ({ value: each.id, text: `${each.severity} ${each.title}` })),
          ]}
        />
      )}
    </Ask>
  );
}
