// Owns the integration's config: who may send, what a mail means, what tells one problem from another.

import * as z from "zod";
import { linearPattern } from "../../sdk/index.ts";

const pattern = z
  .string()
  .min(1)
  .max(500)
  .superRefine((text, context) => {
    try {
      linearPattern(text);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : "not a regular expression" });
    }
  })
  .describe("A regular expression (RE2); (?i) at its start ignores case");

const place = {
  in: z.enum(["subject", "body", "from", "header"]).default("subject"),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,128}$/, "a header's name")
    .toLowerCase()
    .optional()
    .describe("Which one, with in: header"),
  pattern,
};

const named = (part: { in: string; header?: string | undefined }): boolean =>
  (part.in === "header") === (part.header !== undefined);
const namedSays = "in: header and header: NAME belong together";

const rule = z.strictObject({ ...place, do: z.enum(["trigger", "acknowledge", "resolve", "ignore"]) }).refine(named, namedSays);
const severityRule = z
  .strictObject({ ...place, severity: z.enum(["critical", "error", "warning", "info"]) })
  .refine(named, namedSays);
const capture = z.strictObject(place).refine(named, namedSays);

const sender = z
  .string()
  .max(254)
  .regex(
    /^(?:[^@\s]+@)?(?:\*\.)?[^@\s*]+\.[^@\s*]+$/,
    "an address (alerts@example.com), a domain (example.com) or its subdomains (*.example.com)",
  )
  .toLowerCase();

export const config = z.strictObject({
  allow: z
    .array(sender)
    .max(200)
    .default([])
    .describe("Who may send, by the From of the mail: addresses, domains, *.domains; empty: everybody who knows the address"),
  authenticated: z
    .strictObject({
      by: z.enum(["dmarc", "dkim", "spf"]).default("dmarc"),
      server: z
        .string()
        .min(1)
        .max(254)
        .toLowerCase()
        .describe(
          "Whose Authentication-Results are believed: the receiving server's own name, which stands first in that header",
        ),
    })
    .optional()
    .describe("Takes only mail that the receiving server has found to be from the domain it says it is from"),
  rules: z
    .array(rule)
    .max(32)
    .default([])
    .describe("The first that matches says what is done; none: the state words, then `otherwise`"),
  stateWords: z
    .boolean()
    .default(true)
    .describe(
      'Reads RESOLVED, RECOVERY, OK, UP, ACKNOWLEDGED … where they begin the subject, stand in brackets or after a last "is"',
    ),
  otherwise: z.enum(["trigger", "ignore"]).default("trigger").describe("When nothing says what a mail means"),
  dedupKey: capture
    .optional()
    .describe(
      "What tells one problem from another: the pattern's first group, else all of what it matched; without it the subject",
    ),
  dedupBy: z
    .enum(["subject", "thread"])
    .default("subject")
    .describe("Without a capture: the subject without Re:, Fwd: and state words, or the first mail of the thread"),
  severities: z.array(severityRule).max(32).default([]).describe("The first that matches; none: the state word of the subject"),
  labels: z
    .record(z.string().min(1).max(128), capture)
    .refine((labels) => Object.keys(labels).length <= 16, "at most 16 labels")
    .default({})
    .describe("Labels by capture, for routes"),
  lists: z.enum(["ignore", "take"]).default("ignore").describe("What came through a mailing list"),
});
export type Config = z.infer<typeof config>;
