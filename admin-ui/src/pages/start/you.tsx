// Owns the first step: who you are here, and a way by which pages reach you.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Copyable } from "../../design/copy.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { PersonMark } from "../../design/marks.tsx";
import { call, tenant } from "../../lib/api.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { session } from "../../lib/session.ts";
import { viewerZone } from "../../lib/time.ts";
import { Channels, freshContactId, useChannels, type Channel } from "./channels.tsx";
import { chooseMe, refreshSetUp, type Person } from "./progress.ts";
import type { StepProps } from "./start.tsx";
import { words } from "./words.ts";

export function YouStep({ progress, onNext }: StepProps): JSX.Element {
  const w = said(words);
  const { me, people } = progress;
  const isOwner = session.value?.tenant === null;
  const [making, setMaking] = useState(false);
  const person = making ? null : me;
  return (
    <>
      {isOwner && people.length > 0 && (
        <SelectField
          label={w.whoAreYou}
          value={person?.id ?? ""}
          onChange={(value) => {
            setMaking(value === "");
            if (value !== "") chooseMe(value);
          }}
          choices={[...people.map((each) => ({ value: each.id, text: each.name ?? each.id })), { value: "", text: w.new }]}
        />
      )}
      {person === null ? <NewPerson key="new" onDone={onNext} /> : <Reached key={person.id} person={person} onNext={onNext} />}
    </>
  );
}

function NewPerson({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const channels = useChannels();
  const [name, setName] = useState("");
  const [ownId, setId] = useState("");
  const [email, setEmail] = useState("");
  const [channel, setChannel] = useState<Channel | null>(null);
  const [to, setTo] = useState("");
  const chosen = channel ?? channels[0] ?? null;
  const id = ownId === "" ? slugOf(name) : ownId;
  async function save(): Promise<void> {
    const contacts =
      chosen === null
        ? []
        : [{ id: freshContactId(chosen, []), via: chosen.id, to: to === "" ? chosen.proposed({ name, email }) : to }];
    const done = await saving.save(null, () =>
      call("createUser", {
        body: { id, name, role: "owner", timeZone: viewerZone, contacts, ...(email === "" ? {} : { email }) },
      }),
    );
    if (!done) return;
    chooseMe(id);
    refreshSetUp();
    onDone();
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="form-grid">
        <TextField label={w.name} value={name} required autocomplete="name" wrong={saving.wrongAt("name")} onInput={setName} />
        <TextField
          label={w.email}
          type="email"
          autocomplete="email"
          value={email}
          wrong={saving.wrongAt("email")}
          onInput={setEmail}
        />
        {name !== "" && (
          <TextField label={w.id} hint={w.idHint} value={id} required wrong={saving.wrongAt("id")} onInput={setId} />
        )}
      </div>
      <Channels
        channels={channels}
        chosen={chosen}
        to={to === "" && chosen !== null ? chosen.proposed({ name, email }) : to}
        wrong={saving.wrongAt("contacts[0].to") ?? saving.wrongAt("contacts[0].via")}
        onChoose={(next) => {
          setChannel(next);
          setTo("");
        }}
        onTo={setTo}
      />
      <OtherWays person={null} />
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
      <div class="guide-go">
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.save}
        </Button>
      </div>
    </form>
  );
}

/** Somebody who is here already: how they are reached, and another way to be. */
function Reached({ person, onNext }: { readonly person: Person; readonly onNext: () => void }): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const channels = useChannels();
  const [adding, setAdding] = useState(person.contacts.length === 0);
  const [channel, setChannel] = useState<Channel | null>(null);
  const [to, setTo] = useState("");
  const name = person.name ?? person.id;
  const chosen = channel ?? channels[0] ?? null;
  const proposed = chosen?.proposed({ name, email: person.email ?? "" }) ?? "";
  async function save(): Promise<void> {
    if (chosen === null) return;
    const contact = { id: freshContactId(chosen, person.contacts), via: chosen.id, to: to === "" ? proposed : to };
    if (!(await saving.save(null, () => call("addContact", { id: person.id, body: contact })))) return;
    refreshSetUp();
    onNext();
  }
  return (
    <div class="stack">
      <div class="made">
        <PersonMark name={name} />
        <ul class="ways">
          {person.contacts.map((contact) => (
            <li key={contact.id} class="badge go">
              <Icon name={contact.via === "inbox" ? "phone" : "send"} size={14} />
              {contact.via === "inbox" ? w.inbox : `${contact.via}${contact.to === "" ? "" : ` · ${contact.to}`}`}
            </li>
          ))}
          {person.contacts.length === 0 && <li class="badge look">{w.noWay}</li>}
        </ul>
      </div>
      {adding && (
        <>
          <Channels
            channels={channels}
            chosen={chosen}
            to={to === "" ? proposed : to}
            wrong={saving.wrongAt("to") ?? saving.wrongAt("via")}
            onChoose={(next) => {
              setChannel(next);
              setTo("");
            }}
            onTo={setTo}
          />
          <OtherWays person={person} />
          <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
        </>
      )}
      <div class="guide-go">
        {!adding && <Button onClick={() => setAdding(true)}>{w.another}</Button>}
        {adding ? (
          <Button tone="go" onClick={save} busy={saving.busy}>
            {w.save}
          </Button>
        ) : (
          <Button tone="go" onClick={onNext}>
            {w.next}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What is not done in this form: another channel, and push, which begins on the phone itself. */
function OtherWays({ person }: { readonly person: Person | null }): JSX.Element {
  const w = said(words);
  const [link, setLink] = useState<string | null>(null);
  const saving = useSaving();
  const base = `/t/${tenant.value}`;
  const isOwner = session.value?.tenant === null;
  const invite = (of: Person): Promise<boolean> =>
    saving.save(null, async () => setLink((await call("invite", { user: of.id })).url));
  return (
    <div class="stack-s">
      <p class="soft small">
        {w.more} <Link href={`${base}/notifiers`}>{w.notifiers}</Link>.
      </p>
      <p class="soft small">
        {w.push} {!isOwner && person !== null && <Link href={`${base}/people/${person.id}`}>{w.ownPage}</Link>}
      </p>
      {isOwner && person !== null && link === null && (
        <div>
          <Button size="small" icon="phone" onClick={() => invite(person)}>
            {w.phoneLink}
          </Button>
        </div>
      )}
      {link !== null && <Copyable label={w.phoneLinkOf(person?.name ?? person?.id ?? "")} value={link} />}
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => person !== null && void invite(person)} />
    </div>
  );
}
