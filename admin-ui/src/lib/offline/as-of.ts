// Owns since when the data is that a page shows, when it shows a copy: the frame says it, over the page, where nothing moves.

import { signal } from "@preact/signals";

/** Epoch ms; null: what is shown is the hub's present word. */
export const asOf = signal<number | null>(null);
