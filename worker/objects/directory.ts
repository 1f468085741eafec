// Owns the compiled configuration of one tenant in force: the last good snapshot, by version. D1 is the truth of
// definitions; this is what paging runs on, and it needs no D1.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import { rosterFor, type RosterQuery } from "../core/roster.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { migrate } from "./migrate.ts";
import type { RosterAnswer, SnapshotAnswer } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  ["CREATE TABLE snapshot (k INTEGER PRIMARY KEY, version INTEGER NOT NULL, v TEXT NOT NULL)"],
  // A row holds 2 MB at most, and a large tenant is larger: the text lies in pieces.
  [
    "CREATE TABLE piece (n INTEGER PRIMARY KEY, v TEXT NOT NULL)",
    "INSERT INTO piece (n, v) SELECT 0, v FROM snapshot",
    "DROP TABLE snapshot",
  ],
];

export class DirectoryObject extends DurableObject<Env> {
  #snapshot: Snapshot | null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    const pieces = ctx.storage.sql.exec<{ v: string }>("SELECT v FROM piece ORDER BY n").toArray();
    this.#snapshot = pieces.length === 0 ? null : (JSON.parse(pieces.map((row) => row.v).join("")) as Snapshot);
  }

  /**
   * Puts a version in force. An older one than the present is not taken; the answer says which one is in force. The same one
   * is taken again: a newer release may compile it to more.
   */
  async publish(snapshot: Snapshot): Promise<{ version: number }> {
    if (this.#snapshot !== null && snapshot.version < this.#snapshot.version) return { version: this.#snapshot.version };
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.sql.exec("DELETE FROM piece");
      piecesOf(JSON.stringify(snapshot)).forEach((piece, n) => {
        this.ctx.storage.sql.exec("INSERT INTO piece (n, v) VALUES (?, ?)", n, piece);
      });
    });
    this.#snapshot = snapshot;
    return { version: snapshot.version };
  }

  async snapshot(known: number | null): Promise<SnapshotAnswer> {
    if (this.#snapshot === null) return { kind: "none" };
    return known === this.#snapshot.version ? { kind: "unchanged" } : { kind: "snapshot", snapshot: this.#snapshot };
  }

  async roster(known: number | null, query: RosterQuery): Promise<RosterAnswer> {
    if (this.#snapshot === null) return { kind: "none" };
    return known === this.#snapshot.version
      ? { kind: "unchanged" }
      : { kind: "roster", roster: rosterFor(this.#snapshot, query) };
  }
}

/** Never cut inside a surrogate pair: half of one would not survive UTF-8. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(from + limits.directory.pieceCharsMax, text.length);
    if (to < text.length && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to--;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}
