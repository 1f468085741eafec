// Owns how pages reach me: my contacts with a test and the last page of each, my rules in words.

import type { JSX } from "preact";
import { Link } from "wouter-preact";
import { durationMs, durationText } from "../../design/duration.tsx";
import { call, tenant } from "../../lib/api.ts";
import { lazy } from "../../lib/lazy.tsx";
import { said } from "../../lib/messages.ts";
import { useKept } from "../../lib/offline/use-kept.ts";
import { useRead } from "../../lib/query.ts";
import { allowed } from "../../lib/session.ts";
import type { Rule } from "../../lib/shapes-oncall.ts";
import { Contacts } from "../people/contacts.tsx";
import { words } from "./words.ts";
import "../people/people.css";

/** Drawn when it is there: the pages above do not wait for it. The service worker keeps it along. */
const Devices = lazy(async () => ({ default: (await import("../people/devices.tsx")).Devices }));

const pagesRead = 50;

export function Me({ me }: { readonly me: string }): JSX.Element | null {
  const w = said(words);
  const user = useKept(`users/${me}`, () => call("getUser", { id: me })).data?.data ?? null;
  const pages = useRead("deliveries/mine", async () =>
    allowed("listDeliveries") ? call("listDeliveries", { query: { user: me, limit: pagesRead } }) : null,
  );
  if (user === null) return null;
  const lastOf = (contact: string) => {
    const found = pages.data?.items.find((each) => each.contact === contact || each.contact?.startsWith(`${contact}.`));
    return found === undefined ? null : { at: found.attempts.at(-1)?.at ?? found.sentAt, status: found.status };
  };
  return (
    <>
      <Devices user={me} />
      <Contacts user={user} mayChange lastOf={lastOf} />
      <section class="card" aria-labelledby="my-rules">
        <header>
          <h2 id="my-rules">{w.rules}</h2>
          <Link class="button small" href={`/t/${tenant.value ?? ""}/people/${me}`}>
            {w.rulesEdit}
          </Link>
        </header>
        <dl class="body rules-words">
          {(["high", "low"] as const).map((urgency) => (
            <div key={urgency}>
              <dt>{w.rulesOf[urgency]}</dt>
              <dd>{rulesText(user.notify?.[urgency] ?? [], w)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

/** `at once by push, after 3 min by sms, until somebody acknowledges`. */
function rulesText(rules: readonly Rule[], w: (typeof words)["en"]): string {
  if (rules.length === 0) return w.rulesDefault;
  const msOf = (rule: Rule): number => durationMs(rule.after) ?? 0;
  const parts = rules
    .toSorted((a, b) => msOf(a) - msOf(b))
    .map((rule) => {
      const by = rule.contact === "*" ? w.rulesAll : rule.contact;
      return msOf(rule) === 0 ? w.rulesAtOnce(by) : w.rulesLater(durationText(rule.after), by);
    });
  return [...parts, w.rulesEnd].join(", ");
}
