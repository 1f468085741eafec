// Owns the service worker's global, by its own type.

declare const self: ServiceWorkerGlobalScope;

export const worker = self;
