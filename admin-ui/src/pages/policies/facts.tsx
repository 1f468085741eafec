// Owns the line that says what is special about a step: its condition, whom it waits for, how many must acknowledge.

import type { JSX } from "preact";
import { durationText } from "../../design/duration.tsx";
import { useDirectory } from "../../lib/directory.ts";
import { said } from "../../lib/messages.ts";
import type { StepWords } from "../../lib/shapes-oncall.ts";
import { words } from "./policy-words.ts";

export function Facts({ step }: { readonly step: StepWords }): JSX.Element | null {
  const w = said(words);
  const { businessHours } = useDirectory();
  const parts: (string | JSX.Element)[] = [];
  if (step.when !== undefined)
    parts.push(
      <>
        {w.when} <code>{step.when}</code>
      </>,
    );
  if (step.waitFor !== undefined)
    parts.push(w.wait(businessHours.find((each) => each.id === step.waitFor)?.name ?? step.waitFor));
  if (step.acksRequired !== undefined && step.acksRequired !== 1) parts.push(w.acks(step.acksRequired));
  if (step.retry !== undefined) parts.push(w.retry(step.retry.times, durationText(step.retry.every)));
  if (parts.length === 0) return null;
  return (
    <ul class="facts-line soft small">
      {parts.map((part, i) => (
        <li key={i}>{part}</li>
      ))}
    </ul>
  );
}
