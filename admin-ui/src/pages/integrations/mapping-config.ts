// Owns the mapping as the form holds it: the source's config, its parts reached without trusting what is stored, blanks left out.

export type Config = Readonly<Record<string, unknown>>;

export function textIn(config: Config, field: string): string {
  const value = config[field];
  return typeof value === "string" ? value : "";
}

export function withText(config: Config, field: string, text: string): Config {
  const { [field]: _, ...rest } = config;
  return text === "" ? rest : { ...rest, [field]: text };
}

/** A map of texts as rows: while one is typed its name may be empty, or the same as another's. */
export function pairsIn(config: Config, field: string): readonly (readonly [string, string])[] {
  const value = config[field];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([name, text]) => [name, typeof text === "string" ? text : ""] as const);
}

export function withPairs(config: Config, field: string, pairs: readonly (readonly [string, string])[]): Config {
  const { [field]: _, ...rest } = config;
  const whole = pairs.filter(([name, text]) => name.trim() !== "" && text !== "");
  return whole.length === 0 ? rest : { ...rest, [field]: Object.fromEntries(whole.map(([name, text]) => [name.trim(), text])) };
}

export interface Link {
  readonly href: string;
  readonly text: string;
}

export function linksIn(config: Config): readonly Link[] {
  const value = config["links"];
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => {
    const { href = "", text = "" } = (typeof each === "object" && each !== null ? each : {}) as Partial<Link>;
    return { href, text };
  });
}

export function withLinks(config: Config, links: readonly Link[]): Config {
  const { links: _, ...rest } = config;
  const whole = links.filter(({ href }) => href !== "");
  if (whole.length === 0) return rest;
  return { ...rest, links: whole.map(({ href, text }) => (text === "" ? { href } : { href, text })) };
}

export interface Proof {
  readonly by: "usual" | "header" | "query" | "signature";
  readonly name: string;
  readonly algorithm: string;
  readonly encoding: string;
  readonly prefix: string;
  readonly timestamp: string;
}

export function proofIn(config: Config): Proof {
  const stored = (typeof config["proof"] === "object" && config["proof"] !== null ? config["proof"] : {}) as Record<
    string,
    unknown
  >;
  const text = (field: string): string => (typeof stored[field] === "string" ? stored[field] : "");
  const timed = stored["timestamp"] as { readonly header?: string } | undefined;
  const by =
    text("by") === "signature" ? "signature" : text("header") !== "" ? "header" : text("query") !== "" ? "query" : "usual";
  return {
    by,
    name: text("header") || text("query"),
    algorithm: text("algorithm") || "sha256",
    encoding: text("encoding") || "hex",
    prefix: text("prefix"),
    timestamp: timed?.header ?? "",
  };
}

export function withProof(config: Config, { by, name, algorithm, encoding, prefix, timestamp }: Proof): Config {
  const { proof: _, ...rest } = config;
  if (by === "usual") return rest;
  if (by !== "signature") return { ...rest, proof: { by: "secret", [by]: name } };
  const timed = timestamp === "" ? {} : { timestamp: { header: timestamp } };
  return { ...rest, proof: { by, header: name, algorithm, encoding, ...(prefix === "" ? {} : { prefix }), ...timed } };
}
