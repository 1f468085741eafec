// Owns what the contract kit said of an upload, check by check.

import type { JSX } from "preact";
import { said } from "../../lib/messages.ts";
import type { OwnReport } from "../../lib/own-plugins-shapes.ts";
import "./own-plugins.css";
import { words } from "./words.ts";

export function Report({ report }: { readonly report: OwnReport }): JSX.Element {
  const w = said(words);
  return (
    <ul class="checks" aria-label={w.report}>
      {report.checks.map(({ check, passed, reason, fixture, line }, i) => (
        <li key={i}>
          <span class={`badge ${passed === null ? "" : passed ? "go" : "bad"}`}>
            {passed === null ? w.verdicts.none : passed ? w.verdicts.good : w.verdicts.bad}
          </span>
          <div>
            <strong>{w.checks[check] ?? check}</strong> {fixture !== null && <code class="small">{fixture}</code>}
            {line != null && <span class="small soft"> {w.line(line)}</span>}
            {reason !== "" && <p class="soft small">{reason}</p>}
          </div>
        </li>
      ))}
    </ul>
  );
}
