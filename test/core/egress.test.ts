// Where the hub may connect to for a tenant: a table of addresses, harmless and sly.

import { describe, expect, it } from "vitest";
import { checkHost, checkUrl } from "../../worker/security/egress.ts";

const strict = { allowPrivate: false };
const open = { allowPrivate: true };

const allowed = [
  "https://example.com/",
  "https://example.com:8443/hook?x=1#y",
  "https://EXAMPLE.com./hook",
  "https://a.b.c.example.co.uk/%0d%0aquery",
  "https://api.twilio.com/2010-04-01",
  "https://bücher.example/",
  "https://xn--bcher-kva.example/",
  "https://localhost.example.com/",
  "https://internal-tools.example.com/",
  "https://local.example.org/",
  "https://10.example.com/",
  "https://notlocalhost.com/",
  "https://mylocal.dev/",
];

/** Refused by default; the second column says whether TOCSIN_ALLOW_PRIVATE_EGRESS=1 lifts it. */
const refused: readonly (readonly [url: string, lifted: boolean])[] = [
  ...[
    "http://example.com/",
    "http://localhost:8080/",
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://a.localhost/",
    "https://a.b.localhost./",
    "https://printer.local/",
    "https://printer.LOCAL./",
    "https://db.internal/",
    "https://db.internal./",
    "https://wiki.intranet/",
    "https://nas.lan/",
    "https://nas.home/",
    "https://nas.home.arpa/",
    "https://dc.corp/",
    "https://box.localdomain/",
    "https://intranet/",
    "https://intranet./",
    "https://127.0.0.1/",
    "https://127.0.0.1./",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.0x1/",
    "https://127.255.255.254/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://①②⑦.0.0.1/",
    "https://%31%32%37.0.0.1/",
    "https://0.0.0.0/",
    "https://0/",
    "https://10.0.0.1/",
    "https://10.1/",
    "https://167772161/",
    "https://0xa000001/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.0.1/",
    "https://192.168.1/",
    "https://0xc0a80001/",
    "https://100.64.0.1/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.7/",
    "https://203.0.113.9/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://8.8.8.8/",
    "https://1.1.1.1/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fc00::1]/",
    "https://[fd12:3456:789a::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[2606:4700:4700::1111]/",
    "https://127.0.0.1.nip.io/",
    "https://10-0-0-1.sslip.io/",
    "https://localtest.me/",
    "https://app.lvh.me./",
  ].map((url) => [url, true] as const),
  ...[
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254./",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://169.254.1.1/",
    "https://[fe80::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[fd00:ec2::254]/",
    "https://[fd00:0ec2:0:0:0:0:0:254]/",
    "https://100.100.100.200/",
    "https://192.0.0.192/",
    "https://168.63.129.16/",
    "https://metadata.google.internal/",
    "https://METADATA.google.internal./",
    "https://metadata.goog/",
    "https://instance-data/",
    "https://instance-data.ec2.internal/",
    "https://user@example.com/",
    "https://user:password@example.com/",
    "https://:password@example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com\r\nHost: evil/",
    "https://exam\tple.com/",
    "https://example.com/\u0000",
    "https://example.com/a\nb",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "ws://example.com/",
    "//example.com/",
    "example.com",
    "https://",
    "https:///",
    "https://exa mple.com/",
    "https://[::1/",
    "https://[fe80::1%25eth0]/",
    "https://256.256.256.256/",
    "https://1.2.3.4.5/",
    "",
  ].map((url) => [url, false] as const),
];

describe("the egress guard", () => {
  it("has a table worth its name", () => {
    expect(allowed.length + refused.length).toBeGreaterThanOrEqual(100);
    expect(new Set([...allowed, ...refused.map(([url]) => url)]).size).toBe(allowed.length + refused.length);
  });

  it.each(allowed)("lets %j through", (url) => {
    expect(checkUrl(url, strict)).toBeNull();
    expect(checkUrl(url, open)).toBeNull();
  });

  it.each(refused)("refuses %j (lifted for private networks: %j)", (url, lifted) => {
    expect(checkUrl(url, strict)).toEqual(expect.any(String));
    expect(checkUrl(url, open) === null).toBe(lifted);
  });

  it.each([
    ["smtp.example.com", true],
    ["smtp.example.com.", true],
    ["localhost", false],
    ["127.0.0.1", false],
    ["0x7f.1", false],
    ["2130706433", false],
    ["[::1]", false],
    ["::1", false],
    ["::ffff:10.0.0.1", false],
    ["mail", false],
    ["mail.local", false],
    [".", false],
    ["", false],
    ["a b.example.com", false],
    ["a.example.com\r\n", false],
    ["user@a.example.com", false],
    ["a.example.com/path", false],
  ])("as a bare host, %j: %j", (host, ok) => {
    expect(checkHost(host, strict) === null).toBe(ok);
  });
});
