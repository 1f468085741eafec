// Owns finding the line of a plugin's text that broke on an input. The sandbox says in which words it broke and never where, as on
// the way of an alert a person reads it; an author is told. So the same text is read once more, with a few lines at its end that tell.

import { hashOf } from "./compile.ts";
import type { RunModule } from "./kit.ts";
import type { KitInput } from "../../plugins/kit/kit.ts";

const teller = `
;{
  const told = plugin, reads = told.normalize;
  told.normalize = (input) => {
    try {
      return reads.call(told, input);
    } catch (error) {
      throw new Error("line " + (/\\bplugin\\.js:(\\d+)/.exec(error?.stack)?.[1] ?? "?"));
    }
  };
}`;

/** From 1; null: nothing threw, or it cannot be told (`plugin` is frozen, or bears another name in there). */
export async function brokenLine(run: RunModule, code: string, input: KitInput): Promise<number | null> {
  const text = code + teller;
  const result = await run({ hash: hashOf(text), code: text }, input);
  if (result.ok || result.kind !== "threw") return null;
  const line = Number(/^line (\d+)$/.exec(result.reason)?.[1] ?? /does not start.*\bplugin\.js:(\d+)/.exec(result.reason)?.[1]);
  return line <= code.split("\n").length ? line : null;
}
