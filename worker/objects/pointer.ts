// Owns whose turn it is where teams are paged in turn: for each pointer (policy, step, team) when each member was last paged.
// One object a tenant. Asked with a short limit; whoever gets no answer draws one instead.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import type { Id } from "../core/snapshot.ts";
import { nextInTurn, turnAfter } from "../core/turn-taking.ts";
import { migrate } from "./migrate.ts";

const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE paged (pointer TEXT NOT NULL, member TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (pointer, member)) WITHOUT ROWID",
    "CREATE TABLE turn (id INTEGER PRIMARY KEY, pointer TEXT NOT NULL, turn TEXT NOT NULL, member TEXT NOT NULL, UNIQUE (pointer, turn))",
  ],
];

export class PointerObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /**
   * The one of `members` not paged for longest, in their order where several were never paged; whoever could not be reached
   * meanwhile is therefore next when they can. The same `turn` again gives the same answer and uses up nothing. Null: no members.
   */
  async take(pointer: string, turn: string, members: readonly Id[]): Promise<Id | null> {
    return this.ctx.storage.transactionSync(() => {
      const before = this.#sql
        .exec<{ member: string }>("SELECT member FROM turn WHERE pointer = ? AND turn = ?", pointer, turn)
        .toArray()[0]?.member;
      if (before !== undefined && members.includes(before)) return before;
      const last = new Map(
        this.#sql
          .exec<{ member: string; n: number }>("SELECT member, n FROM paged WHERE pointer = ?", pointer)
          .toArray()
          .map((row) => [row.member, row.n]),
      );
      const next = nextInTurn(members, last);
      if (next === null) return null;
      this.#sql.exec(
        "INSERT INTO paged (pointer, member, n) VALUES (?, ?, ?) ON CONFLICT (pointer, member) DO UPDATE SET n = excluded.n",
        pointer,
        next,
        turnAfter(last),
      );
      this.#sql.exec(
        "INSERT INTO turn (pointer, turn, member) VALUES (?, ?, ?) ON CONFLICT (pointer, turn) DO UPDATE SET member = excluded.member",
        pointer,
        turn,
        next,
      );
      this.#sql.exec("DELETE FROM turn WHERE id <= (SELECT max(id) FROM turn) - ?", limits.pointer.turnsKept);
      return next;
    });
  }

  /** Where every pointer stands, without moving any: for who wants to know what would happen. */
  async standing(): Promise<{ pointer: string; member: Id; n: number }[]> {
    return this.#sql
      .exec<{ pointer: string; member: string; n: number }>(
        "SELECT pointer, member, n FROM paged LIMIT ?",
        limits.pointer.turnsKept,
      )
      .toArray();
  }
}
