// Owns how an object's SQLite schema moves forward: an ordered list of steps, applied once each, inside one transaction.
// (`PRAGMA user_version` is refused by the runtime, hence a table of our own.)

/** Applies the steps this object has not had. Steps are never edited once released, only appended. */
export function migrate(storage: DurableObjectStorage, steps: readonly (readonly string[])[]): void {
  storage.sql.exec("CREATE TABLE IF NOT EXISTS schema_version (k INTEGER PRIMARY KEY, version INTEGER NOT NULL)");
  const done = storage.sql.exec<{ version: number }>("SELECT version FROM schema_version WHERE k = 1").toArray()[0]?.version ?? 0;
  if (done >= steps.length) return;
  storage.transactionSync(() => {
    for (const statements of steps.slice(done)) for (const statement of statements) storage.sql.exec(statement);
    storage.sql.exec(
      "INSERT INTO schema_version (k, version) VALUES (1, ?) ON CONFLICT (k) DO UPDATE SET version = excluded.version",
      steps.length,
    );
  });
}
