import { element } from "../dom.js";

const kinds = [
  ["comment", String.raw`\/\/.*|\/\*[\s\S]*?\*\/`],
  ["string", String.raw`"(?:[^"\\\n]|\\.)*"|\x60(?:[^\x60\\]|\\.)*\x60`],
  [
    "keyword",
    String.raw`\b(?:import|export|from|as|const|let|function|return|for|of|in|if|else|async|await|yield|interface|type|typeof|readonly|new|null|true|false|undefined)\b`,
  ],
  ["type", String.raw`\b[A-Z]\w*\b`],
  ["number", String.raw`\b\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b`],
] as const;
const pattern = new RegExp(kinds.map(([kind, text]) => `(?<${kind}>${text})`).join("|"), "g");

/** TypeScript in colours: enough for reading what the compiler wrote, whose form is known. */
export function colored(code: string): (Node | string)[] {
  const pieces: (Node | string)[] = [];
  let at = 0;
  for (const found of code.matchAll(pattern)) {
    const kind = kinds.find(([name]) => found.groups?.[name] !== undefined)?.[0];
    pieces.push(code.slice(at, found.index), element("span", { class: `code-${kind}` }, found[0]));
    at = found.index + found[0].length;
  }
  return [...pieces, code.slice(at)];
}
