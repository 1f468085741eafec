// Owns the reminder on the incidents' page while a tenant is not set up to the end: what is done, and the way on.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { Button } from "../../design/button.tsx";
import { Icon } from "../../design/icon.tsx";
import { tenant } from "../../lib/api.ts";
import { keep, kept } from "../../lib/kept.ts";
import { said } from "../../lib/messages.ts";
import { tell } from "../../lib/toast.ts";
import { steps, useProgress } from "./progress.ts";
import { words } from "./words.ts";
import "./card.css";

/** What a browser remembers: that there is nothing left to remind of. Whether it is so is read off what exists. */
const remembered = (): string => `start.${tenant.value}`;

export default function StartCard(_: object): JSX.Element | null {
  const w = said(words);
  const progress = useProgress();
  const [hidden, setHidden] = useState(kept(remembered()) !== null);
  const whole = progress.known && progress.count === steps.length;
  useEffect(() => {
    if (whole) keep(remembered(), "done");
  }, [whole]);
  if (hidden || whole || !progress.known) return null;
  const base = `/t/${tenant.value}/start`;
  return (
    <section class="card start-card" aria-labelledby="start-card">
      <div class="grow stack-s">
        <h2 id="start-card">{w.card(progress.count, steps.length)}</h2>
        <p class="soft small">{w.cardLead}</p>
        <ol>
          {steps.map((step) => (
            <li key={step} class={progress.done[step] ? "done" : ""}>
              <Link href={`${base}?step=${step}`}>
                <span class="mark" aria-hidden="true">
                  {progress.done[step] && <Icon name="check" size={12} />}
                </span>
                {w.steps[step]}
                <span class="unseen">{progress.done[step] ? w.done : w.open}</span>
              </Link>
            </li>
          ))}
        </ol>
      </div>
      <div class="row">
        <Link class="button go" href={base}>
          {progress.count === 0 ? w.cardBegin : w.cardGo}
        </Link>
        <Button
          tone="quiet"
          icon="cross"
          label={w.dismiss}
          onClick={() => {
            keep(remembered(), "hidden");
            setHidden(true);
            tell(w.dismissed);
          }}
        />
      </div>
    </section>
  );
}
