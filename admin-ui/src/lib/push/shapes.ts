// Owns the shapes of devices as the API answers them.

export interface Device {
  readonly id: string;
  readonly label: string;
  readonly agent: string;
  readonly registeredAt: string;
  readonly gone: { readonly at: string; readonly reason: string } | null;
}

export interface Devices {
  readonly items: readonly Device[];
  readonly live: number;
  readonly gone: number;
  /** The contact that pages them; null: none does. */
  readonly contact: string | null;
  /** Whether the person's rules page them, by urgency. */
  readonly pages: { readonly high: boolean; readonly low: boolean };
}

export interface PushKey {
  readonly key: string;
  readonly secure: boolean;
  readonly publicUrl: string;
}
