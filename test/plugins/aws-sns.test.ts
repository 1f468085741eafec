// Amazon SNS proves itself by a certificate: real RSA keys and X.509 certificates made by openssl, signed here with node:crypto.

import { execFileSync } from "node:child_process";
import { createSign, type KeyObject, createPrivateKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sources } from "../../plugins/registry.gen.ts";
import { pinned } from "../../worker/ingest/keys.ts";

const now = Date.UTC(2026, 10, 23, 3, 12, 0);
const certUrl = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem";
const sns = sources["aws-sns"];
let folder = "";
const certificates: Record<string, { readonly key: KeyObject; readonly pem: string }> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-sns-"));
  for (const name of ["aws", "eve"]) {
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        `${name}.key`,
        "-out",
        `${name}.pem`,
        "-days",
        "2",
        "-subj",
        `/CN=${name}/O=A longer name`,
      ],
      { cwd: folder, stdio: "pipe" },
    );
    certificates[name] = {
      key: createPrivateKey(readFileSync(join(folder, `${name}.key`))),
      pem: readFileSync(join(folder, `${name}.pem`), "utf8"),
    };
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Envelope = Record<string, string>;

const notification: Envelope = {
  Type: "Notification",
  MessageId: "1",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:ops",
  Subject: "ALARM: é",
  Message: "line one\nline two",
  Timestamp: "2026-11-23T03:11:58.000Z",
  SignatureVersion: "1",
  SigningCertURL: certUrl,
  UnsubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
};
const { Subject: _, ...withoutSubject } = notification;
const confirmation: Envelope = {
  ...withoutSubject,
  Type: "SubscriptionConfirmation",
  Token: "2336",
  SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336",
};

/** As AWS documents it: the present fields in order, name and value each with a line end. */
function signed(envelope: Envelope, by = "aws"): Envelope {
  const order =
    envelope["Type"] === "Notification"
      ? "Message MessageId Subject Timestamp TopicArn Type"
      : "Message MessageId SubscribeURL Timestamp Token TopicArn Type";
  let text = "";
  for (const name of order.split(" ")) if (envelope[name] !== undefined) text += `${name}\n${envelope[name]}\n`;
  const key = certificates[by]?.key;
  if (key === undefined) throw new Error("no key");
  const Signature = createSign(envelope["SignatureVersion"] === "2" ? "RSA-SHA256" : "RSA-SHA1")
    .update(text)
    .sign(key, "base64");
  return { ...envelope, Signature };
}

interface Setting {
  readonly secret?: string;
  readonly config?: object;
  readonly headers?: Record<string, string>;
  readonly get?: (url: string) => Promise<string>;
  readonly at?: number;
}

async function verdict(body: unknown, { secret, config = {}, headers = {}, get, at = now }: Setting = {}): Promise<boolean> {
  if (sns === undefined) throw new Error("no aws-sns");
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const keys = {
    get:
      get ??
      ((url: string) =>
        url === certUrl ? Promise.resolve(certificates["aws"]?.pem ?? "") : Promise.reject(new Error(`asked ${url}`))),
  };
  const request = { method: "POST", path: "/", query: {}, headers, body: bytes };
  return (await sns.verify(request, { secret: secret ?? null, config: sns.config.parse(config), now: at, keys })).ok;
}

describe("the signature of Amazon SNS", () => {
  it.each([
    ["a notification, version 1", () => signed(notification)],
    ["a notification, version 2", () => signed({ ...notification, SignatureVersion: "2" })],
    ["a notification without a subject", () => signed(withoutSubject)],
    ["a subscription to confirm", () => signed(confirmation)],
    ["the end of a subscription", () => signed({ ...confirmation, Type: "UnsubscribeConfirmation" })],
  ])("is good: %s", async (_name, make) => expect(await verdict(make())).toBe(true));

  it.each([
    ["by another key", () => signed(notification, "eve")],
    ["missing", () => notification],
    ["cut short", () => ({ ...signed(notification), Signature: signed(notification)["Signature"]?.slice(0, -8) })],
    ["no base64", () => ({ ...signed(notification), Signature: "%%%" })],
    ["of another message", () => ({ ...signed(notification), Message: "something else" })],
    ["of another subject", () => ({ ...signed(notification), Subject: "calm" })],
    ["of another topic", () => ({ ...signed(notification), TopicArn: "arn:aws:sns:eu-west-1:1:other" })],
    ["of another version", () => ({ ...signed(notification), SignatureVersion: "2" })],
    ["of another kind", () => ({ ...signed(notification), Type: "SubscriptionConfirmation" })],
    ["older than SNS tries", () => signed({ ...notification, Timestamp: "2026-11-23T02:06:00.000Z" })],
    ["of the future", () => signed({ ...notification, Timestamp: "2026-11-23T05:00:00.000Z" })],
    ["without a time", () => signed({ ...notification, Timestamp: "" })],
  ])("is refused: %s", async (_name, make) => expect(await verdict(make())).toBe(false));

  it.each([
    "http://sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com.evil.test/x.pem",
    "https://evil.test/sns.eu-west-1.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.test/x.pem",
    "https://s3.eu-west-1.amazonaws.com/x.pem",
    "https://sns.a.b.amazonaws.com/x.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/x.pem",
    "https://127.0.0.1/x.pem",
    "nonsense",
  ])("asks no other host for the certificate: %s", async (url) => {
    if (sns === undefined) throw new Error("no aws-sns");
    expect(pinned(url, sns.manifest)).toBe(false);
    const evil = signed({ ...notification, SigningCertURL: url }, "eve");
    const asked: string[] = [];
    const get = (each: string) => {
      asked.push(each);
      return pinned(each, sns.manifest)
        ? Promise.resolve(certificates["eve"]?.pem ?? "")
        : Promise.reject(new Error("not pinned"));
    };
    expect(await verdict(evil, { get }).catch(() => false)).toBe(false);
    for (const each of asked) expect(pinned(each, sns.manifest)).toBe(false);
  });

  it("takes only .pem files, and what comes back must be a certificate", async () => {
    expect(
      await verdict(signed({ ...notification, SigningCertURL: "https://sns.eu-west-1.amazonaws.com/?Action=GetCert" })),
    ).toBe(false);
    for (const text of [
      "",
      "hello",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    ])
      expect(await verdict(signed(notification), { get: () => Promise.resolve(text) }), text).toBe(false);
  });

  it("that cannot be checked now is an error, not a refusal: SNS is asked to try again", async () => {
    await expect(verdict(signed(notification), { get: () => Promise.reject(new Error("AWS is dark")) })).rejects.toThrow(
      "AWS is dark",
    );
  });

  it("a pinned topic is the only one", async () => {
    const topicArn = "arn:aws:sns:eu-west-1:123456789012:ops";
    expect(await verdict(signed(notification), { config: { topicArn } })).toBe(true);
    expect(await verdict(signed(notification), { config: { topicArn: `${topicArn}2` } })).toBe(false);
    const raw = { AlarmName: "x", NewStateValue: "OK" };
    expect(await verdict(raw, { config: { topicArn }, headers: { "x-amz-sns-topic-arn": topicArn } })).toBe(true);
    expect(await verdict(raw, { config: { topicArn } })).toBe(false);
  });

  it("is not there with raw delivery: the secret in the address, where the integration has one, is asked for", async () => {
    const raw = { AlarmName: "x", NewStateValue: "OK" };
    const basic = { authorization: `Basic ${Buffer.from("sns:raw-secret").toString("base64")}` };
    expect(await verdict(raw, { secret: "raw-secret", headers: basic })).toBe(true);
    expect(await verdict(raw, { secret: "raw-secret" })).toBe(false);
    expect(await verdict(raw)).toBe(true);
    expect(await verdict("a text", { secret: "raw-secret" })).toBe(false);
  });
});
