// Owns the second step: colleagues, and a schedule made from a plain choice of when the turn is handed over.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Copyable } from "../../design/copy.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { PersonMark } from "../../design/marks.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import { dateTime, viewerZone } from "../../lib/time.ts";
import { addDays, wallOf, weekStart } from "../../lib/zones.ts";
import { layerSummary } from "../oncall/summary.ts";
import { useChannels } from "./channels.tsx";
import { refreshSetUp, type Person } from "./progress.ts";
import type { StepProps } from "./start.tsx";
import { words } from "./words.ts";

export function PeopleStep(props: StepProps): JSX.Element {
  return props.progress.names.schedules.length > 0 ? <OnCallNow {...props} /> : <MakeSchedule {...props} />;
}

/** What is there already, made here or elsewhere. */
function OnCallNow({ progress, onNext }: StepProps): JSX.Element {
  const w = said(words);
  const { names } = progress;
  const oncall = useRead("oncall/start", () => call("getOncall"), { everyMs: 60_000 });
  return (
    <>
      <ul class="stack-s">
        {names.schedules.map((schedule) => {
          const now = oncall.data?.items.find((each) => each.schedule === schedule.id);
          return (
            <li key={schedule.id} class="made">
              <span class="grow">
                <Link href={`/t/${tenant.value}/oncall/schedules/${schedule.id}`}>{schedule.name}</Link>
                <span class="row small">
                  {now?.users.map((user) => (
                    <PersonMark key={user} name={names.person(user)} />
                  ))}
                  {now !== undefined && (
                    <span class="soft">
                      {now.users.length === 0 ? w.nobodyOn : w.isOn}
                      {now.to !== null && ` ${w.until(dateTime(now.to))}`}
                    </span>
                  )}
                </span>
              </span>
              <Icon name="check" size={18} />
            </li>
          );
        })}
      </ul>
      <div class="guide-go">
        <Button tone="go" onClick={onNext}>
          {w.next}
        </Button>
      </div>
    </>
  );
}

const handovers = ["1w-mo", "1w-fr", "2w-mo", "1d"] as const;
type Handover = (typeof handovers)[number];

/** The last such handoff that has been: whoever comes first is on call from now. */
function startOf(handover: Handover, zone: string): string {
  const monday = weekStart(Date.now(), zone);
  const wall = (day: number): string => `${wallOf(addDays(monday, day, zone), zone).slice(0, 10)}T09:00`;
  const present = wallOf(Date.now(), zone);
  const candidates = handover === "1w-fr" ? [4, -3, -10] : handover === "1d" ? [6, 5, 4, 3, 2, 1, 0, -1] : [0, -7];
  return candidates.map(wall).find((each) => each <= present) ?? wall(-7);
}

function MakeSchedule({ progress, onNext, onStep }: StepProps): JSX.Element {
  const w = said(words);
  const { me, people, names } = progress;
  const saving = useSaving();
  const [ticked, setTicked] = useState<readonly string[] | null>(null);
  const [handover, setHandover] = useState<Handover>("1w-mo");
  const turns = (ticked ?? (me === null ? [] : [me.id])).filter((id) => people.some((each) => each.id === id));
  // Oneself first; the others stay where the list has them, whatever is ticked.
  const ordered = [...people.filter((each) => each.id === me?.id), ...people.filter((each) => each.id !== me?.id)];
  const zone = names.timeZone;
  const layer = {
    id: "primary",
    name: w.layerName,
    start: startOf(handover, zone),
    rotation: { every: handover.slice(0, handover.indexOf("-") < 0 ? undefined : handover.indexOf("-")) },
    users: turns,
  };
  const person = (id: string): string => people.find((each) => each.id === id)?.name ?? id;
  async function save(): Promise<void> {
    const body = { id: "on-call", name: w.scheduleName, layers: [layer] };
    if (!(await saving.save(null, () => call("createSchedule", { body })))) {
      // Somebody may have made it meanwhile: then that one is shown.
      refreshSetUp();
      return;
    }
    refreshSetUp();
    onNext();
  }
  if (people.length === 0)
    return (
      <div class="stack-s">
        <p class="note">{w.nobodyYet}</p>
        <div class="row">
          <Button onClick={() => onStep("you")}>{w.toYou}</Button>
        </div>
      </div>
    );
  return (
    <>
      <fieldset class="stack-s">
        <legend class="fields-label">{w.turns}</legend>
        <p class="soft small">{people.length > 1 ? w.turnsHint : w.onlyMe}</p>
        <ul class="choices">
          {ordered.map((each) => {
            const at = turns.indexOf(each.id);
            return (
              <li key={each.id}>
                <label class="choice">
                  <input
                    type="checkbox"
                    checked={at >= 0}
                    onChange={() => setTicked(at >= 0 ? turns.filter((id) => id !== each.id) : [...turns, each.id])}
                  />
                  <span class="grow">
                    <PersonMark name={each.name ?? each.id} />
                  </span>
                  {at >= 0 && turns.length > 1 && <span class="badge">{at + 1}</span>}
                  {each.contacts.length === 0 && <span class="badge look">{w.noWay}</span>}
                </label>
              </li>
            );
          })}
        </ul>
      </fieldset>
      <Colleague onAdded={(id) => setTicked([...turns, id])} />
      {turns.length > 1 && (
        <SelectField
          label={w.handover}
          value={handover}
          onChange={(value) => setHandover(value as Handover)}
          choices={handovers.map((value) => ({ value, text: w.handovers[value] }))}
        />
      )}
      {turns.length > 0 && (
        <p class="said" role="status">
          {layerSummary({ ...layer, end: null, restrictions: [], skipEmptyTurns: true, shadow: false }, zone, person)}
        </p>
      )}
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
      <div class="guide-go">
        <Button tone="go" onClick={save} busy={saving.busy} disabled={turns.length === 0}>
          {w.save}
        </Button>
      </div>
    </>
  );
}

interface Added {
  readonly name: string;
  readonly mail: string | null;
  readonly link: string | null;
}

/** One more person: reached by mail where the tenant can send mail, by a simulated phone until then. */
function Colleague({ onAdded }: { readonly onAdded: (id: string) => void }): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const channels = useChannels();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [added, setAdded] = useState<readonly Added[]>([]);
  const id = slugOf(name);
  async function save(): Promise<void> {
    const byMail = email === "" ? undefined : channels.find((each) => each.proposed({ name, email }) === email);
    const contact: Person["contacts"][number] =
      byMail === undefined ? { id: "phone", via: "inbox", to: name } : { id: "mail", via: byMail.id, to: email };
    const done = await saving.save(null, () =>
      call("createUser", {
        body: { id, name, role: "responder", timeZone: viewerZone, contacts: [contact], ...(email === "" ? {} : { email }) },
      }),
    );
    if (!done) return;
    // Without the link they are on call all the same: it only lets them in.
    const link = await call("invite", { user: id }).catch((error: unknown) => {
      if (error instanceof Problem) return { url: null };
      throw error;
    });
    setAdded([...added, { name, mail: byMail === undefined ? null : email, link: link.url }]);
    onAdded(id);
    refreshSetUp();
    setName("");
    setEmail("");
    setOpen(false);
  }
  return (
    <>
      {added.map((each) => (
        <div key={each.name} class="note go stack-s">
          <p>{each.mail === null ? w.simulated(each.name) : w.mailed(each.name, each.mail)}</p>
          {each.link !== null && <Copyable label={w.invitation(each.name)} value={each.link} />}
        </div>
      ))}
      {!open && (
        <div>
          <Button icon="plus" size="small" onClick={() => setOpen(true)}>
            {w.colleague}
          </Button>
        </div>
      )}
      {open && (
        <form
          class="stack-s inset"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <div class="form-grid">
            <TextField
              label={w.colleagueName}
              value={name}
              required
              autofocus
              wrong={saving.wrongAt("name") ?? saving.wrongAt("id")}
              onInput={setName}
            />
            <TextField
              label={w.colleagueMail}
              type="email"
              value={email}
              wrong={saving.wrongAt("email") ?? saving.wrongAt("contacts[0].to")}
              onInput={setEmail}
            />
          </div>
          <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
          <div class="row">
            <Button type="submit" busy={saving.busy}>
              {w.add}
            </Button>
            <Button tone="quiet" onClick={() => setOpen(false)}>
              {w.cancel}
            </Button>
          </div>
        </form>
      )}
    </>
  );
}
