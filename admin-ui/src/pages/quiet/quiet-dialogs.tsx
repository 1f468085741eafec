// Owns making a maintenance window or a silence.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { ExpressionField } from "../../design/editor/expression-field.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { slugOf, useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { instantOfWall } from "../../lib/zones.ts";
import { lengthMs } from "./quiet-state.ts";
import { words } from "./words.ts";

export function MakeQuiet({
  kind,
  zone,
  onClose,
}: {
  readonly kind: "maintenance" | "silences";
  readonly zone: string;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const [name, setName] = useState("");
  const [when, setWhen] = useState("");
  const [from, setFrom] = useState("");
  const [lasts, setLasts] = useState("1h");
  const [atEnd, setAtEnd] = useState("page");
  const saving = useSaving();
  const silence = kind === "silences";
  async function submit(): Promise<void> {
    if (saving.busy) return;
    const start = from === "" ? Date.now() : (instantOfWall(from, zone) ?? Date.now());
    const end = new Date(start + lengthMs(lasts)).toISOString();
    const head = `${slugOf(name).slice(0, 40) || kind}-${Date.now().toString(36)}`;
    const begin = from === "" ? {} : { from: new Date(start).toISOString() };
    const done = await saving.save(null, () =>
      silence
        ? call("createSilence", { body: { id: head, when, until: end, reason: name, ...begin } })
        : call("createMaintenanceWindow", {
            body: {
              id: head,
              name,
              to: end,
              from: new Date(start).toISOString(),
              atEnd: atEnd as "page",
              ...(when.trim() === "" ? {} : { when }),
            },
          }),
    );
    if (!done) return;
    refresh(kind);
    onClose();
  }
  return (
    <Dialog title={silence ? w.newSilence : w.newWindow} onClose={onClose} onSubmit={() => void submit()}>
      {saving.problem !== null && <Trouble problem={saving.problem} />}
      <TextField label={silence ? w.reason : w.name} value={name} onInput={setName} required autofocus maxLength={200} />
      <ExpressionField
        label={w.when}
        hint={silence ? w.whenSilence : w.whenHint}
        value={when}
        onInput={setWhen}
        wrong={saving.wrongAt("when")}
      />
      <TextField label={w.from} hint={w.fromHint(zone)} type="datetime-local" value={from} onInput={setFrom} />
      <SelectField
        label={w.lasts}
        value={lasts}
        onChange={setLasts}
        choices={Object.entries(w.hours).map(([value, text]) => ({ value, text }))}
      />
      {!silence && (
        <SelectField
          label={w.atEnd}
          value={atEnd}
          onChange={setAtEnd}
          choices={Object.entries(w.ends).map(([value, text]) => ({ value, text }))}
        />
      )}
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={saving.busy}>
          {silence ? w.silence : w.save}
        </Button>
      </div>
    </Dialog>
  );
}
