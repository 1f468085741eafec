// Owns the check of the hub's own variables: once per isolate, loud at the first request, saying what to set.

import * as z from "zod";

const vars = z.object({
  TOCSIN_SECRET: z
    .string({ error: "TOCSIN_SECRET is not set: 32 random characters or more (openssl rand -base64 32)" })
    .min(32, "TOCSIN_SECRET must have at least 32 characters"),
  TOCSIN_PUBLIC_URL: z.url({
    protocol: /^https?$/,
    error: "TOCSIN_PUBLIC_URL must be the hub's http(s) address; links in pages point there",
  }),
  TOCSIN_ADMIN_TOKEN: z.string().min(16, "TOCSIN_ADMIN_TOKEN must have at least 16 characters").optional(),
  // Push services refuse every message under a contact that is none: better to hear it at the start than at the first page.
  TOCSIN_PUSH_CONTACT: z
    .string()
    .regex(
      /^(mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/[^\s<>]+)$/,
      "TOCSIN_PUSH_CONTACT must be mailto:somebody@example.com or an https address",
    )
    .optional(),
});

let checked: string[] | null = null;

/** What is wrong with the hub's variables, in sentences; empty when all is well. */
export function configProblems(env: Env): readonly string[] {
  checked ??=
    vars
      .safeParse({
        TOCSIN_SECRET: env.TOCSIN_SECRET,
        TOCSIN_PUBLIC_URL: env.TOCSIN_PUBLIC_URL,
        TOCSIN_ADMIN_TOKEN: env.TOCSIN_ADMIN_TOKEN,
        TOCSIN_PUSH_CONTACT: env.TOCSIN_PUSH_CONTACT === "" ? undefined : env.TOCSIN_PUSH_CONTACT,
      })
      .error?.issues.map((issue) => issue.message) ?? [];
  return checked;
}
