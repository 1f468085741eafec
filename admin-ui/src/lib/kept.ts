// Owns what a browser remembers between visits. Where it may not remember (a private window), nothing is lost but that.

const prefix = "tocsin.";

export function kept(name: string): string | null {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(prefix + name);
    else localStorage.setItem(prefix + name, value);
  } catch {
    // Full, or forbidden: the next visit begins with the usual.
  }
}

/** Hears what another tab of this browser keeps under that name; null: nothing any more. */
export function onKept(name: string, heard: (value: string | null) => void): void {
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === prefix + name) heard(newValue);
  });
}
