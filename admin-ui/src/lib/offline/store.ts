// Owns the browser's own store: copies of what a person last saw, and acknowledgments that are not sent yet. Shared by the pages
// and the service worker, so it knows neither. Rejects where a browser keeps nothing (some private windows).

/** `kept`: copies by key. `unsent`: entries by id. */
export type StoreName = "kept" | "unsent";

const name = "tocsin";
const version = 1;
const openLimitMs = 3_000;

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, version);
    const late = setTimeout(() => reject(new Error("the browser's store did not open")), openLimitMs);
    request.addEventListener("upgradeneeded", () => {
      request.result.createObjectStore("kept", { keyPath: "key" });
      request.result.createObjectStore("unsent", { keyPath: "id" });
    });
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser keeps nothing here")));
    request.addEventListener("success", () => {
      clearTimeout(late);
      // Another tab with a newer build may want to change the store.
      request.result.addEventListener("versionchange", () => {
        request.result.close();
        opened = null;
      });
      resolve(request.result);
    });
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's store failed")));
  });
}

async function store(of: StoreName, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await open()).transaction(of, mode).objectStore(of);
}

/** What lies there was put there by this file's callers, in the shape they name. */
export async function read<T>(of: StoreName, key: string): Promise<T | undefined> {
  return done((await store(of, "readonly")).get(key) as IDBRequest<T | undefined>);
}

export async function readAll<T>(of: StoreName): Promise<readonly T[]> {
  return done((await store(of, "readonly")).getAll() as IDBRequest<T[]>);
}

export async function write(of: StoreName, value: object): Promise<void> {
  await done((await store(of, "readwrite")).put(value));
}

export async function erase(of: StoreName, key: string): Promise<void> {
  await done((await store(of, "readwrite")).delete(key));
}

export async function eraseAll(of: StoreName): Promise<void> {
  await done((await store(of, "readwrite")).clear());
}
