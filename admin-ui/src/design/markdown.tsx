// Owns showing the Markdown of plugins' set-up texts: headings, paragraphs, lists, tables, code and links, as elements of ours.
// Nothing in a text becomes markup: what is not known is shown as it is written.

import type { JSX } from "preact";

type Block =
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "text"; readonly text: string };

/** The first heading is left out: the page has its own. */
export function Markdown({
  text,
  values = {},
}: {
  readonly text: string;
  readonly values?: Readonly<Record<string, string>>;
}): JSX.Element {
  const filled = Object.entries(values).reduce((whole, [name, value]) => whole.replaceAll(name, () => value), text);
  return <div class="stack markdown">{blocksOf(filled.replace(/^\s*# .*\n/, "")).map((block, i) => one(block, i))}</div>;
}

function blocksOf(text: string): Block[] {
  const lines = text.split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? "";
    const take = (fits: (line: string) => boolean): string[] => {
      const begin = at;
      while (at < lines.length && fits(lines[at] ?? "")) at++;
      return lines.slice(begin, at);
    };
    if (line.trim() === "") at++;
    else if (line.startsWith("```")) {
      at++;
      blocks.push({ kind: "code", text: take((each) => !each.startsWith("```")).join("\n") });
      at++;
    } else if (/^#{1,6} /.test(line)) {
      blocks.push({ kind: "heading", text: line.replace(/^#+ /, "") });
      at++;
    } else if (line.startsWith("|")) {
      const rows = take((each) => each.startsWith("|")).filter((each) => !/^\|[\s:|-]+\|$/.test(each));
      blocks.push({ kind: "table", rows: rows.map(cellsOf) });
    } else if (/^(-|\d+\.) /.test(line)) {
      const items: string[] = [];
      for (const each of take((next) => /^(-|\d+\.) /.test(next) || /^\s+\S/.test(next)))
        if (/^(-|\d+\.) /.test(each)) items.push(each.replace(/^(-|\d+\.) /, ""));
        else items.push(`${items.pop() ?? ""} ${each.trim()}`);
      blocks.push({ kind: "list", items });
    } else {
      const lead = line;
      at++;
      const more = take((each) => each.trim() !== "" && !/^(```|#{1,6} |\||(-|\d+\.) )/.test(each));
      blocks.push({ kind: "text", text: [lead, ...more].join(" ") });
    }
  }
  return blocks;
}

function cellsOf(line: string): string[] {
  return line
    .replaceAll("\\|", "\u0000")
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.replaceAll("\u0000", "|").trim());
}

function one(block: Block, key: number): JSX.Element {
  switch (block.kind) {
    case "code":
      return (
        <pre key={key} class="raw" tabIndex={0}>
          {block.text}
        </pre>
      );
    case "heading":
      return <h3 key={key}>{inline(block.text)}</h3>;
    case "list":
      return (
        <ul key={key} class="bullets">
          {block.items.map((item, i) => (
            <li key={i}>{inline(item)}</li>
          ))}
        </ul>
      );
    case "table": {
      const [head = [], ...rows] = block.rows;
      return (
        <div key={key} class="scroll-x" role="region" aria-label={head.join(", ")} tabIndex={0}>
          <table class="table">
            <thead>
              <tr>
                {head.map((cell, i) => (
                  <th key={i} scope="col">
                    {inline(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, r) => (
                <tr key={r}>
                  {row.map((cell, i) => (
                    <td key={i}>{inline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case "text":
      return <p key={key}>{inline(block.text)}</p>;
  }
}

/** Code, bold and links; a link only where it leads to https. */
function inline(text: string): (JSX.Element | string)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/).map((part, i) => {
    if (part.startsWith("`") && part.length > 2) return <code key={i}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**") && part.length > 4) return <strong key={i}>{part.slice(2, -2)}</strong>;
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    if (link === null) return part;
    // What stands beside the text in the repository is nowhere here: its words stay.
    if (!(link[2] ?? "").startsWith("https:")) return link[1] ?? part;
    return (
      <a key={i} href={link[2]} target="_blank" rel="noreferrer">
        {link[1]}
      </a>
    );
  });
}
