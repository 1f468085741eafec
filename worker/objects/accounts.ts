// Owns sign-in for the people of one place (a tenant, or the hub itself): sessions, one-time tickets, passkeys, API keys. Only hashes of
// secrets are kept. Needs no D1, and nothing on the way of a page needs it.

import { DurableObject } from "cloudflare:workers";
import { limits } from "../core/limits.ts";
import { addKey, apiKeyTable, goodKey, keysOf, revokeKey } from "./api-keys.ts";
import { migrate } from "./migrate.ts";
import type { ApiKeyRow, NewSession, PasskeyRow, SessionRow, TicketRow } from "./rpc.ts";

const migrations: readonly (readonly string[])[] = [
  [
    "CREATE TABLE session (hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, person TEXT NOT NULL, how TEXT NOT NULL, device TEXT NOT NULL, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL, idle_ms INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE ticket (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, person TEXT NOT NULL, made_by TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE passkey (id TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, public_key TEXT NOT NULL, counter INTEGER NOT NULL, transports TEXT NOT NULL, created_at INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID",
    // Challenges are signed and kept nowhere until one was answered: then it is spent.
    "CREATE TABLE spent (challenge TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID",
    // The hub's own object only: where each passkey of the hub is at home.
    "CREATE TABLE home (passkey TEXT PRIMARY KEY, place TEXT NOT NULL) WITHOUT ROWID",
  ],
  apiKeyTable,
];

const sessionColumns =
  "id, person AS user, how, device, created_at AS createdAt, seen_at AS seenAt, expires_at AS expiresAt, idle_ms AS idleMs";
const passkeyColumns =
  "id, person AS user, name, public_key AS publicKey, counter, transports, created_at AS createdAt, used_at AS usedAt";

type Stored<T> = T & Record<string, SqlStorageValue>;

export class AccountsObject extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, migrations);
    this.#sql = ctx.storage.sql;
  }

  /** The session, if it is still good; its use is noted. */
  async session(hash: string, now: number): Promise<SessionRow | null> {
    const row = this.#sql.exec<Stored<SessionRow>>(`SELECT ${sessionColumns} FROM session WHERE hash = ?`, hash).toArray()[0];
    if (row === undefined) return null;
    if (isOver(row, now)) {
      this.#sql.exec("DELETE FROM session WHERE hash = ?", hash);
      return null;
    }
    if (now - row.seenAt < limits.session.touchMs) return row;
    this.#sql.exec("UPDATE session SET seen_at = ? WHERE hash = ?", now, hash);
    return { ...row, seenAt: now };
  }

  async begin(session: NewSession, now: number): Promise<SessionRow> {
    return this.ctx.storage.transactionSync(() => this.#begin(session, now));
  }

  async sessions(user: string, now: number): Promise<SessionRow[]> {
    return this.#sql
      .exec<Stored<SessionRow>>(`SELECT ${sessionColumns} FROM session WHERE person = ? ORDER BY seen_at DESC`, user)
      .toArray()
      .filter((row) => !isOver(row, now));
  }

  /** Ends one session of a person, or all of them but one; how many. */
  async end(user: string, which: { readonly id: string } | { readonly except: string | null }): Promise<number> {
    return "id" in which
      ? this.#sql.exec("DELETE FROM session WHERE person = ? AND id = ?", user, which.id).rowsWritten
      : this.#sql.exec("DELETE FROM session WHERE person = ? AND id <> ?", user, which.except ?? "").rowsWritten;
  }

  /** A new ticket takes the place of the person's earlier ones of its kind: one link is good at a time. */
  async issue(hash: string, ticket: TicketRow, now: number): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM ticket WHERE (person = ? AND kind = ?) OR expires_at <= ?", ticket.user, ticket.kind, now);
      this.#sql.exec(
        "INSERT INTO ticket (hash, kind, person, made_by, expires_at) VALUES (?, ?, ?, ?, ?)",
        hash,
        ticket.kind,
        ticket.user,
        ticket.madeBy,
        ticket.expiresAt,
      );
    });
  }

  /** What a ticket is for, without using it up. */
  async ticket(hash: string, now: number): Promise<TicketRow | null> {
    return (
      this.#sql
        .exec<Stored<TicketRow>>(
          "SELECT kind, person AS user, made_by AS madeBy, expires_at AS expiresAt FROM ticket WHERE hash = ? AND expires_at > ?",
          hash,
          now,
        )
        .toArray()[0] ?? null
    );
  }

  /** Uses the ticket up and begins the session, in one transaction: of two presses one wins. */
  async redeem(hash: string, session: NewSession, now: number): Promise<SessionRow | null> {
    return this.ctx.storage.transactionSync(() => {
      const used = this.#sql.exec("DELETE FROM ticket WHERE hash = ? AND person = ? AND expires_at > ?", hash, session.user, now);
      if (used.rowsWritten === 0) return null;
      return this.#begin(session, now);
    });
  }

  /** Somebody has ever signed in here, or could: the owner's first link is not needed any more. */
  async claimed(): Promise<boolean> {
    return (
      this.#sql.exec<{ n: number }>("SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM passkey) AS n").one().n > 0
    );
  }

  async passkeys(user: string): Promise<PasskeyRow[]> {
    return this.#sql
      .exec<Stored<PasskeyRow>>(`SELECT ${passkeyColumns} FROM passkey WHERE person = ? ORDER BY created_at`, user)
      .toArray();
  }

  async passkey(id: string): Promise<PasskeyRow | null> {
    return this.#sql.exec<Stored<PasskeyRow>>(`SELECT ${passkeyColumns} FROM passkey WHERE id = ?`, id).toArray()[0] ?? null;
  }

  /** `spent`: the challenge was answered before. */
  async addPasskey(row: PasskeyRow, challenge: string, now: number): Promise<"added" | "spent" | "known" | "full"> {
    return this.ctx.storage.transactionSync(() => {
      if (this.#has("SELECT 1 FROM passkey WHERE id = ?", row.id)) return "known";
      const held = this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM passkey WHERE person = ?", row.user).one().n;
      if (held >= limits.session.passkeysMax) return "full";
      if (!this.#spend(challenge, now)) return "spent";
      this.#sql.exec(
        "INSERT INTO passkey (id, person, name, public_key, counter, transports, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        row.id,
        row.user,
        row.name,
        row.publicKey,
        row.counter,
        row.transports,
        now,
      );
      return "added";
    });
  }

  async removePasskey(user: string, id: string): Promise<boolean> {
    return this.#sql.exec("DELETE FROM passkey WHERE person = ? AND id = ?", user, id).rowsWritten > 0;
  }

  /** An assertion that was verified: spends its challenge, moves the counter, begins the session. Null: answered before. */
  async enter(
    passkey: { id: string; counter: number; challenge: string },
    session: NewSession,
    now: number,
  ): Promise<SessionRow | null> {
    return this.ctx.storage.transactionSync(() => {
      if (!this.#spend(passkey.challenge, now)) return null;
      this.#sql.exec("UPDATE passkey SET counter = ?, used_at = ? WHERE id = ?", passkey.counter, now, passkey.id);
      return this.#begin(session, now);
    });
  }

  /** False: the passkey is at home elsewhere, and stays there. */
  async claimHome(passkey: string, place: string): Promise<boolean> {
    this.#sql.exec("INSERT INTO home (passkey, place) VALUES (?, ?) ON CONFLICT DO NOTHING", passkey, place);
    return (await this.homeOf(passkey)) === place;
  }

  async leaveHome(passkey: string, place: string): Promise<void> {
    this.#sql.exec("DELETE FROM home WHERE passkey = ? AND place = ?", passkey, place);
  }

  async homeOf(passkey: string): Promise<string | null> {
    return this.#sql.exec<{ place: string }>("SELECT place FROM home WHERE passkey = ?", passkey).toArray()[0]?.place ?? null;
  }

  async apiKey(hash: string, now: number): Promise<ApiKeyRow | null> {
    return goodKey(this.#sql, hash, now);
  }

  async apiKeys(now: number): Promise<ApiKeyRow[]> {
    return keysOf(this.#sql, now);
  }

  async addApiKey(row: ApiKeyRow, hash: string): Promise<"added" | "known" | "full"> {
    return this.ctx.storage.transactionSync(() => addKey(this.#sql, row, hash));
  }

  /** One that nobody was given. */
  async dropApiKey(id: string): Promise<void> {
    this.#sql.exec("DELETE FROM api_key WHERE id = ?", id);
  }

  async revokeApiKey(
    id: string,
    by: string,
    now: number,
  ): Promise<{ readonly row: ApiKeyRow; readonly recorded: boolean } | null> {
    return this.ctx.storage.transactionSync(() => revokeKey(this.#sql, id, by, now));
  }

  async recordedApiKey(id: string): Promise<void> {
    this.#sql.exec("UPDATE api_key SET recorded = 1 WHERE id = ?", id);
  }

  /** The tenant is deleted: whoever makes one of its name anew lets nobody in who was in this one. */
  async forget(): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      for (const table of ["session", "ticket", "passkey", "api_key"]) this.#sql.exec(`DELETE FROM ${table}`);
    });
  }

  #begin(session: NewSession, now: number): SessionRow {
    const { hash, id, user, how, device, idleMs, absoluteMs } = session;
    this.#sql.exec("DELETE FROM session WHERE expires_at <= ? OR seen_at + idle_ms <= ?", now, now);
    this.#sql.exec(
      "INSERT INTO session (hash, id, person, how, device, created_at, seen_at, idle_ms, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      hash,
      id,
      user,
      how,
      device,
      now,
      now,
      idleMs,
      now + absoluteMs,
    );
    // The longest unused give way.
    this.#sql.exec(
      "DELETE FROM session WHERE person = ?1 AND hash NOT IN (SELECT hash FROM session WHERE person = ?1 ORDER BY seen_at DESC, created_at DESC LIMIT ?2)",
      user,
      limits.session.perUserMax,
    );
    return { id, user, how, device, createdAt: now, seenAt: now, idleMs, expiresAt: now + absoluteMs };
  }

  /** False: it was spent before. */
  #spend(challenge: string, now: number): boolean {
    this.#sql.exec("DELETE FROM spent WHERE expires_at <= ?", now);
    if (this.#has("SELECT 1 FROM spent WHERE challenge = ?", challenge)) return false;
    this.#sql.exec("INSERT INTO spent (challenge, expires_at) VALUES (?, ?)", challenge, now + 2 * limits.session.challengeMs);
    return true;
  }

  #has(statement: string, value: string): boolean {
    return this.#sql.exec(statement, value).toArray().length > 0;
  }
}

function isOver(row: Pick<SessionRow, "expiresAt" | "seenAt" | "idleMs">, now: number): boolean {
  return row.expiresAt <= now || row.seenAt + row.idleMs <= now;
}
