/** Thrown by `normalize` when a body is not what this source sends. `message` says what was expected and what came. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}
