// Owns whom an event of a calendar means: its attendees by address, else whoever its title names.

import type { Id } from "../snapshot.ts";
import { plainText, type Component } from "./ical-lines.ts";

export interface KnownPerson {
  readonly id: Id;
  readonly name: string;
  readonly email: string | null;
}

/** Attendees who did not decline; where none of them is known, the people the title names. Each once. */
export function peopleOf(event: Component, people: readonly KnownPerson[]): Id[] {
  const attending = event.properties
    .filter((each) => each.name === "ATTENDEE" && each.params["PARTSTAT"]?.toUpperCase() !== "DECLINED")
    .flatMap(({ value, params }) => {
      const address = (params["EMAIL"] ?? value.replace(/^mailto:/i, "")).trim();
      return people.filter((person) => same(person.email, address)).map((person) => person.id);
    });
  if (attending.length > 0) return [...new Set(attending)];
  const title = plainText(event.properties.find((each) => each.name === "SUMMARY")?.value ?? "");
  return [...new Set(namedIn(title, people))];
}

/** The whole title is a name, or a list of them: "Ana Ruiz", "@ana, bo@acme.test", "On call: Ana & Bo". */
function namedIn(title: string, people: readonly KnownPerson[]): Id[] {
  const whole = matching(title, people);
  if (whole.length > 0) return whole;
  return title.split(/[,;&+/:|\n]|\s(?:and|und|y|et|-|–)\s/i).flatMap((part) => matching(part, people));
}

function matching(text: string, people: readonly KnownPerson[]): Id[] {
  const bare = text.trim().replace(/^@/, "");
  if (bare === "") return [];
  return people.filter(({ id, name, email }) => same(id, bare) || same(name, bare) || same(email, bare)).map(({ id }) => id);
}

function same(a: string | null, b: string): boolean {
  return a !== null && a.toLowerCase() === b.toLowerCase();
}
