// Owns the rows of the list: only those near the view are there, however many there are.

import type { JSX, RefObject } from "preact";
import type { Directory } from "../../lib/directory.ts";
import type { IncidentRow } from "../../lib/shapes.ts";
import { useWindow } from "../../lib/windowed.ts";
import { Row } from "./row.tsx";

interface RowsProps {
  readonly rows: readonly IncidentRow[];
  readonly list: RefObject<HTMLUListElement>;
  readonly label: string;
  readonly base: string;
  readonly names: Directory;
  readonly picked: ReadonlySet<string>;
  readonly onPick: ((id: string, on: boolean) => void) | null;
}

export function Rows({ rows, list, label, base, names, picked, onPick }: RowsProps): JSX.Element {
  const { from, to, above, below } = useWindow(list, rows.length, matchMedia("(max-width: 60rem)").matches ? 118 : 62);
  return (
    <ul ref={list} aria-label={label}>
      <Stretch px={above} />
      {rows.slice(from, to).map((row, i) => (
        <Row
          key={row.id}
          row={row}
          n={from + i}
          of={rows.length}
          names={names}
          href={`${base}/${row.id}`}
          picked={picked.has(row.id)}
          onPick={onPick === null ? null : (on) => onPick(row.id, on)}
        />
      ))}
      <Stretch px={below} />
    </ul>
  );
}

function Stretch({ px }: { readonly px: number }): JSX.Element | null {
  return px === 0 ? null : <li aria-hidden="true" style={{ height: `${px}px` }} />;
}
