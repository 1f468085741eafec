/**
 * Thrown by io when a provider could not be asked. `unsent`: nothing left this machine, a repeat is free.
 * `unknown`: the request left and no answer came; the provider may have it. The message holds no secret.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly kind: "unsent" | "unknown";

  constructor(kind: "unsent" | "unknown", message: string) {
    super(message);
    this.kind = kind;
  }
}
