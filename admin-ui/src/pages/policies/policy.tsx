// Owns one policy as a ladder: who is paged when, read from the top, edited in place, with who that is right now.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { DurationField, durationMs, durationText } from "../../design/duration.tsx";
import { SelectField, TextField } from "../../design/field.tsx";
import { Icon } from "../../design/icon.tsx";
import { Missing } from "../../design/missing.tsx";
import { PagesNobody } from "../../design/reach.tsx";
import { SaveBar } from "../../design/save-bar.tsx";
import { Skeleton } from "../../design/states.tsx";
import { NotForYou, Withheld } from "../../design/withheld.tsx";
import { call, Problem, tenant } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { moved, replaced, slugOf, useSaving, without, wordsOf } from "../../lib/editing.ts";
import { findingText } from "../../lib/findings.ts";
import { said } from "../../lib/messages.ts";
import { refresh } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { PolicyPreview, PolicyWords, StepWords } from "../../lib/shapes-oncall.ts";
import { dateTime, duration } from "../../lib/time.ts";
import { tell } from "../../lib/toast.ts";
import type { PageProps } from "../../pages.ts";
import { Facts } from "./facts.tsx";
import { words } from "./policy-words.ts";
import { pagesNobody, usePolicyPreview } from "./preview.ts";
import { StepFields } from "./step-fields.tsx";
import { TargetsEdit, TargetsRead } from "./targets.tsx";
import "../../design/editing.css";
import "./policies.css";

const fresh: StepWords = { notify: [], escalateAfter: "5m" };
const empty: PolicyWords = { id: "", steps: [], lowUrgency: "first-step" };

export default function PolicyPage({ params }: PageProps): JSX.Element {
  const w = said(words);
  const asked = params["policy"] ?? "";
  const isNew = asked === "-";
  const directory = useDirectory();
  const [, go] = useLocation();
  const saving = useSaving();
  const [base, setBase] = useState<{ readonly words: PolicyWords; readonly etag: string | null } | null>(null);
  const [draft, setDraft] = useState<PolicyWords | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);
  const [open, setOpen] = useState<number | null>(isNew ? 0 : null);
  const [more, setMore] = useState(false);
  const [removing, setRemoving] = useState(false);
  const mayChange = allowed("replacePolicy");

  async function load(): Promise<void> {
    setFailed(null);
    saving.clear();
    try {
      if (isNew) {
        const made = { ...empty, steps: [fresh] };
        setBase({ words: made, etag: null });
        setDraft(made);
        return;
      }
      const stored = await call("getPolicy", { id: asked });
      setBase({ words: wordsOf(stored), etag: stored.meta.etag });
      setDraft(wordsOf(stored));
    } catch (error) {
      if (error instanceof Problem) setFailed(error);
    }
  }
  useEffect(() => void load(), [asked]);
  const id = isNew ? (draft?.id === "" ? slugOf(draft.name ?? "") : (draft?.id ?? "")) : asked;
  const preview = usePolicyPreview(id === "" ? "new-policy" : id, draft);
  const wrongAt = (path: string): string | null => saving.wrongAt(path) ?? preview.problem?.wrongAt(path) ?? null;

  if (isNew && !mayChange) return <NotForYou by="createPolicy" title={w.make} />;
  if (failed !== null) return <Missing what="policy" id={asked} problem={failed} onAgain={load} />;
  if (draft === null || base === null) return <Skeleton lines={8} />;
  const { steps } = draft;
  const set = (change: Partial<PolicyWords>): void => setDraft({ ...draft, ...change });
  const drop = (key: keyof PolicyWords): PolicyWords => {
    const { [key]: _gone, ...rest } = draft;
    return rest as PolicyWords;
  };
  const dirty = isNew || JSON.stringify(draft) !== JSON.stringify(base.words);
  const name = draft.name ?? draft.id;

  async function save(etag: string | null): Promise<void> {
    const whole = { ...draft, id } as PolicyWords;
    let inForce = true;
    const done = await saving.save(etag, async (headers) => {
      const answer = isNew
        ? await call("createPolicy", { body: whole })
        : await call("replacePolicy", { id, body: whole, headers });
      inForce = answer.meta.inForce !== false;
      setBase({ words: wordsOf(answer), etag: answer.meta.etag });
      setDraft(wordsOf(answer));
    });
    if (!done) return;
    setOpen(null);
    refresh("policies", "directory", "oncall");
    tell(inForce ? w.saved : w.later);
    if (isNew) go(`/t/${tenant.value}/policies/${id}`);
  }
  async function remove(): Promise<void> {
    const done = await saving.save(null, () => call("deletePolicy", { id: asked }));
    setRemoving(false);
    if (!done) return;
    refresh("policies", "directory", "oncall");
    tell(w.gone);
    go(`/t/${tenant.value}/policies`);
  }
  function move(from: number, to: number): void {
    set({ steps: moved(steps, from, to) });
    if (open === from) setOpen(to);
  }
  let sinceMs = 0;
  const times = steps.map((step) => {
    const at = sinceMs;
    sinceMs += durationMs(step.escalateAfter) ?? 0;
    return at;
  });
  const repeat = draft.repeat?.times ?? 0;
  const ackTimeout = draft.ackTimeout === undefined ? draft.reopenAfter : draft.ackTimeout;
  return (
    <>
      <div class="page-head">
        <div>
          <Link class="crumb" href={`/t/${tenant.value}/policies`}>
            <Icon name="left" size={14} />
            {w.back}
          </Link>
          <h1>{isNew ? w.make : name}</h1>
          {preview.answer !== null && <p class="soft small num">{w.now(dateTime(preview.answer.at))}</p>}
        </div>
      </div>
      <Withheld by="replacePolicy" />
      {mayChange && (isNew || more) && (
        <section class="card padded form-grid">
          <TextField
            label={w.name}
            value={draft.name ?? ""}
            wrong={wrongAt("name")}
            autofocus={isNew}
            onInput={(value) => setDraft(value === "" ? drop("name") : { ...draft, name: value })}
          />
          {isNew && (
            <TextField
              label={w.id}
              value={id}
              hint={w.idHint}
              wrong={saving.wrongAt("id")}
              onInput={(value) => set({ id: value })}
            />
          )}
        </section>
      )}
      {preview.answer !== null && pagesNobody(preview.answer) && <PagesNobody long />}
      <ol class="ladder">
        {steps.length === 0 && <li class="soft">{w.empty}</li>}
        {steps.map((step, at) => (
          <li key={at} class="rung">
            <span class="node" aria-hidden="true">
              {at + 1}
            </span>
            <section class="card" aria-label={w.step(at + 1)}>
              <header>
                <h2>
                  {w.step(at + 1)} <span class="soft when">{times[at] === 0 ? w.atOnce : w.after(duration(times[at] ?? 0))}</span>
                </h2>
                {mayChange && (
                  <div class="row tools">
                    {open === at && (
                      <>
                        <Button
                          size="small"
                          tone="quiet"
                          icon="up"
                          label={w.up}
                          disabled={at === 0}
                          onClick={() => move(at, at - 1)}
                        />
                        <Button
                          size="small"
                          tone="quiet"
                          icon="down"
                          label={w.down}
                          disabled={at === steps.length - 1}
                          onClick={() => move(at, at + 1)}
                        />
                        <Button
                          size="small"
                          tone="quiet"
                          icon="trash"
                          label={w.drop}
                          onClick={() => {
                            set({ steps: without(steps, at) });
                            setOpen(null);
                          }}
                        />
                      </>
                    )}
                    <Button size="small" icon={open === at ? "check" : "pen"} onClick={() => setOpen(open === at ? null : at)}>
                      {open === at ? w.done : w.edit}
                    </Button>
                  </div>
                )}
              </header>
              <div class="body stack">
                {(open !== at || step.notify.length > 0) && (
                  <TargetsRead targets={step.notify} reached={preview.answer?.steps[at]?.targets ?? null} />
                )}
                {open === at && (
                  <StepFields
                    step={step}
                    at={at}
                    wrongAt={wrongAt}
                    onChange={(next) => set({ steps: replaced(steps, at, next) })}
                  />
                )}
                {open !== at && <Facts step={step} />}
                {open !== at && wrongIn(saving.problem ?? preview.problem, at) && (
                  <p class="wrong">{wrongIn(saving.problem ?? preview.problem, at)}</p>
                )}
              </div>
            </section>
            <p class="between">
              {w.next[step.until ?? "acknowledged"](durationText(step.escalateAfter))}
              <Icon name="down" size={14} />
            </p>
          </li>
        ))}
        <li class="rung end">
          <span class="node" aria-hidden="true">
            <Icon name={repeat > 0 ? "back" : "check"} size={14} />
          </span>
          <div class="stack-s">
            {mayChange && (
              <div>
                <Button
                  size="small"
                  icon="plus"
                  onClick={() => {
                    setOpen(steps.length);
                    set({ steps: [...steps, fresh] });
                  }}
                >
                  {w.add}
                </Button>
              </div>
            )}
            <p>{repeat > 0 ? w.repeat(repeat, draft.repeat?.from ?? 1, waitText(draft.repeat?.wait)) : w.noRepeat}</p>
          </div>
        </li>
        <li class="rung end">
          <span class="node" aria-hidden="true">
            <Icon name="warn" size={14} />
          </span>
          <div class="stack-s">
            <h2>{w.exhausted}</h2>
            {(draft.onExhausted?.notify ?? []).length === 0 ? (
              <p class="soft">{w.exhaustedNone}</p>
            ) : (
              <TargetsRead targets={draft.onExhausted?.notify ?? []} reached={preview.answer?.exhausted ?? null} />
            )}
          </div>
        </li>
      </ol>
      <p class="soft small">{w.nobody}</p>
      {preview.answer?.warnings.map((each) => (
        <p key={each.path + each.message} class="note">
          {findingText(each)}
        </p>
      ))}
      {mayChange && (
        <details class="card padded" open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
          <summary>{w.more}</summary>
          <div class="stack">
            <div class="form-grid">
              <SelectField
                label={w.times}
                value={String(repeat)}
                wrong={wrongAt("repeat.times")}
                onChange={(value) =>
                  setDraft(value === "0" ? drop("repeat") : { ...draft, repeat: { ...draft.repeat, times: Number(value) } })
                }
                choices={[...new Set([0, 1, 2, 3, 4, 5, repeat])].map((n) => ({ value: String(n), text: w.timesOf(n) }))}
              />
              {repeat > 0 && (
                <>
                  <SelectField
                    label={w.from}
                    value={String(draft.repeat?.from ?? 1)}
                    wrong={wrongAt("repeat.from")}
                    onChange={(value) => set({ repeat: { ...draft.repeat, times: repeat, from: Number(value) } })}
                    choices={steps.map((_, i) => ({ value: String(i + 1), text: String(i + 1) }))}
                  />
                  <DurationField
                    label={w.pause}
                    value={draft.repeat?.wait ?? "0s"}
                    wrong={wrongAt("repeat.wait")}
                    onChange={(wait) => set({ repeat: { ...draft.repeat, times: repeat, wait } })}
                  />
                </>
              )}
              <SelectField
                label={w.ack}
                value={ackTimeout === undefined ? "default" : ackTimeout === null ? "off" : "after"}
                onChange={(value) => {
                  const { ackTimeout: _a, reopenAfter: _r, ...rest } = draft;
                  setDraft(value === "default" ? rest : { ...rest, ackTimeout: value === "off" ? null : "30m" });
                }}
                choices={(["default", "off", "after"] as const).map((value) => ({ value, text: w.acksAfter[value] }))}
              />
              {typeof ackTimeout === "string" && (
                <DurationField
                  label={w.ackAfter}
                  value={ackTimeout}
                  wrong={wrongAt("ackTimeout")}
                  onChange={(value) => {
                    const { reopenAfter: _r, ...rest } = draft;
                    setDraft({ ...rest, ackTimeout: value });
                  }}
                />
              )}
              <SelectField
                label={w.low}
                value={draft.lowUrgency}
                onChange={(value) => set({ lowUrgency: value as PolicyWords["lowUrgency"] })}
                choices={(["first-step", "escalate"] as const).map((value) => ({ value, text: w.lows[value] }))}
              />
            </div>
            <TargetsEdit
              label={w.exhaustedEdit}
              targets={draft.onExhausted?.notify ?? []}
              path="onExhausted.notify"
              wrongAt={wrongAt}
              onChange={(notify) => setDraft(notify.length === 0 ? drop("onExhausted") : { ...draft, onExhausted: { notify } })}
            />
            {!isNew && (
              <div>
                <Button tone="bad" icon="trash" onClick={() => setRemoving(true)}>
                  {w.remove}
                </Button>
              </div>
            )}
          </div>
        </details>
      )}
      {mayChange && (
        <SaveBar
          saving={saving}
          dirty={dirty}
          label={w.save}
          onSave={() => save(base.etag)}
          onOver={() => save(null)}
          onDiscard={() => {
            setOpen(null);
            if (isNew) go(`/t/${tenant.value}/policies`);
            else void load();
          }}
        />
      )}
      {removing && (
        <Dialog title={w.removeTitle(name)} onClose={() => setRemoving(false)}>
          <p>{w.removeWhy}</p>
          <p class="soft small">
            {directory.services
              .filter((each) => each.policy === asked)
              .map((each) => each.name)
              .join(", ")}
          </p>
          <div class="actions">
            <Button onClick={() => setRemoving(false)}>{w.cancel}</Button>
            <Button tone="bad" onClick={remove}>
              {w.remove}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function waitText(wait: string | undefined): string {
  return wait === undefined || (durationMs(wait) ?? 0) === 0 ? "" : durationText(wait);
}

type Wrong = PolicyPreview["warnings"][number];

/** What is wrong somewhere in that step, if anything. */
function wrongIn(problem: Problem | null, at: number): string | null {
  const errors = problem?.members["errors"];
  if (!Array.isArray(errors)) return null;
  const found = (errors as Wrong[]).find(({ path }) => path.startsWith(`steps[${at}]`));
  return found === undefined ? null : findingText(found);
}
