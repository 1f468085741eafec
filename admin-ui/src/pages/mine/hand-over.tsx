// Owns handing a shift over, either way: who, and exactly which hours, before it is in force; undone from the message after it.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import type { Directory } from "../../lib/directory.ts";
import { useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import type { OnCallNow, UserShift } from "../../lib/shapes-oncall.ts";
import { session } from "../../lib/session.ts";
import { wholeSpan } from "../../lib/span-text.ts";
import { viewerZone } from "../../lib/time.ts";
import { instantOfWall, wallOf } from "../../lib/zones.ts";
import { makeOverride, type OverrideDraft } from "../oncall/override-actions.ts";
import { zoneOf } from "./shifts.tsx";
import { words } from "./words.ts";

const hourMs = 3_600_000;

interface HandOverProps {
  readonly title: string;
  readonly schedule: string;
  readonly draft: OverrideDraft | null;
  readonly action: string;
  readonly names: Directory;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
}

function HandOver({ title, schedule, draft, action, names, children, onClose }: HandOverProps): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  async function save(): Promise<void> {
    if (draft !== null && (await saving.save(null, () => makeOverride(schedule, draft)))) onClose();
  }
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => void save()}>
      <p class="hand-over">
        <strong>{names.schedule(schedule)}</strong>
        <span class="num">{draft === null ? w.wrongSpan : wholeSpan(draft.from, draft.to, zoneOf(schedule, names))}</span>
      </p>
      {children}
      {saving.problem !== null && <Trouble problem={saving.problem} />}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={saving.busy} disabled={draft === null}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}

/** Somebody stands in for me. Who is on call there next comes first: they know the systems. */
export function GiveDialog({
  shift,
  names,
  onClose,
}: {
  readonly shift: UserShift;
  readonly names: Directory;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const me = session.value?.user ?? "";
  const next = useRead(`oncall/next/${shift.schedule}`, () => call("getOncall", { query: { schedule: shift.schedule } }));
  const people = names.users.filter((each) => each.active && each.id !== me && each.role !== "stakeholder");
  const likely = next.data?.items[0]?.next?.users.find((user) => user !== me) ?? people[0]?.id ?? "";
  const [chosen, setChosen] = useState<string | null>(null);
  const [part, setPart] = useState(false);
  const begins = Math.max(Date.parse(shift.from), Date.now());
  const [from, setFrom] = useState(wallOf(begins, viewerZone));
  const [to, setTo] = useState(wallOf(Date.parse(shift.to), viewerZone));
  const user = chosen ?? likely;
  const span = part
    ? { from: instantOfWall(from, viewerZone), to: instantOfWall(to, viewerZone) }
    : { from: begins, to: Date.parse(shift.to) };
  const draft: OverrideDraft | null =
    span.from === null || span.to === null || span.to <= span.from
      ? null
      : { kind: "replace", user, replaces: me, layers: null, from: span.from, to: span.to };
  return (
    <HandOver
      title={w.giveTitle}
      schedule={shift.schedule}
      draft={user === "" ? null : draft}
      action={w.giveDo(names.person(user))}
      names={names}
      onClose={onClose}
    >
      <SelectField
        label={w.giveWho}
        value={user}
        onChange={setChosen}
        choices={people.map((each) => ({ value: each.id, text: each.name }))}
      />
      <div class="chips" role="group" aria-label={w.part}>
        {[false, true].map((each) => (
          <button key={String(each)} type="button" class="chip" aria-pressed={part === each} onClick={() => setPart(each)}>
            {each ? w.part : w.whole}
          </button>
        ))}
      </div>
      {part && (
        <>
          <TextField label={w.from} type="datetime-local" value={from} onInput={setFrom} required />
          <TextField label={w.until} type="datetime-local" value={to} onInput={setTo} required />
        </>
      )}
    </HandOver>
  );
}

const lengths = [1, 2, 4, 8] as const;

/** I am on call instead of whoever is, from now. */
export function TakeDialog({
  item,
  me,
  names,
  onClose,
}: {
  readonly item: OnCallNow;
  readonly me: string;
  readonly names: Directory;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const [now] = useState(() => Math.floor(Date.now() / 60_000) * 60_000);
  const end = item.to === null ? null : Date.parse(item.to);
  const [to, setTo] = useState(end ?? now + 4 * hourMs);
  const draft: OverrideDraft = { kind: "take-over", user: me, replaces: null, layers: null, from: now, to };
  const others = item.users.map((user) => names.person(user)).join(", ");
  return (
    <HandOver title={w.takeTitle} schedule={item.schedule} draft={draft} action={w.takeDo} names={names} onClose={onClose}>
      <p class="soft">{others === "" ? w.takeNobody : w.takeFrom(others)}</p>
      <div class="chips" role="group" aria-label={w.takeUntil}>
        {end !== null && (
          <button type="button" class="chip" aria-pressed={to === end} onClick={() => setTo(end)}>
            {w.takeEnd}
          </button>
        )}
        {lengths.map((hours) => (
          <button
            key={hours}
            type="button"
            class="chip"
            aria-pressed={to === now + hours * hourMs}
            onClick={() => setTo(now + hours * hourMs)}
          >
            {w.hours(hours)}
          </button>
        ))}
      </div>
    </HandOver>
  );
}
