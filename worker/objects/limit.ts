// Owns the time limit on anything outside the object.

export class TimeLimitError extends Error {
  override readonly name = "TimeLimitError";
}

/** The promise's value, or TimeLimitError after `ms`. The work itself is not stopped; its late result is dropped. */
export async function withLimit<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(`no answer in ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
