// Owns how the contract kit's report reads in a terminal: what each fixture became, each check with its verdict.
import { styleText } from "node:util";

const names = {
  readable: "reads its bodies",
  fires: "an alert fires",
  alerts: "returns whole alerts",
  "same-twice": "the same twice",
  pairs: "one dedup key from firing to end",
  golden: "becomes what you said",
  garbage: "garbage ends nothing",
  mangled: "mangled bodies do no harm",
};
const paint = (colour, text) => styleText(colour, text, { stream: process.stdout });

/** @param {import("../kit/kit.ts").KitReport} report */
export function table({ checks, readings }) {
  const became = readings.flatMap(({ fixture, unreadable, alerts }) =>
    unreadable !== null
      ? [[fixture, "unreadable", unreadable]]
      : alerts.length === 0
        ? [[fixture, "no alert", ""]]
        : alerts.map((alert, i) => [
            i === 0 ? fixture : "",
            alert.action,
            `${alert.severity}  ${alert.dedupKey}  ${alert.title}`,
          ]),
  );
  const told = checks.map(({ check, passed, reason, fixture, line }) => {
    const verdict = passed === null ? "-" : passed ? paint("green", "✓") : paint("red", "✗");
    const where = [fixture, line == null ? null : `line ${line}`].filter((each) => each !== null).join(", ");
    return `  ${verdict} ${(names[check] ?? check).padEnd(34)}${where === "" ? "" : `${where}: `}${reason}`.trimEnd();
  });
  return [...columns(became), "", ...told].join("\n");
}

function columns(rows) {
  const width = (i) => Math.min(28, Math.max(...rows.map((row) => row[i].length)));
  return rows.map(([a, b, c]) => `  ${a.padEnd(width(0))}  ${b.padEnd(width(1))}  ${c}`.trimEnd());
}
