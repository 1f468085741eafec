// Owns the contract of the plugins that a tenant writes itself: uploaded, checked by the contract kit, versioned, put in use, taken
// back, switched off.

import * as z from "zod";
import { limits } from "../../core/limits.ts";
import { t, type Endpoint } from "./endpoint.ts";

const bound = limits.ownPlugins;
const all = `${t}/own-plugins`;
const format = z.enum(["any", "json", "form", "xml", "text"]).default("any").describe("How a body is written");
const headers = z.record(z.string().max(128), z.string().max(4_096));
const settings = z.record(z.string().max(128), z.json()).describe("What the plugin is given as `config`");
const fixtureName = z.string().min(1).max(64);

const fixture = z.strictObject({
  name: fixtureName,
  about: z.string().max(500).optional(),
  headers: headers.optional(),
  settings: settings.optional(),
  format: format.optional(),
  body: z.json().describe("Sent as it is when it is a text, else as JSON"),
  golden: z
    .union([z.array(z.record(z.string(), z.json())).max(50), z.literal("unreadable")])
    .optional()
    .describe("What it must become, in the fields named, or `unreadable`"),
});

const report = "report: {passed, checks: [{check, passed, reason, fixture, line}], readings: [{fixture, unreadable, alerts}]}";
const plugin = "{id, name, off, active, usedBy, versions: [{version, hash, language, note, by, at, active, broken, restsUntil}]}";
const written = { 200: plugin, 202: "Saved, not yet in force", 404: "No such plugin" };

export const ownPlugins = {
  listOwnPlugins: {
    method: "get",
    path: all,
    summary: "The source plugins that the tenant wrote itself",
    tenant: true,
    may: "admin",
    answers: { 200: `{items: [${plugin}], next, unavailable}; \`unavailable\`: why this hub cannot run any; null: it can` },
  },
  getOwnPlugin: {
    method: "get",
    path: `${all}/{id}`,
    summary: "One of them, with its versions",
    tenant: true,
    may: "admin",
    answers: { 200: plugin, 404: written[404] },
  },
  uploadOwnPlugin: {
    method: "post",
    path: `${all}/{id}/versions`,
    summary: "Upload code with fixtures: it is checked by the contract kit in the sandbox, and is a version if nothing is wrong",
    tenant: true,
    may: "admin",
    bodyBytesMax: bound.uploadBytesMax,
    body: z.strictObject({
      code: z
        .string()
        .min(1, "the plugin's text is missing")
        .max(bound.sourceCharsMax, `a plugin's text has at most ${bound.sourceCharsMax} characters`)
        .describe("One module that exports `plugin`"),
      language: z.enum(["typescript", "javascript"]).default("typescript"),
      fixtures: z
        .array(
          fixture.refine(
            (each) => JSON.stringify(each).length <= bound.fixtures.charsMax,
            `a fixture has at most ${bound.fixtures.charsMax} characters: cut its body`,
          ),
        )
        .min(1, "at least one body, so that there is something to check it by")
        .max(bound.fixtures.max, `there may be ${bound.fixtures.max} fixtures: leave some out`)
        .refine((list) => new Set(list.map((each) => each.name)).size === list.length, "two fixtures have one name")
        .refine(
          (list) => JSON.stringify(list).length <= bound.fixtures.allCharsMax,
          `all fixtures together have at most ${bound.fixtures.allCharsMax} characters`,
        ),
      pairs: z
        .array(z.tuple([fixtureName, fixtureName]))
        .max(bound.fixtures.max)
        .default([])
        .describe("Fixtures that are one problem: it fires, it ends"),
      name: z.string().trim().min(1).max(80).optional().describe("What people call it"),
      note: z.string().trim().max(bound.noteCharsMax).default("").describe("What is new in this version"),
      activate: z.boolean().default(false).describe("Put it in use at once"),
      dryRun: z.boolean().default(false).describe("Check it, and keep nothing"),
    }),
    answers: {
      201: `{version, report, plugin}`,
      200: `dryRun: {version: null, report}`,
      202: "Saved, not yet in force",
      409: "There are as many as there may be",
      422: `Errors with line and column, or a kit that did not pass: ${report}; nothing was kept`,
      503: "This hub cannot run plugins at the moment; nothing was checked",
    },
  },
  getOwnPluginVersion: {
    method: "get",
    path: `${all}/{id}/versions/{version}`,
    summary: "One version with its text, its fixtures and the kit's report",
    tenant: true,
    may: "admin",
    answers: { 200: `{version, hash, …, code, fixtures, pairs, report}`, 404: "No such plugin or version" },
  },
  tryOwnPlugin: {
    method: "post",
    path: `${all}/{id}/versions/{version}/try`,
    summary: "What a body becomes by this version; nothing is sent or stored",
    tenant: true,
    may: "admin",
    bodyBytesMax: bound.uploadBytesMax,
    body: z.strictObject({
      body: z.string().max(limits.ingest.bodyBytesMax),
      headers: headers.default({}),
      settings: settings.default({}),
      format,
    }),
    answers: {
      200: "{unreadable, line, total, alerts}; `line`: of the code that broke",
      404: "No such plugin or version",
      503: "This hub cannot run plugins at the moment",
    },
  },
  activateOwnPlugin: {
    method: "put",
    path: `${all}/{id}/active`,
    summary: "Put a version in use, an older one too: it runs wherever an integration names none. One that rests is tried again",
    tenant: true,
    may: "admin",
    body: z.strictObject({ version: z.int().min(1) }),
    answers: { ...written, 422: "There is no such version" },
  },
  changeOwnPlugin: {
    method: "patch",
    path: `${all}/{id}`,
    summary: "Switch it off or on, or call it otherwise. What comes in by one that is off is an unreadable alert, and kept",
    tenant: true,
    may: "admin",
    body: z
      .strictObject({ off: z.boolean(), name: z.string().trim().min(1).max(80) })
      .partial()
      .refine((given) => (given.off === undefined) !== (given.name === undefined), "either `off` or `name`"),
    answers: written,
  },
  deleteOwnPlugin: {
    method: "delete",
    path: `${all}/{id}`,
    summary: "Delete it with all its versions",
    tenant: true,
    may: "admin",
    answers: {
      204: "Gone",
      202: "Saved, not yet in force",
      404: "No such plugin",
      409: "Integrations use it; `usedBy` names them",
    },
  },
} as const satisfies Record<string, Endpoint>;
