// Owns the texts of plugins that tenants wrote themselves: the source as it was uploaded, the code that runs, the fixtures and the
// kit's report. Each is written once, before a version names it, and never changed.

export interface OwnUpload {
  readonly upload: string;
  readonly hash: string;
  /** Epoch ms. */
  readonly at: number;
  readonly source: string;
  readonly code: string;
  readonly fixtures: unknown;
  readonly report: unknown;
}

export async function addUpload(db: D1Database, tenant: string, plugin: string, row: OwnUpload): Promise<void> {
  const { upload, hash, at, source, code, fixtures, report } = row;
  await db
    .prepare(
      "INSERT INTO own_plugin_uploads (tenant, plugin, upload, hash, at, source, code, fixtures, report) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(tenant, plugin, upload, hash, at, source, code, JSON.stringify(fixtures), JSON.stringify(report))
    .run();
}

export async function uploadOf(db: D1Database, tenant: string, plugin: string, upload: string): Promise<OwnUpload | null> {
  const sql =
    "SELECT upload, hash, at, source, code, fixtures, report FROM own_plugin_uploads WHERE tenant = ? AND plugin = ? AND upload = ?";
  const row = await db
    .prepare(sql)
    .bind(tenant, plugin, upload)
    .first<Omit<OwnUpload, "fixtures" | "report"> & { fixtures: string; report: string }>();
  return row === null
    ? null
    : { ...row, fixtures: JSON.parse(row.fixtures) as unknown, report: JSON.parse(row.report) as unknown };
}

/** The code of this hash, whichever upload it came with. */
export async function codeOf(db: D1Database, tenant: string, plugin: string, hash: string): Promise<string | null> {
  const sql = "SELECT code FROM own_plugin_uploads WHERE tenant = ? AND plugin = ? AND hash = ? LIMIT 1";
  return db.prepare(sql).bind(tenant, plugin, hash).first<string>("code");
}

/** Takes away what no version names any more. What has just come may be of a version that is on its way. */
export async function keepUploads(
  db: D1Database,
  tenant: string,
  plugin: string,
  { named, before }: { readonly named: readonly string[]; readonly before: number },
): Promise<void> {
  const sql =
    "DELETE FROM own_plugin_uploads WHERE tenant = ?1 AND plugin = ?2 AND at < ?4 AND upload NOT IN (SELECT value FROM json_each(?3))";
  await db.prepare(sql).bind(tenant, plugin, JSON.stringify(named), before).run();
}
