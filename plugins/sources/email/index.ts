// Owns the source for mail: by whom, what it means, which problem it is about. The door (worker/ingest/mail-document.ts) has made
// a JSON document of the raw mail; nothing of MIME is left here.

import {
  alertOf,
  digestOf,
  firstOf,
  ignored,
  linearPattern,
  timeOf,
  titleOf,
  verifyShared,
  type Alert,
  type InboundRequest,
  type NormalizeInput,
  type Severity,
  type SourceCredentials,
  type SourceManifest,
  type SourcePlugin,
  type Verdict,
} from "../../sdk/index.ts";
import { config, type Config } from "./config.ts";
import { mailOf, type Mail } from "./mail.ts";
import manifest from "./manifest.json" with { type: "json" };
import { automatic, refusal } from "./sender.ts";
import { readSubject, type SubjectReading } from "./subject.ts";

const source = "email";
/** What rules look at of a text: the pattern engine is linear, and slow. */
const matchedMax = 8_192;

export const plugin: SourcePlugin<Config> = { manifest: manifest as SourceManifest, config, verify, normalize };

/** The secret stands in the mail's header X-Tocsin-Secret, which the door hands on and keeps nowhere. */
function verify(request: InboundRequest, { secret, config: its }: SourceCredentials<Config>): Verdict {
  const shared = verifyShared(request, secret);
  if (!shared.ok || (its.allow.length === 0 && its.authenticated === undefined)) return shared;
  let mail: Mail;
  try {
    mail = mailOf(JSON.parse(new TextDecoder().decode(request.body)));
  } catch {
    // What nobody can read becomes an incident that says so, whoever sent it.
    return { ok: true };
  }
  const reason = refusal(mail, its);
  return reason === null ? { ok: true } : { ok: false, reason };
}

function normalize({ payload, config: its }: NormalizeInput<Config>): readonly Alert[] {
  const mail = mailOf(payload);
  const title = titleOf(firstOf(mail.subject, mail.text.slice(0, 200)) ?? "A mail without a subject");
  const machine = automatic(mail, its.lists);
  if (machine !== null) return [ignored(source, null, title, machine)];
  const said = readSubject(mail.subject);
  const rule = its.rules.find((each) => matched(mail, each) !== null);
  const action = rule?.do ?? (its.stateWords ? said.action : null) ?? its.otherwise;
  const { key, notes } = keyOf(mail, said, its);
  if (action === "ignore")
    return [
      ignored(source, key, title, rule === undefined ? "no rule says what it means" : `the rule ${rule.pattern} ignores it`),
    ];
  return [
    alertOf({
      dedupKey: key,
      action,
      title,
      severity: severityOf(mail, said, its),
      body: bodyOf(mail),
      labels: labelsOf(mail, its),
      source,
      sourceAt: timeOf(mail.date),
      ...(notes.length === 0 ? {} : { notes }),
    }),
  ];
}

interface Place {
  readonly in: "subject" | "body" | "from" | "header";
  readonly header?: string | undefined;
  readonly pattern: string;
}

/** The pattern's first group, or all that it matched; null: it does not match. */
function matched(mail: Mail, { in: where, header, pattern }: Place): string | null {
  const texts = {
    subject: () => [mail.subject],
    body: () => [mail.text],
    from: () => [mail.from ?? ""],
    header: () => mail.header(header ?? "").slice(0, 5),
  }[where]();
  for (const text of texts) {
    const matcher = linearPattern(pattern).matcher(text.slice(0, matchedMax));
    if (matcher.find()) return (matcher.groupCount() > 0 ? matcher.group(1) : null) ?? matcher.group() ?? "";
  }
  return null;
}

function keyOf(
  mail: Mail,
  { problem }: SubjectReading,
  its: Config,
): { readonly key: string; readonly notes: readonly string[] } {
  const captured = its.dedupKey === undefined ? null : (matched(mail, its.dedupKey)?.trim() ?? null);
  if (captured !== null && captured !== "") return { key: captured, notes: [] };
  const notes = its.dedupKey === undefined ? [] : ["dedupKey: its pattern matches nothing of this mail; the subject is taken"];
  const key = its.dedupBy === "thread" ? firstOf(mail.thread, problem) : firstOf(problem, mail.thread);
  return { key: key ?? `mail-${digestOf(`${mail.from ?? ""}\n${mail.text}`)}`, notes };
}

function severityOf(mail: Mail, said: SubjectReading, its: Config): Severity {
  const rule = its.severities.find((each) => matched(mail, each) !== null);
  return rule?.severity ?? (its.stateWords ? said.severity : null) ?? "unknown";
}

function bodyOf({ text, attachments, cut }: Mail): string {
  const about = [
    ...(attachments.length === 0 ? [] : [`Attachments, not kept: ${attachments.join("; ")}`]),
    ...(cut ? ["Only the first part of this mail was read: it was too long."] : []),
  ];
  return [text.slice(0, 30_000), ...about].filter((part) => part !== "").join("\n\n");
}

function labelsOf(mail: Mail, its: Config): Record<string, string> {
  const labels: Record<string, string> = {};
  if (mail.from !== null) labels["from"] = mail.from;
  for (const [name, place] of Object.entries(its.labels)) {
    const value = matched(mail, place);
    if (value !== null && value !== "" && name !== "__proto__") labels[name] = value.slice(0, 1_024);
  }
  return labels;
}
