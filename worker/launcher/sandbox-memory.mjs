// Owns how much memory this machine, or the container that we are in, has for us.

import { totalmem } from "node:os";

export function availableMemory() {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}
