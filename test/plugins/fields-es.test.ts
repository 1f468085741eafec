// The forms of plugins in Spanish: every field of a notifier or a connector, and of what three sources or more share, has its
// label and its description there. Whoever adds one adds its words to admin-ui/src/design/schema-es.ts.

import { expect, test } from "vitest";
import * as z from "zod";
import { descriptionInSpanish, labelInSpanish } from "../../admin-ui/src/design/schema-es.ts";
import { connectors, notifiers, sources } from "../../plugins/registry.gen.ts";

interface Field {
  readonly plugin: string;
  readonly name: string;
  readonly description: string | undefined;
}

type WithForms = { readonly manifest: { readonly id: string }; readonly config: z.ZodType; readonly secrets?: z.ZodType };

function fieldsOf(plugins: readonly WithForms[]): Field[] {
  return plugins.flatMap(({ manifest, config, secrets }) =>
    [config, secrets].flatMap((form) => {
      if (form === undefined) return [];
      const { properties = {} } = z.toJSONSchema(form, { io: "input", unrepresentable: "any" });
      return Object.entries(properties).map(([name, field]) => ({
        plugin: manifest.id,
        name,
        description: typeof field === "object" ? field.description : undefined,
      }));
    }),
  );
}

const people = fieldsOf([...Object.values(notifiers), ...Object.values(connectors)] as readonly WithForms[]);
const ofSources = fieldsOf(Object.values(sources) as readonly WithForms[]);
const shared = ofSources.filter(
  ({ name, plugin }) =>
    new Set(
      ofSources
        .filter((each) => each.name === name)
        .map((each) => each.plugin)
        .concat(plugin),
    ).size >= 3,
);

/** A plugin that was just added may be ahead of its words: its form is English there, and this says so. */
const behindMax = 0.1;

function behind(what: string, all: readonly Field[], isBehind: (field: Field) => boolean): number {
  const found = all.filter(isBehind);
  for (const { plugin, name, description } of found) console.warn(`no Spanish ${what}: ${plugin} ${name}: ${description ?? ""}`);
  return found.length / all.length;
}

test("the fields of the notifiers and connectors, and what sources share, have Spanish labels", () => {
  expect(people.length).toBeGreaterThan(30);
  expect(behind("label", people, ({ name }) => labelInSpanish(name) === null)).toBeLessThan(behindMax);
  expect(shared.filter(({ name }) => labelInSpanish(name) === null)).toEqual([]);
});

test("the descriptions of the notifiers' and connectors' fields have Spanish ones; an unknown text stays as it is", () => {
  const described = people.filter(({ description }) => description !== undefined);
  expect(
    behind("description", described, ({ description = "" }) => descriptionInSpanish(description) === description),
  ).toBeLessThan(behindMax);
  expect(descriptionInSpanish("nobody wrote this yet")).toBe("nobody wrote this yet");
});
