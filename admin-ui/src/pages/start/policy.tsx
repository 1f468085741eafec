// Owns the third step: a policy with sensible defaults, drawn as the ladder it is.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Conflict } from "../../design/conflict.tsx";
import { durationText } from "../../design/duration.tsx";
import { SelectField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { call, send, tenant } from "../../lib/api.ts";
import { useSaving } from "../../lib/editing.ts";
import { said } from "../../lib/messages.ts";
import { useRead } from "../../lib/query.ts";
import type { Target } from "../../lib/shapes-oncall.ts";
import { isReached, refreshSetUp, type Person } from "./progress.ts";
import type { StepProps } from "./start.tsx";
import { words } from "./words.ts";

export function PolicyStep(props: StepProps): JSX.Element {
  return props.progress.names.policies.length > 0 ? <Policies {...props} /> : <MakePolicy {...props} />;
}

function Policies({ progress, onNext }: StepProps): JSX.Element {
  const w = said(words);
  const { names } = progress;
  const oncall = useRead("oncall/start", () => call("getOncall"), { everyMs: 60_000 });
  return (
    <>
      <ul class="stack-s">
        {names.policies.map((policy) => {
          const users = oncall.data?.policies.find((each) => each.policy === policy.id)?.users;
          return (
            <li key={policy.id} class="made">
              <span class="grow">
                <Link href={`/t/${tenant.value}/policies/${policy.id}`}>{policy.name}</Link>
                {users !== undefined && (
                  <span class="soft small">
                    {users.length === 0 ? w.nobodyNow : w.rightNow(users.map(names.person).join(", "))}
                  </span>
                )}
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

const waits = ["1m", "2m", "5m", "10m", "15m", "30m"] as const;
type Wait = (typeof waits)[number];

function MakePolicy({ progress, onNext, onStep }: StepProps): JSX.Element {
  const w = said(words);
  const { me, people, names } = progress;
  const saving = useSaving();
  const [first, setFirst] = useState<string | null>(null);
  const [firstWait, setFirstWait] = useState<Wait>("5m");
  const [then, setThen] = useState<string | null>(null);
  const [thenWait, setThenWait] = useState<Wait>("10m");
  const [times, setTimes] = useState(2);
  const [lastResort, setLastResort] = useState(true);
  const last = me ?? people[0] ?? null;

  const scheduled = names.schedules.map(({ id, name }) => ({ value: `s/current/${id}`, text: w.whoever(name) }));
  const everybody = names.schedules.flatMap(({ id, name }) => [
    { value: `s/everyone/${id}`, text: w.everyone(name) },
    { value: `s/next/${id}`, text: w.following(name) },
  ]);
  // Oneself first, whoever no page can reach last.
  const rank = (each: Person): number => (each.id === me?.id ? 0 : isReached(each) ? 1 : 2);
  const persons = people
    .toSorted((a, b) => rank(a) - rank(b))
    .map((each) => ({ value: `u/${each.id}`, text: each.name ?? each.id }));
  const firstChoices = [...scheduled, ...persons];
  const thenChoices = [...everybody, ...persons];
  const firstTarget = first ?? firstChoices[0]?.value ?? "";
  const thenTarget = then ?? thenChoices[0]?.value ?? "";

  const body = {
    steps: [
      { notify: [targetOf(firstTarget)], escalateAfter: firstWait },
      { notify: [targetOf(thenTarget)], escalateAfter: thenWait },
    ],
    ...(times === 0 ? {} : { repeat: { times } }),
  };
  const key = JSON.stringify(body);
  const preview = useRead(`policies/preview?${key}`, async () =>
    firstTarget === "" ? null : call("previewPolicy", { id: "on-call", body }),
  );
  const rightNow = (step: number): string => {
    const users = preview.data?.steps[step]?.targets.flatMap((each) => each.users) ?? [];
    return users.length === 0 ? w.nobodyNow : w.rightNow(users.map(names.person).join(", "));
  };

  async function save(): Promise<void> {
    const done = await saving.save(null, async () => {
      await call("createPolicy", { body: { id: "on-call", name: w.policyName, ...body } });
      if (lastResort && last !== null) await setFallback(last.id);
    });
    refreshSetUp();
    if (done) onNext();
  }

  if (firstChoices.length === 0)
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
      <ol class="guide-ladder">
        <Rung title={w.first} now={preview.data === null ? null : rightNow(0)}>
          <SelectField label={w.page} value={firstTarget} onChange={setFirst} choices={firstChoices} />
          <Waits value={firstWait} onChange={setFirstWait} />
        </Rung>
        <Rung title={w.after(durationText(firstWait))} now={preview.data === null ? null : rightNow(1)}>
          <SelectField label={w.page} value={thenTarget} onChange={setThen} choices={thenChoices} />
          <Waits value={thenWait} onChange={setThenWait} />
        </Rung>
        <Rung title={w.after(durationText(thenWait))} now={null}>
          <SelectField
            label={w.repeat}
            value={String(times)}
            onChange={(value) => setTimes(Number(value))}
            choices={[0, 1, 2, 3].map((n) => ({ value: String(n), text: w.times(n) }))}
          />
        </Rung>
      </ol>
      {last !== null && (
        <label class="choice">
          <input type="checkbox" checked={lastResort} onChange={(event) => setLastResort(event.currentTarget.checked)} />
          <span class="grow">
            <strong>{w.lastResort(last.name ?? last.id)}</strong>
            <span class="soft small">{w.lastResortHint}</span>
          </span>
        </label>
      )}
      <Conflict saving={saving} onTheirs={saving.clear} onMine={() => void save()} />
      <div class="guide-go">
        <Button tone="go" onClick={save} busy={saving.busy}>
          {w.save}
        </Button>
      </div>
    </>
  );
}

function Rung({
  title,
  now,
  children,
}: {
  readonly title: string;
  readonly now: string | null;
  readonly children: JSX.Element | readonly JSX.Element[];
}): JSX.Element {
  return (
    <li>
      <p class="when">{title}</p>
      <div class="form-grid">{children}</div>
      {now !== null && <p class="soft small">{now}</p>}
    </li>
  );
}

function Waits({ value, onChange }: { readonly value: Wait; readonly onChange: (value: Wait) => void }): JSX.Element {
  return (
    <SelectField
      label={said(words).wait}
      value={value}
      onChange={(next) => onChange(next as Wait)}
      choices={waits.map((each) => ({ value: each, text: durationText(each) }))}
    />
  );
}

/** `u/ana`, `s/everyone/on-call`. */
function targetOf(text: string): Target {
  const [kind = "", a = "", b = ""] = text.split("/");
  if (kind === "u") return { user: a };
  return a === "current" ? { schedule: b } : { schedule: b, who: a as "next" | "everyone" };
}

/** The tenant's last resort, where it has none yet: whoever set one knew why. */
async function setFallback(user: string): Promise<void> {
  const stored = await send("getConfig", { headers: { accept: "application/json" } });
  const document = (await stored.json()) as {
    readonly tenant: string;
    readonly fallback?: { readonly notify?: readonly unknown[] };
  };
  if ((document.fallback?.notify ?? []).length > 0) return;
  const change = { tenant: document.tenant, fallback: { notify: [{ user }] } };
  const etag = stored.headers.get("etag");
  await send("putConfig", {
    body: JSON.stringify(change),
    headers: { "content-type": "application/json", ...(etag === null ? {} : { "if-match": etag }) },
  });
}
