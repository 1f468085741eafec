// What differs between two versions of a plugin's text, as its page shows it.

import { expect, test } from "vitest";
import { changedLines } from "../../admin-ui/src/pages/own-plugins/lines.ts";

const short = (before: string, after: string): string[] =>
  changedLines(before, after).map(
    ({ kind, n, text }) => `${{ same: " ", gone: "-", new: "+", "left-out": "~" }[kind]}${n} ${text}`,
  );

test("the same text has nothing to show", () => {
  expect(changedLines("a\nb", "a\nb")).toEqual([]);
});

test("a changed line stands as gone and new between its neighbours, with the numbers of its own text", () => {
  expect(short("a\nb\nc", "a\nB\nc")).toEqual([" 1 a", "-2 b", "+2 B", " 3 c"]);
  expect(short("a\nc", "a\nb\nc")).toEqual([" 1 a", "+2 b", " 3 c"]);
  expect(short("a\nb\nc", "a\nc")).toEqual([" 1 a", "-2 b", " 2 c"]);
});

test("lines far from any change are counted, not shown", () => {
  const many = Array.from({ length: 20 }, (_, i) => `line ${i}`);
  const changed = many.with(10, "other");
  expect(short(many.join("\n"), changed.join("\n"))).toEqual([
    "~7 ",
    " 8 line 7",
    " 9 line 8",
    " 10 line 9",
    "-11 line 10",
    "+11 other",
    " 12 line 11",
    " 13 line 12",
    " 14 line 13",
    "~6 ",
  ]);
});

test("texts too long for the table are told as replaced", () => {
  const [a, b] = ["a", "b"].map((word) => Array.from({ length: 2_100 }, (_, i) => `${word}${i}`).join("\n"));
  const lines = changedLines(a ?? "", b ?? "");
  expect(lines.filter((each) => each.kind === "gone")).toHaveLength(2_100);
  expect(lines.filter((each) => each.kind === "new")).toHaveLength(2_100);
});
