// Runs in a plugin's isolate: gives it one body, and writes down what comes of it as text. Whatever the plugin does to this
// isolate changes its own text only; the hub reads it as it reads what a stranger sent.

import { Answer, TextOf, freeze, isArray, isFrozen, parse, stringify, values } from "./lockdown.js";
import * as own from "./plugin.js";

const reasonCharsMax = 300;

export default {
  async fetch(request) {
    // Made ready before there is a body: the plugin's module has started, and that is all.
    if (request.method === "GET") return new Answer(null);
    const { input, charsMax } = parse(await request.text());
    return new Answer(read(input, charsMax));
  },
};

function read(input, charsMax) {
  const { plugin } = own;
  if (plugin === undefined || plugin === null || typeof plugin.normalize !== "function")
    return failed("bad-return", "the module does not export `plugin` with a function `normalize`");
  let alerts;
  try {
    alerts = plugin.normalize(deepFrozen(input));
  } catch (error) {
    return failed("threw", reasonOf(error));
  }
  if (!isArray(alerts)) {
    const promise = typeof alerts?.then === "function";
    return failed(
      "bad-return",
      promise ? "normalize returned a promise: it must be synchronous" : "normalize returned no list of alerts",
    );
  }
  let text;
  try {
    text = stringify(alerts);
  } catch (error) {
    return failed("bad-return", `what normalize returned cannot be written as JSON: ${reasonOf(error)}`);
  }
  if (typeof text !== "string") return failed("bad-return", "what normalize returned cannot be written as JSON");
  if (text.length > charsMax)
    return failed("too-large", `normalize returned ${text.length} characters, at most ${charsMax} are taken`);
  return `{"ok":true,"alerts":${text}}`;
}

function failed(kind, reason) {
  return stringify({ ok: false, kind, reason });
}

/** Never its stack: a person reads it. */
function reasonOf(error) {
  try {
    const text = TextOf(error instanceof Error || typeof error?.message === "string" ? error.message : error);
    return text.slice(0, reasonCharsMax) || "the plugin threw an error without words";
  } catch {
    return "the plugin threw something without words";
  }
}

function deepFrozen(value) {
  if (typeof value !== "object" || value === null || isFrozen(value)) return value;
  freeze(value);
  for (const each of values(value)) deepFrozen(each);
  return value;
}
