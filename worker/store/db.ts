// Owns which database a tenant lives in. One for now; callers never assume so (DESIGN: scale).

export function dbFor(env: Pick<Env, "DB">, _tenant: string): D1Database {
  return env.DB;
}
