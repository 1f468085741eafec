// Owns "why is this person on call at 03:12?": the hub's own steps, for a moment that can be changed.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../design/button.tsx";
import { Dialog } from "../../design/dialog.tsx";
import { TextField } from "../../design/field.tsx";
import { PersonMark } from "../../design/marks.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { catalogue, language, said } from "../../lib/messages.ts";
import { refresh, useRead } from "../../lib/query.ts";
import type { ExplainStep } from "../../lib/shapes-oncall.ts";
import { dateTime, viewerZone } from "../../lib/time.ts";
import { instantOfWall, wallOf } from "../../lib/zones.ts";
import { namesOf } from "./lanes.ts";
import { whole } from "../../lib/span-text.ts";

const words = catalogue({
  en: {
    why: (names: string, at: string) => `Why ${names} at ${at}?`,
    nobody: (at: string) => `Why nobody at ${at}?`,
    moment: "Moment",
    shift: (from: string, to: string) => `This shift: ${from} until ${to}`,
    open: "with no end in sight",
    override: "Override this shift",
    close: "Close",
    kinds: {
      clock: "Clock",
      layer: "Layer",
      override: "Override",
      combine: "Combined",
      fallback: "Fallback",
      result: "So",
    },
  },
  es: {
    why: (names: string, at: string) => `¿Por qué ${names} el ${at}?`,
    nobody: (at: string) => `¿Por qué nadie el ${at}?`,
    moment: "Momento",
    shift: (from: string, to: string) => `Este turno: ${from} hasta ${to}`,
    open: "sin final a la vista",
    override: "Sustituir este turno",
    close: "Cerrar",
    kinds: {
      clock: "Reloj",
      layer: "Capa",
      override: "Sustitución",
      combine: "En conjunto",
      fallback: "Reserva",
      result: "Así que",
    },
  },
} satisfies Record<string, { readonly kinds: Record<ExplainStep["kind"], string> } & Record<string, unknown>>);

export function ExplainDialog({
  schedule,
  zone,
  at,
  onOverride,
  onClose,
}: {
  readonly schedule: string;
  readonly zone: string;
  readonly at: number;
  readonly onOverride: ((span: { readonly from: number; readonly to: number; readonly users: readonly string[] }) => void) | null;
  readonly onClose: () => void;
}): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const [moment, setMoment] = useState(Math.floor(at / 60_000) * 60_000);
  const key = `oncall/${schedule}/explain?${moment}`;
  const answer = useRead(key, () => call("explainOncall", { id: schedule, query: { at: new Date(moment).toISOString() } }));
  const found = answer.data;
  const title =
    found === null || found.users.length > 0
      ? w.why(found === null ? "…" : namesOf(found.users, person), dateTime(moment))
      : w.nobody(dateTime(moment));
  return (
    <Dialog title={title} onClose={onClose}>
      <TextField
        label={w.moment}
        type="datetime-local"
        value={wallOf(moment, viewerZone)}
        hint={whole(moment, zone)}
        onInput={(value) => setMoment(instantOfWall(value, viewerZone) ?? moment)}
      />
      {answer.error !== null && <Trouble problem={answer.error} onAgain={() => refresh(key)} />}
      {found === null && answer.error === null && <Skeleton lines={4} />}
      {found !== null && (
        <>
          <ol class="steps" {...(language.value === "en" ? {} : { lang: "en" })}>
            {found.steps.map((step, i) => (
              <li key={i} class={step.kind}>
                <span class="kind">{w.kinds[step.kind]}</span>
                <span>{step.text}</span>
              </li>
            ))}
          </ol>
          {found.users.length > 0 && (
            <p class="row">
              {found.users.map((user) => (
                <PersonMark key={user} name={person(user)} />
              ))}
            </p>
          )}
          {found.from !== null && (
            <p class="soft small">
              {w.shift(whole(Date.parse(found.from), zone), found.to === null ? w.open : whole(Date.parse(found.to), zone))}
            </p>
          )}
        </>
      )}
      <div class="actions">
        <Button onClick={onClose}>{w.close}</Button>
        {onOverride !== null && found?.to != null && (
          <Button
            tone="go"
            onClick={() =>
              onOverride({
                from: Math.max(Date.parse(found.from ?? found.at), Date.now()),
                to: Date.parse(found.to ?? found.at),
                users: found.users,
              })
            }
          >
            {w.override}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
