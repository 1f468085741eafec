// Owns the tenant's own plugins over HTTP: checked before they are kept, and said in full why not.

import { principalName } from "../../auth/principal.ts";
import type { KitReport, OwnFixture, OwnFixtures } from "../../../plugins/kit/kit.ts";
import type { BodyKind } from "../../../plugins/sdk/index.ts";
import { limits } from "../../core/limits.ts";
import { compileOwn, type Language } from "../../own-plugins/compile.ts";
import { checkOwn, inSandbox, SandboxDarkError, tryOwn } from "../../own-plugins/kit.ts";
import { sandboxMissing, standingOf, tryAgain } from "../../sandbox/run.ts";
import { alertJson } from "../../simulate/shapes.ts";
import { dbFor } from "../../store/db.ts";
import { uploadOf, type OwnUpload } from "../../store/own-plugins.ts";
import { loadTenant } from "../../store/tenant.ts";
import { fromStored, type Definitions, type OwnPluginDefinition, type OwnPluginVersion } from "../../tenant/definitions.ts";
import * as own from "../../tenant/own-plugins.ts";
import { ApiError } from "../error.ts";
import type { Call, Handler } from "../mount.ts";
import { iso } from "../shapes.ts";

const bound = limits.ownPlugins;
const notYet =
  "saved, not yet in force: the tenant's directory, by which alerts are read, has not confirmed it. Alerts are read as before; the hub tries again each minute";
const idForm = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;

function pluginJson(call: Call, plugin: OwnPluginDefinition, usedBy: readonly string[]): Record<string, unknown> {
  const { id, name, off, active, versions } = plugin;
  return { id, name, off, active, usedBy, versions: versions.toReversed().map((each) => versionJson(call, each, active)) };
}

function versionJson(
  { params, now }: Call,
  { version, hash, language, note, by, at }: OwnPluginVersion,
  active: number | null,
): Record<string, unknown> {
  const { broken, restsUntil } = standingOf(params["tenant"] ?? "", hash, now);
  const rests = restsUntil === null ? null : iso(restsUntil);
  return { version, hash, language, note, by, at: iso(at), active: version === active, broken, restsUntil: rests };
}

async function definitionsOf({ env, params }: Call): Promise<Definitions> {
  const tenant = params["tenant"] ?? "";
  const stored = await loadTenant(dbFor(env, tenant), tenant);
  if (stored === null) throw nothingHere();
  return fromStored(stored);
}

function nothingHere(): ApiError {
  return new ApiError("not-found", "there is nothing at this address");
}

async function pluginOf(call: Call): Promise<{ readonly plugin: OwnPluginDefinition; readonly all: Definitions }> {
  const all = await definitionsOf(call);
  const plugin = all.ownPlugins.find((each) => each.id === call.params["id"]);
  if (plugin === undefined) throw nothingHere();
  return { plugin, all };
}

export const listOwnPlugins: Handler = async (call) => {
  const all = await definitionsOf(call);
  const sorted = all.ownPlugins.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
  const items = sorted.map((each) => pluginJson(call, each, own.usedBy(all, each.id)));
  return call.c.json({ items, next: null, unavailable: sandboxMissing(call.env) });
};

export const getOwnPlugin: Handler = async (call) => {
  const { plugin, all } = await pluginOf(call);
  return call.c.json(pluginJson(call, plugin, own.usedBy(all, plugin.id)));
};

interface Upload {
  readonly code: string;
  readonly language: Language;
  readonly fixtures: readonly OwnFixture[];
  readonly pairs: OwnFixtures["pairs"];
  readonly name?: string;
  readonly note: string;
  readonly activate: boolean;
  readonly dryRun: boolean;
}

export const uploadOwnPlugin: Handler = async (call) => {
  const { env, c, now } = call;
  const { tenant = "", id = "" } = call.params;
  if (!idForm.test(id)) throw invalid("id", "lower-case letters, digits and hyphens, at most 64 of them", "path");
  const all = await definitionsOf(call);
  const { code: source, language, fixtures, pairs, name, note, activate, dryRun } = call.body as unknown as Upload;
  const compiled = await compileOwn(source, language);
  if (!compiled.ok) {
    const { message, line, column } = compiled.error;
    const place = line === null ? "" : ` (line ${line}${column === null ? "" : `, column ${column}`})`;
    throw new ApiError("invalid", `code: ${message}${place}`, {
      errors: [
        {
          in: "body",
          path: "code",
          message: `${message}${place}`,
          ...(line === null ? {} : { line }),
          ...(column === null ? {} : { column }),
        },
      ],
    });
  }
  const { code, hash } = compiled;
  if (code.length > limits.sandbox.codeCharsMax)
    throw invalid("code", `${code.length} characters run of it, at most ${limits.sandbox.codeCharsMax} may: make it shorter`);
  const report = shown(await dark(checkOwn(inSandbox(env, tenant), { hash, code }, { fixtures, pairs })));
  if (!report.passed) throw refused(report, fixtures);
  if (dryRun) return c.json({ version: null, report: reportJson(report) });
  const texts: Omit<OwnUpload, "upload" | "at"> = { hash, source, code, fixtures: { fixtures, pairs }, report };
  const jurisdiction = all.settings.jurisdiction ?? null;
  const input = { tenant, id, actor: principalName(call.principal), name: name ?? null, language, note, activate };
  const done = settled(await stored(own.uploadOwn(env, { ...input, jurisdiction, texts }, now)));
  if (done.plugin === null) throw new ApiError("unavailable", "the plugin could not be stored; try again");
  const version = done.plugin.versions.at(-1)?.version ?? null;
  const pending = done.inForce ? {} : { detail: notYet };
  return c.json(
    { version, report: reportJson(report), plugin: pluginJson(call, done.plugin, done.usedBy), ...pending },
    done.inForce ? 201 : 202,
  );
};

/** Long lists of alerts are told in part. */
function shown(report: KitReport): KitReport {
  return { ...report, readings: report.readings.map((each) => ({ ...each, alerts: each.alerts.slice(0, bound.alertsShown) })) };
}

function reportJson({ passed, checks, readings }: KitReport): Record<string, unknown> {
  return { passed, checks, readings: readings.map((each) => ({ ...each, alerts: each.alerts.map(alertJson) })) };
}

/** A check of one fixture names it by its place in the body, one of all of them the code. */
function refused(report: KitReport, fixtures: readonly OwnFixture[]): ApiError {
  const errors = report.checks
    .filter((each) => each.passed === false)
    .map(({ check, reason, fixture, line }) => {
      const i = fixtures.findIndex((each) => each.name === fixture);
      const path = i >= 0 ? `fixtures[${i}]${check === "golden" ? ".golden" : ""}` : check === "pairs" ? "pairs" : "code";
      const message = `${check}${fixture === null ? "" : `, ${fixture}`}: ${reason}`;
      return { in: "body", path, message, ...(line === null ? {} : { line }) };
    });
  return new ApiError("invalid", `the contract kit refuses it: ${errors[0]?.message ?? ""}; nothing was kept`, {
    errors,
    report: reportJson(report),
  });
}

/** Without a sandbox nothing can be said of it. */
async function dark<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SandboxDarkError) throw new ApiError("unavailable", `nothing was checked: ${error.message}`);
    throw error;
  }
}

async function versionOf(
  call: Call,
): Promise<{ readonly version: OwnPluginVersion; readonly plugin: OwnPluginDefinition; readonly upload: OwnUpload }> {
  const { plugin } = await pluginOf(call);
  const version = plugin.versions.find((each) => String(each.version) === call.params["version"]);
  const tenant = call.params["tenant"] ?? "";
  const upload = version === undefined ? null : await uploadOf(dbFor(call.env, tenant), tenant, plugin.id, version.upload);
  if (version === undefined || upload === null) throw nothingHere();
  return { version, plugin, upload };
}

export const getOwnPluginVersion: Handler = async (call) => {
  const { version, plugin, upload } = await versionOf(call);
  return call.c.json({
    ...versionJson(call, version, plugin.active),
    code: upload.source,
    // Written by uploadOwnPlugin.
    ...(upload.fixtures as OwnFixtures),
    report: reportJson(upload.report as KitReport),
  });
};

export const tryOwnPlugin: Handler = async (call) => {
  const { upload } = await versionOf(call);
  const given = call.body as unknown as {
    body: string;
    headers: Record<string, string>;
    settings: Record<string, unknown>;
    format: BodyKind;
  };
  const run = inSandbox(call.env, call.params["tenant"] ?? "");
  const body = new TextEncoder().encode(given.body);
  const { unreadable, line, alerts } = await dark(tryOwn(run, upload, { ...given, body }));
  return call.c.json({ unreadable, line, total: alerts.length, alerts: alerts.slice(0, bound.alertsShown).map(alertJson) });
};

export const activateOwnPlugin: Handler = async (call) => {
  const number = call.body["version"] as number;
  const work = own.activateOwn(call.env, { ...who(call), version: number }, call.now);
  return answer(
    call,
    work.then((result) => {
      // Whoever puts it in use wants it tried, though it rests.
      const made = result.kind === "done" ? result.plugin?.versions.find((each) => each.version === number) : undefined;
      if (made !== undefined) tryAgain(call.params["tenant"] ?? "", made.hash);
      return result;
    }),
  );
};

export const changeOwnPlugin: Handler = (call) => {
  const { off, name } = call.body as { off?: boolean; name?: string };
  return answer(
    call,
    off === undefined
      ? own.renameOwn(call.env, { ...who(call), name: name ?? "" }, call.now)
      : own.switchOwn(call.env, { ...who(call), off }, call.now),
  );
};

export const deleteOwnPlugin: Handler = (call) => answer(call, own.deleteOwn(call.env, who(call), call.now));

async function answer(call: Call, work: Promise<own.OwnResult>): Promise<Response> {
  const { plugin, usedBy, inForce } = settled(await stored(work));
  if (plugin === null && inForce) return call.c.body(null, 204);
  const pending = inForce ? {} : { detail: notYet };
  return call.c.json({ ...(plugin === null ? {} : pluginJson(call, plugin, usedBy)), ...pending }, inForce ? 200 : 202);
}

function who({ principal, params }: Call): own.OwnInput {
  return { tenant: params["tenant"] ?? "", id: params["id"] ?? "", actor: principalName(principal) };
}

function stored(work: Promise<own.OwnResult>): Promise<own.OwnResult> {
  return work.catch((error: unknown) => {
    console.error("could not change an own plugin", String(error));
    throw new ApiError("unavailable", "the plugin could not be stored; nothing changed, try again");
  });
}

function settled(result: own.OwnResult): Extract<own.OwnResult, { kind: "done" }> {
  switch (result.kind) {
    case "done":
      return result;
    case "absent":
      throw nothingHere();
    case "no-version":
      throw invalid("version", `there is no such version: name one of ${result.has.join(", ")}`);
    case "used":
      throw new ApiError(
        "conflict",
        `nothing was changed: ${result.by.join(", ")} would have nothing to read by. Let them name another plugin, or delete them, first`,
        {
          usedBy: result.by.map((id) => ({ kind: "integrations", id, path: "config.plugin", message: "it runs this plugin" })),
        },
      );
    case "full":
    case "invalid":
      throw new ApiError("conflict", result.message);
    case "busy":
      throw new ApiError("unavailable", "too many changes of this tenant at once; nothing changed, try again");
  }
}

function invalid(path: string, message: string, where: "body" | "path" = "body"): ApiError {
  return new ApiError("invalid", `${path}: ${message}`, { errors: [{ in: where, path, message }] });
}
