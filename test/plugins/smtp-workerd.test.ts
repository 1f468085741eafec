// Mail from inside workerd: the product's own sockets in all three modes, trust in a private CA given by
// NODE_EXTRA_CA_CERTS, and no trust without it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { mailSink, scriptedServer, type MailSink } from "./mail-server.ts";
import { bundleWorker, startRuntime, type Runtime } from "./workerd.ts";

const credentials = { user: "tocsin", password: "pässword" };

let certificates: Certificates;
let bundle: string;
let trusting: Runtime;
let plain: MailSink;
let starttls: MailSink;
let implicit: MailSink;

beforeAll(async () => {
  certificates = makeCertificates();
  bundle = await bundleWorker();
  const { key, cert } = certificates;
  plain = await mailSink({ disabledCommands: ["STARTTLS", "AUTH"] });
  starttls = await mailSink({ key, cert, authOptional: false });
  implicit = await mailSink({ key, cert, secure: true, authOptional: false });
  trusting = startRuntime(bundle, certificates.caFile);
}, 60_000);

afterAll(async () => {
  await trusting.stop();
  await Promise.all([plain.close(), starttls.close(), implicit.close()]);
});

describe("inside workerd", () => {
  it("sends in clear", async () => {
    const answer = await trusting.ask({ port: plain.port, tls: "none" });
    expect(answer).toMatchObject({ status: "accepted", ref: "queued as M1" });
    expect(plain.mails[0]).toMatchObject({ to: ["ana@acme.test"], secure: false });
  });

  it("sends over STARTTLS, signed in", async () => {
    const answer = await trusting.ask({ port: starttls.port, tls: "starttls", secrets: credentials });
    expect(answer).toMatchObject({ status: "accepted", ref: "queued as M1" });
    expect(starttls.mails[0]).toMatchObject({ secure: true, user: "tocsin" });
  });

  it("sends over implicit TLS, signed in", async () => {
    const answer = await trusting.ask({ port: implicit.port, tls: "implicit", secrets: credentials });
    expect(answer).toMatchObject({ status: "accepted", ref: "queued as M1" });
    expect(implicit.mails[0]).toMatchObject({ secure: true, user: "tocsin" });
  });

  it.each(["starttls", "implicit"] as const)("does not send to a server nobody vouched for (%s)", async (tls) => {
    const before = starttls.mails.length + implicit.mails.length;
    const wary = startRuntime(bundle, null);
    const port = tls === "starttls" ? starttls.port : implicit.port;
    const answer = await wary.ask({ port, tls, secrets: credentials });
    await wary.stop();
    expect(answer).toMatchObject({ status: "unsent", reason: expect.stringMatching(/certificate/) as string });
    expect(starttls.mails.length + implicit.mails.length).toBe(before);
  });

  it("tells a server silent before the message from one silent after it", async () => {
    const before = await scriptedServer({ EHLO: "" });
    const after = await scriptedServer({ ".": "" });
    expect(await trusting.ask({ port: before.port, tls: "none", limitMs: 600 })).toMatchObject({
      status: "unsent",
      reason: "the mail server did not answer in time",
    });
    expect((await trusting.ask({ port: after.port, tls: "none", limitMs: 600 })).status).toBe("unknown");
    await Promise.all([before.close(), after.close()]);
  });

  it("does not reach the hub's own machine unless the operator allows it", async () => {
    const answer = await trusting.ask({ port: plain.port, tls: "none", allowPrivate: false });
    expect(answer.status).toBe("unsent");
    expect(plain.mails).toHaveLength(1);
  });

  it("says that nobody is there", async () => {
    const gone = await scriptedServer({});
    await gone.close();
    expect((await trusting.ask({ port: gone.port, tls: "none" })).status).toBe("unsent");
  });
});
