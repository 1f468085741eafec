// A key of a plugin's configuration that is written wrongly: that is what is said first, with the key that was meant.

import { expect, test } from "vitest";
import { connectors, notifiers, sources } from "../../plugins/registry.gen.ts";
import { checkDefinitions } from "../../worker/tenant/check.ts";
import { noDefinitions } from "../../worker/tenant/definitions.ts";
import { errorAt, parseDocument } from "../../worker/tenant/parse.ts";

function errorsOf(text: string): readonly { path: string; message: string; nearest?: string | undefined }[] {
  const parsed = parseDocument(text, "application/yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { document, placeOf } = parsed;
  const of = (kind: "connectors" | "notifiers" | "integrations"): unknown =>
    (document[kind] ?? []).map((each) => ({ ...each, secrets: {} }));
  const all = {
    ...noDefinitions,
    connectors: of("connectors"),
    notifiers: of("notifiers"),
    integrations: of("integrations"),
  } as unknown as typeof noDefinitions;
  return checkDefinitions(all, { sources, notifiers }).errors.map((each) =>
    errorAt(placeOf, each.path, each.message, each.nearest, each.inside),
  );
}

test("a connector's key in the wrong case comes before the one that is missing for it", () => {
  expect(connectors["jira"]).toBeDefined();
  const [first, ...more] = errorsOf(
    `tenant: a\nconnectors: [ { id: j, plugin: jira, on: [opened], config: { baseurl: "https://a.atlassian.net", project: OPS } } ]\n`,
  );
  expect(first).toMatchObject({
    path: "connectors[0].config.baseurl",
    message: "the plugin knows no key `baseurl`, did you mean `baseUrl`?",
    nearest: "baseUrl",
  });
  expect(more.map(({ path }) => path)).toContain("connectors[0].config.baseUrl");
});

test("so with a notifier's and an integration's", () => {
  const notifier = errorsOf("tenant: a\nnotifiers: [ { id: n, plugin: webhook, config: { Url: 'https://a.test/' } } ]\n");
  expect(notifier[0]?.path).toBe("notifiers[0].config.Url");
  const integration = errorsOf("tenant: a\nintegrations: [ { id: i, source: custom, config: { titel: '\"x\"' } } ]\n");
  expect(integration[0]).toMatchObject({ path: "integrations[0].config.titel", nearest: "title" });
});

test("a key that is like none is named without a guess", () => {
  const [first] = errorsOf("tenant: a\nintegrations: [ { id: i, source: custom, config: { somethingElse: 1 } } ]\n");
  expect(first?.message).toBe("the plugin knows no key `somethingElse`");
});
