// Owns the plugin that somebody begins with: whole, and passed by the kit (test/e2e/ui-setup.mjs uploads it).

export const exampleCode = `import { alertOf, firstOf, isRecord, UnreadableError } from "tocsin/sdk";

export const plugin = {
  normalize({ payload }) {
    const door = isRecord(payload) ? firstOf(payload["door"]) : null;
    if (door === null) throw new UnreadableError("an event of a door names it");
    const shut = payload["state"] === "shut";
    return [
      alertOf({
        source: "acme-door",
        dedupKey: door,
        action: shut ? "resolve" : "trigger",
        severity: "error",
        title: \`Door \${door} is \${shut ? "shut" : "open"}\`,
      }),
    ];
  },
};
`;

export const exampleFixtures = `{
  "fixtures": [
    { "name": "open", "body": { "door": "north", "state": "open" }, "golden": [{ "action": "trigger" }] },
    { "name": "shut", "body": { "door": "north", "state": "shut" } }
  ],
  "pairs": [["open", "shut"]]
}
`;
