// Runs in a cell, before a tenant's own code: holds what its isolates are made of, and passes one body to one of them. It believes
// its only caller, the launcher (sandbox-process.mjs), whom it knows by a word that it was started with, and knows nothing of what is
// in there.

const isolatesMax = 100;
/** By key, which is a tenant and a text of code. @type {Map<string, object>} */
const isolates = new Map();

export default {
  async fetch(request, env) {
    if (request.headers.get("authorization") !== env.TOKEN) return new Response(null, { status: 404 });
    const { pathname, searchParams } = new URL(request.url);
    const key = searchParams.get("key");
    if (pathname === "/code") {
      if (isolates.size >= isolatesMax) isolates.clear();
      isolates.set(key, await request.json());
      return new Response(null, { status: 204 });
    }
    const isolate = isolates.get(key);
    if (isolate === undefined) return new Response(null, { status: 428 });
    try {
      const fresh = searchParams.has("fresh");
      const entry = (fresh ? env.LOADER.load(isolate) : env.LOADER.get(key, () => isolate)).getEntrypoint();
      // One that nobody used, made ready before the body is there. What goes wrong here goes wrong again below.
      if (fresh) await entry.fetch("https://plugin.invalid/").catch(() => {});
      return await entry.fetch("https://plugin.invalid/", { method: "POST", body: await request.text() });
    } catch (error) {
      return new Response(String(error?.message ?? error).slice(0, 1_000), { status: 500 });
    }
  },
};
