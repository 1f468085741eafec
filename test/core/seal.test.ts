// Secrets at rest: what opens where, and what must not.

import { describe, expect, it } from "vitest";
import { fingerprint, open, seal, SealError } from "../../worker/security/seal.ts";

const env = { TOCSIN_SECRET: "root-key-one-root-key-one-root-key-one" };
const place = "acme/notifiers/mail/password";

describe("sealed secrets", () => {
  it.each(["hunter2", "", "pässwörd 🔑", "x".repeat(10_000)])("open again where they stand", async (plain) => {
    expect(await open(env, place, await seal(env, place, plain))).toBe(plain);
  });

  it("are never twice the same, and hold nothing of the text", async () => {
    const [one, two] = [await seal(env, place, "hunter2"), await seal(env, place, "hunter2")];
    expect(one).not.toBe(two);
    expect(Buffer.from(one.split(".")[3] ?? "", "base64url").toString("latin1")).not.toContain("hunter2");
  });

  it.each([
    ["another tenant", "evil/notifiers/mail/password"],
    ["another notifier", "acme/notifiers/sms/password"],
    ["another field", "acme/notifiers/mail/user"],
  ])("do not open in the place of %s", async (_whose, other) => {
    const [mine, theirs] = [await seal(env, place, "mine"), await seal(env, other, "theirs")];
    await expect(open(env, other, mine)).rejects.toThrow(SealError);
    await expect(open(env, place, theirs)).rejects.toThrow(SealError);
  });

  it("do not open when any part was changed", async () => {
    const parts = (await seal(env, place, "hunter2")).split(".");
    for (const i of parts.keys()) {
      const text = parts[i] ?? "";
      const changed = parts.with(i, `${text.startsWith("A") ? "B" : "A"}${text.slice(1)}`).join(".");
      await expect(open(env, place, changed)).rejects.toThrow(SealError);
      await expect(open(env, place, parts.slice(0, i).join("."))).rejects.toThrow(SealError);
    }
    await expect(open(env, place, "hunter2")).rejects.toThrow(SealError);
  });

  it("open under the previous root key while it is being retired, and no longer", async () => {
    const old = await seal(env, place, "hunter2");
    const rotated = { TOCSIN_SECRET: "root-key-two-root-key-two-root-key-two", TOCSIN_SECRET_PREVIOUS: env.TOCSIN_SECRET };
    expect(await open(rotated, place, old)).toBe("hunter2");
    const retired = { TOCSIN_SECRET: rotated.TOCSIN_SECRET };
    await expect(open(retired, place, old)).rejects.toThrow(/TOCSIN_SECRET_PREVIOUS/);
    // What is written now is under the new key alone.
    expect(await open(retired, place, await seal(rotated, place, "new"))).toBe("new");
  });

  it("say what to do without saying what they hold", async () => {
    const error = await open(env, "acme/elsewhere", await seal(env, place, "hunter2")).catch((caught: unknown) => caught);
    expect(String(error)).not.toContain("hunter2");
  });

  it("have fingerprints that tell same from other, by place and key", async () => {
    const print = await fingerprint(env, place, "hunter2");
    expect(await fingerprint(env, place, "hunter2")).toBe(print);
    expect(await fingerprint(env, place, "hunter3")).not.toBe(print);
    expect(await fingerprint(env, "acme/other", "hunter2")).not.toBe(print);
    expect(await fingerprint({ TOCSIN_SECRET: "another" }, place, "hunter2")).not.toBe(print);
  });
});
