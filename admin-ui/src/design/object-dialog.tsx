// Owns the dialog in which one object is made, edited and deleted: its fields are the caller's.

import type { ComponentChildren, JSX } from "preact";
import type { Operation } from "../lib/api.ts";
import { catalogue, said } from "../lib/messages.ts";
import type { Edited } from "../lib/object.ts";
import { allowed } from "../lib/session.ts";
import { Button } from "./button.tsx";
import { Conflict } from "./conflict.tsx";
import { Dialog } from "./dialog.tsx";
import "./editing.css";
import { TextField } from "./field.tsx";
import { MissingDialog, type What } from "./missing.tsx";
import { Remove } from "./remove.tsx";
import { Skeleton, Trouble } from "./states.tsx";
import { Withheld } from "./withheld.tsx";

const words = catalogue({
  en: { name: "Name", id: "Id", cancel: "Cancel", close: "Close" },
  es: { name: "Nombre", id: "Id", cancel: "Cancelar", close: "Cerrar" },
});

export function ObjectDialog<T extends { readonly id: string; readonly name?: string }>({
  object,
  title,
  save,
  why,
  by,
  what,
  wide = false,
  onClose,
  foot,
  children,
}: {
  readonly object: Edited<T>;
  /** Of one that is new. */
  readonly title: string;
  readonly save: string;
  /** What stands in the way of its deletion. */
  readonly why: string;
  /** What saves it: whoever may not do that reads it. */
  readonly by: Operation;
  readonly what: What;
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly foot?: ComponentChildren;
  readonly children: (draft: T) => ComponentChildren;
}): JSX.Element {
  const w = said(words);
  const { draft, name, isNew, saving, failed, load } = object;
  const mayChange = allowed(by);
  if (failed?.status === 404) return <MissingDialog what={what} id={name} onClose={onClose} />;
  if (draft === null)
    return (
      <Dialog title={name} onClose={onClose}>
        {failed === null ? <Skeleton /> : <Trouble problem={failed} onAgain={load} />}
      </Dialog>
    );
  if (isNew && !mayChange)
    return (
      <Dialog title={title} onClose={onClose}>
        <Withheld by={by} />
        <div class="actions">
          <Button onClick={onClose}>{w.close}</Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      title={isNew ? title : name}
      wide={wide}
      onClose={onClose}
      {...(mayChange ? { onSubmit: () => void object.save() } : {})}
    >
      <Withheld by={by} />
      <fieldset class="stack" disabled={!mayChange}>
        {children(draft)}
      </fieldset>
      {foot}
      <Conflict saving={saving} onTheirs={() => void load()} onMine={() => void object.save(true)} />
      <div class="actions">
        {!isNew && mayChange && <Remove name={name} why={why} problem={saving.problem} onRemove={object.remove} />}
        <Button onClick={onClose}>{mayChange ? w.cancel : w.close}</Button>
        {mayChange && (
          <Button tone="go" type="submit" busy={saving.busy}>
            {save}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** The name, and for one that is new the id that follows from it. */
export function NameFields<T extends { readonly id: string; readonly name?: string }>({
  object,
  hint,
}: {
  readonly object: Edited<T>;
  /** What else calls it by its id. */
  readonly hint: string;
}): JSX.Element {
  const w = said(words);
  const { draft, set, setDraft, id, isNew, saving } = object;
  return (
    <>
      <TextField
        label={w.name}
        value={draft?.name ?? ""}
        wrong={saving.wrongAt("name")}
        // The name is one of T's fields, and a text.
        onInput={(value) => set("name", value as T["name"])}
      />
      {isNew && (
        <TextField
          label={w.id}
          value={id}
          required
          hint={hint}
          wrong={saving.wrongAt("id")}
          onInput={(value) => draft !== null && setDraft({ ...draft, id: value })}
        />
      )}
    </>
  );
}
