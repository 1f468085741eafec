import { afterEach, expect, test, vi } from "vitest";
import { fetchText } from "../../worker/objects/fetch-text.ts";

const options = { etag: null, accept: "text/calendar", limitMs: 200, bytesMax: 1_000 };
const guarded = {};
const asked: string[] = [];

/** Answers by address, as the outside would. */
function outside(answers: Readonly<Record<string, (init?: RequestInit) => Response | Promise<Response>>>): void {
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    asked.push(url);
    return answers[url]?.(init) ?? new Response("", { status: 404 });
  });
}
const to = (location: string) => () => new Response(null, { status: 302, headers: { location } });

afterEach(() => vi.unstubAllGlobals());

test("a text with its tag; the tag again is nothing new", async () => {
  outside({
    "https://a.test/x": (init) =>
      new Headers(init?.headers).get("if-none-match") === '"1"'
        ? new Response(null, { status: 304 })
        : new Response("text", { headers: { etag: '"1"' } }),
  });
  expect(await fetchText(guarded, "https://a.test/x", options)).toEqual({ kind: "text", text: "text", etag: '"1"' });
  expect(await fetchText(guarded, "https://a.test/x", { ...options, etag: '"1"' })).toEqual({ kind: "same" });
});

test("every redirect goes through the guard, and there are not many", async () => {
  outside({
    "https://a.test/near": to("/far"),
    "https://a.test/far": () => new Response("far"),
    "https://a.test/inside": to("https://127.0.0.1/secret"),
    "https://a.test/metadata": to("http://169.254.169.254/latest"),
    "https://a.test/round": to("/round"),
  });
  expect(await fetchText(guarded, "https://a.test/near", options)).toMatchObject({ kind: "text", text: "far" });
  for (const path of ["inside", "metadata", "round"])
    expect(await fetchText(guarded, `https://a.test/${path}`, options)).toMatchObject({ kind: "failed" });
  expect(asked.filter((url) => !url.startsWith("https://a.test/"))).toEqual([]);
  expect(asked.filter((url) => url.endsWith("/round")).length).toBe(4);
  expect(await fetchText(guarded, "http://a.test/plain", options)).toMatchObject({ kind: "failed" });
});

test("too long, too late, not there, not reached: said without the address", async () => {
  outside({
    "https://a.test/long": () => new Response("x".repeat(1_001)),
    "https://a.test/late": (init) =>
      new Promise((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted by https://a.test/late"))),
      ),
    "https://a.test/broken": () => Promise.reject(new Error("https://a.test/broken?token=1 refused")),
  });
  const reasons = await Promise.all(
    ["long", "late", "broken", "gone"].map(async (path) => {
      const answer = await fetchText(guarded, `https://a.test/${path}`, options);
      return answer.kind === "failed" ? answer.reason : answer.kind;
    }),
  );
  expect(reasons).toEqual([
    "it is larger than 1000 bytes",
    "no answer within 0.2 s",
    "it could not be reached",
    "the answer was 404",
  ]);
});
