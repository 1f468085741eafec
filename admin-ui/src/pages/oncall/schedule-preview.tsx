// Owns what an edit of a schedule would change: the next weeks as they are and as they would be, and the differences.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../design/icon.tsx";
import { Skeleton, Trouble } from "../../design/states.tsx";
import { call, Problem } from "../../lib/api.ts";
import { useDirectory } from "../../lib/directory.ts";
import { findingText } from "../../lib/findings.ts";
import { catalogue, said } from "../../lib/messages.ts";
import type { SchedulePreview, ScheduleWords } from "../../lib/shapes-oncall.ts";
import { viewerZone } from "../../lib/time.ts";
import { addDays, dayStart } from "../../lib/zones.ts";
import { finalBars, namesOf } from "./lanes.ts";
import { wholeSpan } from "../../lib/span-text.ts";
import { Strip, type Lane } from "./strip.tsx";

const words = catalogue({
  en: {
    title: "The next four weeks",
    before: "Now",
    after: "After saving",
    alone: "On call",
    same: "Saving changes nobody's shifts in these weeks.",
    changes: (n: number) => (n === 1 ? "One stretch changes hands" : `${n} stretches change hands`),
    nobody: "nobody",
    instead: (after: string, before: string) => `${after} in place of ${before}`,
    more: (n: number) => `and ${n} more`,
    gaps: (n: number) => (n === 1 ? "Nobody would be on call once" : `Nobody would be on call ${n} times`),
    wrong: "Something is not right yet; it is said beside its field.",
  },
  es: {
    title: "Las próximas cuatro semanas",
    before: "Ahora",
    after: "Al guardar",
    alone: "De guardia",
    same: "Guardar no cambia los turnos de nadie en estas semanas.",
    changes: (n: number) => (n === 1 ? "Un tramo cambia de manos" : `${n} tramos cambian de manos`),
    nobody: "nadie",
    instead: (after: string, before: string) => `${after} en lugar de ${before}`,
    more: (n: number) => `y ${n} más`,
    gaps: (n: number) => (n === 1 ? "Nadie estaría de guardia una vez" : `Nadie estaría de guardia ${n} veces`),
    wrong: "Algo no está bien todavía; se dice junto a su campo.",
  },
});

const restMs = 350;
const weeks = 4;
const changesShown = 6;

export interface Previewed {
  readonly answer: SchedulePreview | null;
  readonly problem: Problem | null;
}

/** Asks the hub a moment after the last change. */
export function usePreview(id: string, draft: Omit<ScheduleWords, "id"> | null): Previewed {
  const [state, setState] = useState<Previewed>({ answer: null, problem: null });
  const text = JSON.stringify(draft);
  useEffect(() => {
    if (draft === null) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      call("previewSchedule", { id, body: { ...draft, weeks }, signal: stop.signal }).then(
        (answer) => setState({ answer, problem: null }),
        (error: unknown) => error instanceof Problem && setState((present) => ({ ...present, problem: error })),
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [id, text]);
  return state;
}

export function Preview({ answer, problem, zone }: Previewed & { readonly zone: string }): JSX.Element {
  const w = said(words);
  const { person } = useDirectory();
  const start = dayStart(answer === null ? Date.now() : Date.parse(answer.at), viewerZone);
  const strips = Array.from({ length: weeks }, (_, i) => ({
    from: addDays(start, 7 * i, viewerZone),
    to: addDays(start, 7 * (i + 1), viewerZone),
  }));
  const name = (users: readonly string[]): string => (users.length === 0 ? w.nobody : namesOf(users, person));
  const gaps = answer?.after.gaps.filter((gap) => !gap.onPurpose).length ?? 0;
  const lanes: Lane[] =
    answer === null
      ? []
      : [
          ...(answer.before === null ? [] : [{ id: "before", name: w.before, bars: finalBars(answer.before, person) }]),
          { id: "after", name: answer.before === null ? w.alone : w.after, strong: true, bars: finalBars(answer.after, person) },
        ];
  return (
    <section class="card" aria-labelledby="preview">
      <header>
        <h2 id="preview">{w.title}</h2>
      </header>
      <div class="body stack" aria-live="polite">
        {problem !== null && (problem.status === 422 ? <p class="note">{w.wrong}</p> : <Trouble problem={problem} />)}
        {answer === null && problem === null && <Skeleton lines={4} />}
        {answer !== null && (
          <>
            {gaps > 0 && (
              <p class="gap-note">
                <Icon name="warn" size={16} />
                {w.gaps(gaps)}
              </p>
            )}
            {answer.warnings.map((each) => (
              <p key={each.path + each.message} class="note">
                {findingText(each)}
              </p>
            ))}
            {strips.map(({ from, to }) => (
              <Strip key={from} from={from} to={to} zone={viewerZone} other={zone} lanes={lanes} />
            ))}
            {answer.before !== null &&
              (answer.changes.length === 0 ? (
                <p class="soft">{w.same}</p>
              ) : (
                <div class="stack-s">
                  <h3>{w.changes(answer.changes.length)}</h3>
                  <ul class="stack-s small">
                    {answer.changes.slice(0, changesShown).map((each) => (
                      <li key={each.from}>
                        <strong>{w.instead(name(each.after), name(each.before))}</strong>{" "}
                        <span class="soft num">{wholeSpan(Date.parse(each.from), Date.parse(each.to), zone)}</span>
                      </li>
                    ))}
                    {answer.changes.length > changesShown && <li class="soft">{w.more(answer.changes.length - changesShown)}</li>}
                  </ul>
                </div>
              ))}
          </>
        )}
      </div>
    </section>
  );
}
