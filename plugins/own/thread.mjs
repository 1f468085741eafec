// Runs in a thread of its own on an author's machine: what stands in a plugin's isolate on a hub (worker/sandbox/inside), from the
// same texts, with nothing else to import. Told one body at a time, it posts what the isolate would have answered.
import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

/** By the name in an import. @type {Record<string, string>} */
const { modules } = workerData;
const scheme = "own:";

registerHooks({
  resolve(name, context, next) {
    const inside = context.parentURL?.startsWith(scheme) === true;
    const asked = name.startsWith(scheme) ? name.slice(scheme.length) : name.replace(/^\.\//, "");
    if (Object.hasOwn(modules, asked)) return { url: scheme + asked, format: "module", shortCircuit: true };
    if (inside) throw new Error(`there is no module "${name}" here: a plugin is one file, and imports "tocsin/sdk" alone`);
    return next(name, context);
  },
  load(url, context, next) {
    return url.startsWith(scheme)
      ? { format: "module", source: modules[url.slice(scheme.length)], shortCircuit: true }
      : next(url, context);
  },
});

/** As much of a Response as the harness makes: lockdown.mjs takes it before it takes the rest away. */
globalThis.Response = function Response(text) {
  this.text = text;
};

const port = parentPort;
/** Its message, and where in the plugin it was thrown, as the hub's runtime says both. */
function wordsOf(error) {
  const place = /\bplugin\.js:\d+:\d+/.exec(String(error?.stack))?.[0];
  return `${String(error)}${place === undefined ? "" : ` at ${place}`}`;
}
const { default: harness } = await import(`${scheme}main.js`).catch((error) => {
  port.postMessage({ broken: wordsOf(error) });
  return { default: null };
});
if (harness !== null) {
  const answer = async (body) =>
    port.postMessage({ answer: (await harness.fetch({ method: "POST", text: async () => body })).text });
  port.on("message", (body) => void answer(body));
  port.postMessage({ ready: true });
}
