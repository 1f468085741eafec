// Owns uploading a plugin or a new version of one: the code, the bodies to check it by, and what the kit says.

import type { JSX } from "preact";
import { useId, useMemo, useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import "../../design/editing.css";
import { Code, type CodeMark } from "../../design/editor/code.tsx";
import { Field, TextField } from "../../design/field.tsx";
import { Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import type { OwnReport } from "../../lib/own-plugins-shapes.ts";
import { refresh } from "../../lib/query.ts";
import { tell } from "../../lib/toast.ts";
import { Difference } from "./difference.tsx";
import { codeMarks, fixtureMarks } from "./marks.ts";
import { Report } from "./report.tsx";
import { words } from "./words.ts";

interface UploadProps {
  /** Null: a new plugin. */
  readonly id: string | null;
  readonly code: string;
  readonly fixtures: string;
  readonly language: "typescript" | "javascript";
  /** The version in use, to see what changes. */
  readonly active?: number | null;
  readonly onDone: (id: string) => void;
  readonly onCancel: () => void;
}

export function Upload({ id: known, active = null, onDone, onCancel, ...begin }: UploadProps): JSX.Element {
  const w = said(words);
  const saving = useSaving();
  const [id, setId] = useState(known ?? "");
  const [name, setName] = useState("");
  const [code, setCode] = useState(begin.code);
  const [language, setLanguage] = useState(begin.language);
  const [fixtures, setFixtures] = useState(begin.fixtures);
  const [note, setNote] = useState("");
  const [activate, setActivate] = useState(known === null);
  const [report, setReport] = useState<OwnReport | null>(null);
  const [broken, setBroken] = useState<string | null>(null);

  async function submit(dryRun: boolean): Promise<void> {
    setReport(null);
    setBroken(null);
    let given: { fixtures: never[]; pairs?: never[] };
    try {
      const parsed = JSON.parse(fixtures) as typeof given | never[];
      given = Array.isArray(parsed) ? { fixtures: parsed } : parsed;
    } catch (error) {
      return setBroken(w.notJson + (error instanceof Error ? error.message : ""));
    }
    await saving.save(null, async () => {
      try {
        const called = known === null && name !== "" ? { name } : {};
        const body = { code, language, ...given, note, activate, dryRun, ...called };
        const answer = await call("uploadOwnPlugin", { id: id === "" ? "-" : id, body });
        setReport(answer.report);
        refresh("own-plugins");
        if (answer.version === null) return;
        tell(answer.detail === undefined ? w.uploaded(answer.version) : w.notYet, {
          forMs: answer.detail === undefined ? 6_000 : 20_000,
        });
        onDone(id);
      } catch (error) {
        if (error instanceof Problem && error.members["report"] !== undefined) setReport(error.members["report"] as OwnReport);
        throw error;
      }
    });
  }

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setCode(await file.text());
    setLanguage(/\.[cm]?js$/.test(file.name) ? "javascript" : "typescript");
  }

  const wrongCode = report === null ? saving.wrongAt("code") : null;
  // Of the text as it was sent: what is typed since moves them along.
  const marks = useMemo(() => codeMarks(code, saving.problem), [saving.problem]);
  const wrongFixtures = useMemo(() => fixtureMarks(fixtures, report), [report]);
  return (
    <form
      class="card padded stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!saving.busy) void submit(false);
      }}
    >
      {known === null && (
        <>
          <TextField
            label={w.id}
            hint={w.idHint}
            value={id}
            onInput={setId}
            required
            maxLength={64}
            wrong={saving.wrongAt("id")}
          />
          <TextField label={w.name} value={name} onInput={setName} maxLength={80} wrong={saving.wrongAt("name")} />
        </>
      )}
      <Field label={w.file}>
        {(tied) => (
          <input
            class="input"
            type="file"
            accept=".ts,.mts,.js,.mjs"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
            {...tied}
          />
        )}
      </Field>
      <CodeField label={w.code} hint={w.codeHint} value={code} onInput={setCode} marks={marks} tall wrong={wrongCode} />
      <CodeField
        label={w.fixtures}
        hint={w.fixturesHint}
        value={fixtures}
        onInput={setFixtures}
        marks={wrongFixtures}
        wrong={broken ?? (report === null ? saving.wrongAt("fixtures") : null)}
      />
      {known !== null && active !== null && code !== begin.code && (
        <details>
          <summary>{w.differs(active)}</summary>
          <Difference id={known} from={active} text={code} />
        </details>
      )}
      <TextField label={w.note} value={note} onInput={setNote} maxLength={500} />
      <label class="row">
        <input type="checkbox" checked={activate} onChange={(event) => setActivate(event.currentTarget.checked)} />
        {w.activate}
      </label>
      <div role="status">
        {report !== null && (
          <>
            <p class={report.passed ? "note" : "wrong"}>{report.passed ? w.passed : w.refused}</p>
            <Report report={report} />
          </>
        )}
      </div>
      {saving.problem !== null && report === null && <Trouble problem={saving.problem} />}
      <div class="row">
        <Button onClick={onCancel}>{w.cancel}</Button>
        <Button busy={saving.busy} onClick={() => submit(true)}>
          {w.check}
        </Button>
        <Button type="submit" tone="go" busy={saving.busy}>
          {w.upload}
        </Button>
      </div>
    </form>
  );
}

function CodeField({
  label,
  hint,
  value,
  onInput,
  marks,
  tall = false,
  wrong,
}: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly marks: readonly CodeMark[];
  readonly tall?: boolean;
  readonly wrong: string | null;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <span class="label" id={id}>
        {label}
      </span>
      <Code
        language="script"
        label={label}
        value={value}
        onInput={onInput}
        marks={marks}
        invalid={wrong !== null || marks.length > 0}
        tall={tall}
      />
      <p class="hint">{hint}</p>
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
