// Owns declaring an incident by hand.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, said } from "../../lib/messages.ts";
import { note } from "./fresh.ts";

const words = catalogue({
  en: {
    title: "Declare an incident",
    what: "What is wrong?",
    whatHint: "One line, as you would say it on the phone",
    body: "What is known so far",
    service: "Service",
    none: "None",
    policy: "Who is paged",
    ofService: "As the service says",
    severity: "Severity",
    usual: "The usual",
    send: "Declare and page",
    cancel: "Cancel",
  },
  es: {
    title: "Declarar una incidencia",
    what: "¿Qué ocurre?",
    whatHint: "Una línea, como lo dirías por teléfono",
    body: "Lo que se sabe hasta ahora",
    service: "Servicio",
    none: "Ninguno",
    policy: "A quién se avisa",
    ofService: "Lo que diga el servicio",
    severity: "Severidad",
    usual: "La habitual",
    send: "Declarar y avisar",
    cancel: "Cancelar",
  },
});

export default function Declare({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: (incident: string) => void;
}): JSX.Element {
  const w = said(words);
  const names = useDirectory();
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [service, setService] = useState("");
  const [policy, setPolicy] = useState("");
  const [severity, setSeverity] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(): Promise<void> {
    if (busy) return;
    setBusy(true);
    try {
      const chosen = {
        ...(service === "" ? {} : { service }),
        ...(policy === "" ? {} : { policy }),
        ...(severity === "" ? {} : { severity }),
      };
      const made = note(await call("declareIncident", { body: { title: title.trim(), body, ...chosen } }));
      onClose();
      onDone(made.id);
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, ""));
      setBusy(false);
    }
  }
  const named = (list: readonly { readonly id: string; readonly name: string }[], first: string) => [
    { value: "", text: first },
    ...list.map(({ id, name }) => ({ value: id, text: name })),
  ];
  return (
    <Dialog title={w.title} onClose={onClose} onSubmit={() => void submit()}>
      {problem !== null && <Trouble problem={problem} />}
      <TextField
        label={w.what}
        hint={w.whatHint}
        value={title}
        onInput={setTitle}
        wrong={problem?.wrongAt("title") ?? null}
        required
        autofocus
        maxLength={255}
      />
      <SelectField label={w.service} value={service} onChange={setService} choices={named(names.services, w.none)} />
      <SelectField label={w.policy} value={policy} onChange={setPolicy} choices={named(names.policies, w.ofService)} />
      <SelectField
        label={w.severity}
        value={severity}
        onChange={setSeverity}
        choices={[{ value: "", text: w.usual }, ...names.severities.map((each) => ({ value: each, text: each }))]}
      />
      <TextField label={w.body} value={body} onInput={setBody} lines={3} />
      <div class="actions">
        <Button onClick={onClose}>{w.cancel}</Button>
        <Button type="submit" tone="go" busy={busy}>
          {w.send}
        </Button>
      </div>
    </Dialog>
  );
}
