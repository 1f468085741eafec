// Owns what one person is being paged about at this moment, across incidents: enough to bundle pages in a storm. The rules are
// worker/core/bundle.ts; the pages stay with their incidents. Asked with a short limit; whoever gets no answer sends its page.

import { DurableObject } from "cloudflare:workers";
import { ask, forgotten, nobody, reported, type Answer, type Ask, type PersonState } from "../core/bundle.ts";
import { migrate } from "./migrate.ts";

const migrations: readonly (readonly string[])[] = [["CREATE TABLE person (k INTEGER PRIMARY KEY, v TEXT NOT NULL)"]];

export class PersonObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  #state: PersonState;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
    const row = this.#sql.exec<{ v: string }>("SELECT v FROM person WHERE k = 1").toArray()[0];
    this.#state = row === undefined ? nobody : (JSON.parse(row.v) as PersonState);
  }

  async ask(asked: Ask): Promise<Answer> {
    const { state, answer } = ask(this.#state, asked, Date.now());
    this.#keep(state);
    return answer;
  }

  async report(lane: string, delivery: string, accepted: boolean): Promise<void> {
    this.#keep(reported(this.#state, lane, delivery, accepted, Date.now()));
  }

  async forget(deliveries: readonly string[]): Promise<void> {
    this.#keep(forgotten(this.#state, deliveries));
  }

  #keep(state: PersonState): void {
    if (state === this.#state) return;
    this.#sql.exec("INSERT INTO person (k, v) VALUES (1, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v", JSON.stringify(state));
    this.#state = state;
  }
}
