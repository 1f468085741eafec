// Owns a CA and a certificate for localhost, made by openssl at test start, so that no key is kept in the repository.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificates {
  readonly caFile: string;
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/** `name` is the host the certificate is for. */
export function makeCertificates(name = "localhost"): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-ca-"));
  const at = (file: string): string => join(folder, file);
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe", timeout: 20_000 });
  };
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...ec, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test CA");
  openssl("req", ...ec, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", `/CN=${name}`);
  writeFileSync(at("san"), `subjectAltName=DNS:${name}`);
  const issue = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "san"];
  openssl("x509", "-req", "-in", "leaf.csr", ...issue, "-out", "leaf.pem");
  const read = (file: string): string => readFileSync(at(file), "utf8");
  return { caFile: at("ca.pem"), ca: read("ca.pem"), key: read("leaf.key"), cert: read("leaf.pem") };
}
