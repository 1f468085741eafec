// Owns making a person, and changing who they are: name, address, role, zone.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { call } from "../../lib/api.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { roleDoes, roleName, roles } from "../../lib/roles.ts";
import { may } from "../../lib/session.ts";
import type { Role } from "../../lib/shapes.ts";
import type { Stored, UserWords } from "../../lib/shapes-oncall.ts";
import { viewerZone } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import { allZones } from "../../lib/zones.ts";

const words = catalogue({
  en: {
    make: "New person",
    change: (name: string) => `Change ${name}`,
    name: "Name",
    id: "Id",
    idHint: "What schedules, policies and the API call them. It stays.",
    email: "E-mail",
    zone: "Time zone",
    role: "Role",
    active: "Pages",
    actives: { yes: "Active: can be paged and sign in", no: "Deactivated: never paged, cannot sign in" },
    save: "Save person",
    cancel: "Cancel",
    saved: "Saved",
  },
  es: {
    make: "Nueva persona",
    change: (name: string) => `Cambiar a ${name}`,
    name: "Nombre",
    id: "Id",
    idHint: "Así la llaman los calendarios, las políticas y la API. No cambia.",
    email: "Correo",
    zone: "Zona horaria",
    role: "Rol",
    active: "Avisos",
    actives: { yes: "Activa: puede recibir avisos y entrar", no: "Desactivada: nunca se le avisa y no puede entrar" },
    save: "Guardar persona",
    cancel: "Cancelar",
    saved: "Guardado",
  },
});

export function PersonDialog({
  present = null,
  onClose,
  onMade = () => undefined,
}: {
  readonly present?: (UserWords & Stored) | null;
  readonly onClose: () => void;
  readonly onMade?: (id: string) => void;
}): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const [name, setName] = useState(present?.name ?? "");
  const [ownId, setId] = useState("");
  const [email, setEmail] = useState(present?.email ?? "");
  const [zone, setZone] = useState(present === null ? viewerZone : (present.timeZone ?? ""));
  const [role, setRole] = useState<Role>(present?.role ?? "responder");
  const [active, setActive] = useState(present?.active ?? true);
  const id = present?.id ?? (ownId === "" ? slugOf(name) : ownId);
  async function save(match: string | null): Promise<void> {
    const done = await saving.save(match, (headers) =>
      present === null
        ? call("createUser", {
            body: {
              id,
              role,
              ...(name === "" ? {} : { name }),
              ...(email === "" ? {} : { email }),
              ...(zone === "" ? {} : { timeZone: zone }),
            },
          })
        : call("patchUser", {
            id,
            body: {
              name: name === "" ? null : name,
              email: email === "" ? null : email,
              timeZone: zone === "" ? null : zone,
              role,
              active,
            },
            headers,
          }),
    );
    if (!done) return;
    refresh("users", "directory", "oncall");
    tell(w.saved);
    onClose();
    if (present === null) onMade(id);
  }
  return (
    <Dialog
      title={present === null ? w.make : w.change(present.name ?? present.id)}
      onClose={onClose}
      onSubmit={() => void save(present?.meta.etag ?? null)}
    >
      <TextField label={w.name} value={name} autofocus wrong={saving.wrongAt("name")} onInput={setName} />
      {present === null && (
        <TextField label={w.id} value={id} required hint={w.idHint} wrong={saving.wrongAt("id")} onInput={setId} />
      )}
      <TextField label={w.email} type="email" value={email} wrong={saving.wrongAt("email")} onInput={setEmail} />
      <datalist id="zones">
        {allZones().map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextField label={w.zone} value={zone} list="zones" wrong={saving.wrongAt("timeZone")} onInput={setZone} />
      <SelectField
        label={w.role}
        value={role}
        hint={said(roleDoes)[role]}
        wrong={saving.wrongAt("role")}
        onChange={(value) => setRole(value as Role)}
        choices={roles.filter((each) => may(each) || each === present?.role).map((value) => ({ value, text: roleName(value) }))}
      />
      {present !== null && (
        <SelectField
          label={w.active}
          value={active ? "yes" : "no"}
          wrong={saving.wrongAt("active")}
          onChange={(value) => setActive(value === "yes")}
          choices={(["yes", "no"] as const).map((value) => ({ value, text: w.actives[value] }))}
        />
      )}
      <Conflict saving={saving} onTheirs={onClose} onMine={() => void save(null)} />
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button tone="go" type="submit" busy={saving.busy}>
          {w.save}
        </Button>
      </div>
    </Dialog>
  );
}
