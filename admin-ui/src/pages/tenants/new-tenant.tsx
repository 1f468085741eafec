// Owns step zero: a tenant, with its name, its zone guessed from the browser, and an id proposed.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { TextField } from "../../design/field.tsx";
import { call } from "../../lib/api.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { viewerZone } from "../../lib/time.ts";
import { allZones } from "../../lib/zones.ts";
import { words } from "../start/words.ts";

export function NewTenant({ onCancel }: { readonly onCancel: (() => void) | null }): JSX.Element {
  const w = said(words);
  const [, go] = useLocation();
  const saving = useSaving();
  const [name, setName] = useState("");
  const [ownId, setId] = useState("");
  const [zone, setZone] = useState(viewerZone);
  const id = ownId === "" ? slugOf(name) : ownId;
  async function save(): Promise<void> {
    const body = { tenant: id, name, timeZone: zone };
    if (!(await saving.save(null, () => call("createTenant", { body })))) return;
    refresh("tenants");
    go(`/t/${id}/start`);
  }
  return (
    <form
      class="card padded stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p class="soft">{w.tenantWhy}</p>
      <TextField label={w.tenantName} value={name} required autofocus wrong={saving.wrongAt("name")} onInput={setName} />
      <TextField
        label={w.tenantId}
        hint={w.tenantIdHint}
        value={id}
        required
        maxLength={64}
        wrong={saving.wrongAt("tenant")}
        onInput={setId}
      />
      <datalist id="zones">
        {allZones().map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextField
        label={w.zone}
        hint={w.zoneHint}
        value={zone}
        list="zones"
        wrong={saving.wrongAt("timeZone")}
        onInput={setZone}
      />
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
      <div class="row">
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.create}
        </Button>
        {onCancel !== null && (
          <Button tone="quiet" onClick={onCancel}>
            {w.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}
