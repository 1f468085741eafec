// Owns the guide from an empty tenant to an answered page: five steps, each over real objects. Where one stands is in the
// address, what is done is read off what exists; so it can be left, taken up again, gone back in and done elsewhere meanwhile.

import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { Icon } from "../../design/icon.tsx";
import { Skeleton } from "../../design/states.tsx";
import { tenant } from "../../lib/api.ts";
import { lazy } from "../../lib/lazy.tsx";
import { said } from "../../lib/messages.ts";
import type { PageProps } from "../../pages.ts";
import { PeopleStep } from "./people.tsx";
import { PolicyStep } from "./policy.tsx";
import { steps, useProgress, type Progress, type Step } from "./progress.ts";
import { SenderStep } from "./sender.tsx";
import { words } from "./words.ts";
import { YouStep } from "./you.tsx";
import "../../design/editing.css";
import "./start.css";

export interface StepProps {
  readonly progress: Progress;
  readonly onNext: () => void;
  readonly onStep: (step: Step) => void;
}

/** The last step brings the words of every reason: drawn when one gets there. */
const ProofStep = lazy<StepProps>(async () => ({ default: (await import("./proof.tsx")).ProofStep }));

const bodies: Readonly<Record<Step, ComponentType<StepProps>>> = {
  you: YouStep,
  people: PeopleStep,
  policy: PolicyStep,
  sender: SenderStep,
  proof: ProofStep,
};

export default function Start(_: PageProps): JSX.Element {
  const w = said(words);
  const progress = useProgress();
  const search = new URLSearchParams(useSearch());
  const [, go] = useLocation();
  const asked = steps.find((step) => step === search.get("step"));
  // Where to begin is settled once: what a step makes must not take the step away from under its own answer.
  const [began, setBegan] = useState<Step | null>(null);
  useEffect(() => {
    if (progress.known && began === null) setBegan(progress.next);
  }, [progress.known]);
  const step = asked ?? began;
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef<Step | null>(null);
  useEffect(() => {
    if (step === null) return;
    // Who goes from step to step by keyboard or by ear begins at its title.
    if (shown.current !== null && shown.current !== step) {
      title.current?.focus();
      window.scrollTo({ top: 0 });
    }
    shown.current = step;
  }, [step]);
  const to = (next: Step): void => go(`/t/${tenant.value}/start?step=${next}`);
  if (!progress.known || step === null) return <Skeleton lines={8} />;
  const at = steps.indexOf(step);
  const next = steps[at + 1] ?? "proof";
  const before = steps[at - 1];
  const Body = bodies[step];
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{w.title}</h1>
          <p class="soft">{w.lead}</p>
        </div>
      </div>
      <div class="guide">
        <nav aria-label={w.title}>
          <ol class="guide-steps">
            {steps.map((each, i) => (
              <li key={each}>
                <Link
                  href={`/t/${tenant.value}/start?step=${each}`}
                  aria-current={each === step ? "step" : undefined}
                  class={progress.done[each] ? "done" : ""}
                >
                  <span class="mark" aria-hidden="true">
                    {progress.done[each] ? <Icon name="check" size={16} /> : i + 1}
                  </span>
                  <span class="name">{w.steps[each]}</span>
                  <span class="unseen">{progress.done[each] ? w.done : w.open}</span>
                </Link>
              </li>
            ))}
          </ol>
        </nav>
        <section class="card guide-step" aria-labelledby="step">
          <header>
            <p class="soft small">{w.of(at + 1, steps.length)}</p>
            <h2 id="step" ref={title} tabIndex={-1}>
              {w.steps[step]}
            </h2>
            <p class="why">{w.why[step]}</p>
          </header>
          <div class="body stack">
            <Body key={step} progress={progress} onNext={() => to(next)} onStep={to} />
          </div>
          <footer>
            {before !== undefined && (
              <Link class="button quiet" href={`/t/${tenant.value}/start?step=${before}`}>
                <Icon name="left" size={16} />
                {w.back}
              </Link>
            )}
            {step !== "proof" && !progress.done[step] && (
              <Link class="button quiet" href={`/t/${tenant.value}/start?step=${next}`}>
                {w.skip}
              </Link>
            )}
          </footer>
        </section>
      </div>
    </>
  );
}
