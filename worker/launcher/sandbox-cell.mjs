// Runs in the second workerd, before tenants' own code: holds what their isolates are made of, and passes one body to one of
// them. It believes its only caller, the launcher (sandbox.mjs), and knows nothing of what is in there.

const isolatesMax = 500;
/** By key, which is a tenant and a text of code. @type {Map<string, object>} */
const isolates = new Map();

export default {
  async fetch(request, env) {
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
      const entry = env.LOADER.get(key, () => isolate).getEntrypoint();
      return await entry.fetch("https://plugin.invalid/", { method: "POST", body: await request.text() });
    } catch (error) {
      return new Response(String(error?.message ?? error).slice(0, 1_000), { status: 500 });
    }
  },
};
