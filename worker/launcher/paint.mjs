// Owns how the launcher's stories look on a terminal: aligned columns, calm colours, none where nobody would see them.

import { styleText } from "node:util";

const labelWidth = 10;
const coloured = process.stdout.isTTY && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb";

/** @typedef {"bold" | "dim" | "red" | "yellow" | "green" | "cyan"} Paint */

/** @param {Paint} paint @param {string} text */
export function paint(paint, text) {
  return coloured ? styleText(paint, text, { validateStream: false }) : text;
}

/** `12:03:01  page      Ana Ruiz …`: one line of the story. @param {{ at: Date, label: string, tone?: Paint, text: string }} line */
export function storyLine({ at, label, tone = "bold", text }) {
  return `  ${paint("dim", clock(at))}  ${paint(tone, label.padEnd(labelWidth))}${text}`;
}

/** Stands under the text of a story line. */
export function under(text) {
  return `${" ".repeat("  00:00:00  ".length + labelWidth)}${text}`;
}

/** `  name      value`. */
export function fact(name, value) {
  return `  ${paint("dim", name.padEnd(labelWidth))}${value}`;
}

/** Wall clock of this machine. */
export function clock(at) {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
}
