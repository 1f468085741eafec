// Owns how the Worker calls an object: a time limit, and a few jittered tries with a new stub where the platform says a
// retry may help. An overloaded object is never hurried.

import { withLimit } from "./limit.ts";
import { limits } from "../core/limits.ts";

const tries = limits.send.callTries;

interface ObjectError {
  readonly retryable?: boolean;
  readonly overloaded?: boolean;
}

export function isOverloaded(error: unknown): boolean {
  return typeof error === "object" && error !== null && (error as ObjectError).overloaded === true;
}

/** `call` makes a new stub each time; `limitMs` is for all tries together. Throws the last error, or TimeLimitError. */
export async function callObject<T>(call: () => Promise<T>, limitMs: number): Promise<T> {
  const end = Date.now() + limitMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await withLimit(call(), Math.max(1, end - Date.now()));
    } catch (error) {
      const { retryable, overloaded } = (typeof error === "object" && error !== null ? error : {}) as ObjectError;
      if (attempt >= tries || retryable !== true || overloaded === true) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
