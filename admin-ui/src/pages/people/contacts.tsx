// Owns a person's contacts: by which ways pages reach them, each with a test and what came of it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { Moment } from "../../design/marks.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { catalogue, said, table } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import type { Contact, UserWords } from "../../lib/shapes-oncall.ts";
import { tell } from "../../lib/toast.ts";
import { Told, type Outcome } from "./told.tsx";

const words = catalogue({
  en: {
    title: "Contacts",
    none: "No contact yet: no page can reach this person.",
    add: "Add a contact",
    test: "Send a test",
    last: "Last page",
    statuses: table({
      pending: "waiting",
      sending: "on its way",
      expired: "given up",
      accepted: "accepted by the provider",
      delivered: "delivered",
      failed: "failed",
      cancelled: "no longer needed",
      unknown: "unknown whether it arrived",
    }),
    edit: (id: string) => `Change ${id}`,
    via: "By",
    to: "To",
    toHint: "A number, an address, a handle: whatever the notifier takes.",
    id: "Id",
    idHint: "What rules and policies call it.",
    change: "Change the contact",
    save: "Save contact",
    remove: "Remove",
    cancel: "Cancel",
    saved: "Contact saved",
    gone: "Contact removed, and the rules that named it",
    inbox: "the simulated phone",
    devices: "all devices this person registered",
    noTo: "Nothing to write here: devices are registered by the person, on their own page.",
  },
  es: {
    title: "Contactos",
    none: "Aún no hay contactos: ningún aviso puede llegar a esta persona.",
    add: "Añadir un contacto",
    test: "Enviar una prueba",
    last: "Último aviso",
    statuses: table({
      pending: "en espera",
      sending: "en camino",
      expired: "abandonado",
      accepted: "aceptado por el proveedor",
      delivered: "entregado",
      failed: "fallido",
      cancelled: "ya no hacía falta",
      unknown: "no se sabe si llegó",
    }),
    edit: (id: string) => `Cambiar ${id}`,
    via: "Por",
    to: "A",
    toHint: "Un número, una dirección, un alias: lo que pida el canal.",
    id: "Id",
    idHint: "Así lo llaman las reglas y las políticas.",
    change: "Cambiar el contacto",
    save: "Guardar contacto",
    remove: "Quitar",
    cancel: "Cancelar",
    saved: "Contacto guardado",
    gone: "Contacto quitado, y las reglas que lo nombraban",
    inbox: "el teléfono simulado",
    devices: "todos los dispositivos que la persona ha registrado",
    noTo: "No hay nada que escribir: la persona registra sus dispositivos en su propia página.",
  },
});

export function Contacts({
  user,
  mayChange,
  lastOf,
}: {
  readonly user: UserWords;
  readonly mayChange: boolean;
  /** The newest page by a contact, where that is known. */
  readonly lastOf?: (contact: string) => { readonly at: string; readonly status: string } | null;
}): JSX.Element {
  const w = said(words);
  const { notifiers } = useDirectory();
  const pagesDevices = (via: string): boolean => notifiers.some((each) => each.id === via && each.plugin === "web-push");
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const [editing, setEditing] = useState<Contact | "new" | null>(null);
  async function test(contact: string): Promise<void> {
    const { [contact]: _old, ...rest } = outcomes;
    setOutcomes(rest);
    const outcome = await call("testContact", { id: user.id, contact, body: {} }).catch((error: unknown) =>
      error instanceof Problem ? error : new Problem(0, String(error)),
    );
    setOutcomes((present) => ({ ...present, [contact]: outcome }));
  }
  return (
    <section class="card" aria-labelledby="contacts">
      <header>
        <h2 id="contacts">{w.title}</h2>
        {mayChange && (
          <Button size="small" icon="plus" onClick={() => setEditing("new")}>
            {w.add}
          </Button>
        )}
      </header>
      <div class="body">
        {user.contacts.length === 0 && <p class="note">{w.none}</p>}
        <ul class="stack">
          {user.contacts.map((contact) => (
            <li key={contact.id} class="contact">
              <Icon name={contact.via === "inbox" ? "phone" : pagesDevices(contact.via) ? "bell" : "send"} size={20} />
              <span class="grow">
                <strong>{contact.id}</strong>{" "}
                <span class="soft small">
                  {contact.via === "inbox" ? w.inbox : contact.via}
                  {pagesDevices(contact.via) && <> · {w.devices}</>}
                  {contact.to !== "" && <> · {contact.to}</>}
                </span>
                <Last page={lastOf?.(contact.id) ?? null} />
                <Told outcome={outcomes[contact.id]} />
              </span>
              {mayChange && (
                <span class="row">
                  <Button size="small" icon="send" onClick={() => test(contact.id)}>
                    {w.test}
                  </Button>
                  <Button size="small" tone="quiet" icon="pen" label={w.edit(contact.id)} onClick={() => setEditing(contact)} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
      {editing !== null && (
        <ContactDialog user={user.id} present={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </section>
  );
}

function Last({ page }: { readonly page: { readonly at: string; readonly status: string } | null }): JSX.Element | null {
  const w = said(words);
  if (page === null) return null;
  return (
    <span class="small soft last-page">
      {w.last}: <Moment at={page.at} as="ago" />, {w.statuses[page.status] ?? page.status}
    </span>
  );
}

function ContactDialog({
  user,
  present,
  onClose,
}: {
  readonly user: string;
  readonly present: Contact | null;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const { notifiers } = useDirectory();
  const saving = useSaving();
  const [via, setVia] = useState(present?.via ?? notifiers[0]?.id ?? "inbox");
  const [to, setTo] = useState(present?.to ?? "");
  const [ownId, setId] = useState("");
  const toDevices = notifiers.find((each) => each.id === via)?.plugin === "web-push";
  const id = present?.id ?? (ownId === "" ? slugOf(via) : ownId);
  async function save(): Promise<void> {
    const done = await saving.save(null, () =>
      present === null
        ? call("addContact", { id: user, body: { id, via, to: toDevices ? "" : to } })
        : call("putContact", { id: user, contact: id, body: { via, to: toDevices ? "" : to } }),
    );
    if (!done) return;
    refresh("users");
    tell(w.saved);
    onClose();
  }
  async function remove(): Promise<void> {
    if (!(await saving.save(null, () => call("deleteContact", { id: user, contact: id })))) return;
    refresh("users");
    tell(w.gone);
    onClose();
  }
  const fieldsWrong = ["via", "to", "id"].some((path) => saving.wrongAt(path) !== null);
  return (
    <Dialog title={present === null ? w.add : w.change} onClose={onClose} onSubmit={() => void save()}>
      <SelectField
        label={w.via}
        value={via}
        wrong={saving.wrongAt("via")}
        onChange={setVia}
        choices={notifiers.map((each) => ({
          value: each.id,
          text: each.id === each.plugin ? each.id : `${each.id} (${each.plugin})`,
        }))}
      />
      {toDevices ? (
        <p class="soft small">{w.noTo}</p>
      ) : (
        <TextField label={w.to} value={to} hint={w.toHint} wrong={saving.wrongAt("to")} onInput={setTo} />
      )}
      {present === null && (
        <TextField label={w.id} value={id} required hint={w.idHint} wrong={saving.wrongAt("id")} onInput={setId} />
      )}
      {!fieldsWrong && <Conflict saving={saving} onTheirs={onClose} onMine={() => void save()} />}
      <div class="actions">
        {present !== null && (
          <Button tone="bad" onClick={remove}>
            {w.remove}
          </Button>
        )}
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" type="submit" busy={saving.busy}>
          {w.save}
        </Button>
      </div>
    </Dialog>
  );
}
