// Owns reading a body that is XML into what JSON would have been: elements by their local names, attributes under "@name", the text
// of an element that has more than text under "#text", repeated elements as a list; every value a text. No document type, and so no
// entity but XML's own five and numbers.

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { limits } from "../core/limits.ts";
import type { Parsed } from "./body.ts";

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: "#text",
  removeNSPrefix: true,
  allowBooleanAttributes: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  htmlEntities: false,
  maxNestedTags: limits.ingest.jsonDepthMax,
});

export function parseXml(text: string): Parsed {
  const xml = text.replace(/^\ufeff/, "").trim();
  if (!xml.startsWith("<")) return { ok: false, reason: "not XML: it does not begin with <" };
  if (/<!DOCTYPE/i.test(xml)) return { ok: false, reason: "an XML document type is not read" };
  try {
    const valid = XMLValidator.validate(xml, { allowBooleanAttributes: true });
    if (valid !== true) return { ok: false, reason: `not XML: ${valid.err.msg.slice(0, 120)} (line ${valid.err.line})` };
    return { ok: true, payload: parser.parse(xml) as unknown };
  } catch (error) {
    return { ok: false, reason: `not XML: ${error instanceof Error ? error.message.slice(0, 120) : "unreadable"}` };
  }
}
