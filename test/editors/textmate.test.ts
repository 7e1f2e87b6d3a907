import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, expect, test } from "vitest";
import { createOnigScanner, createOnigString, loadWASM } from "vscode-oniguruma";
import { INITIAL, Registry, parseRawGrammar, type IGrammar } from "vscode-textmate";
import { scan } from "../../grammar/scan.js";
import { isHardKeyword } from "../../grammar/tokens.js";
import { projectFiles } from "../tidy/files.js";

const grammars: Readonly<Record<string, string>> = {
  "source.tfm": "editors/vscode/syntaxes/tfm.tmLanguage.json",
  "markdown.tfm.codeblock": "editors/vscode/syntaxes/markdown.tmLanguage.json",
};

let grammar: IGrammar;

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");
  await loadWASM(readFileSync(wasm));
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: (name) => {
      const path = grammars[name];
      return Promise.resolve(path === undefined ? null : parseRawGrammar(readFileSync(path, "utf8"), path));
    },
  });
  const loaded = await registry.loadGrammar("source.tfm");
  if (!loaded) throw new Error("there is no grammar");
  grammar = loaded;
});

interface Colored {
  readonly text: string;
  readonly scope: string;
  readonly start: number;
}

/** Each piece of the text with its innermost scope. */
function colored(text: string): Colored[] {
  let state = INITIAL;
  let at = 0;
  return text.split("\n").flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    const pieces = tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scope: scopes.at(-1)?.replace(/\.tfm$/, "") ?? "",
      start: at + startIndex,
    }));
    at += line.length + 1;
    return pieces;
  });
}

const shown = (text: string): string[] =>
  colored(text)
    .filter(({ text: piece }) => piece.trim() !== "")
    .map(({ text: piece, scope }) => `${piece.trim()} ${scope}`);

test("a layer", () => {
  expect(shown("  x += x |> attn: Attention{heads, p: 0.1}(mask: causal)  # pre-norm")).toEqual([
    "x variable.other",
    "+= keyword.operator.assignment",
    "x variable.other",
    "|> keyword.operator.pipe",
    "attn variable.other.layer",
    ": punctuation.separator.label",
    "Attention entity.name.type.block",
    "{ source",
    "heads variable.other",
    ", source",
    "p variable.parameter",
    ": punctuation.separator.entry",
    "0.1 constant.numeric",
    "}( source",
    "mask variable.parameter",
    ": punctuation.separator.entry",
    "causal variable.other",
    ") source",
    "# pre-norm comment.line.number-sign",
  ]);
});

test("declarations, and rules of weights", () => {
  expect(
    shown('config gpt2 = GPT2{}\nweights GPT2 from "a/b" {\n  ignore "h.{i}.bias"\n}\nmask near = k <= q'),
  ).toEqual([
    "config storage.type.config",
    "gpt2 entity.name.constant.config",
    "= keyword.operator.assignment",
    "GPT2 entity.name.type.block",
    "{} source",
    "weights storage.type.weights",
    "GPT2 entity.name.type.block",
    "from keyword.other.from",
    '" string.quoted.double',
    "a/b string.quoted.double",
    '" string.quoted.double',
    "{ source",
    "ignore keyword.other.rule",
    '" string.quoted.double',
    "h. string.quoted.double",
    "{i} constant.other.placeholder",
    ".bias string.quoted.double",
    '" string.quoted.double',
    "} source",
    "mask storage.type.function",
    "near entity.name.function",
    "= keyword.operator.assignment",
    "k variable.other",
    "<= keyword.operator",
    "q variable.other",
  ]);
});

const kinds: readonly [string, RegExp][] = [
  ["upper", /entity\.name\.type/],
  ["number", /constant\.numeric/],
  ["string", /string|constant\.(other|character)/],
  ["|>", /keyword\.operator\.pipe/],
];

test.each(projectFiles.filter((path) => /^(examples|compiler\/std)\/.*\.tfm$/.test(path)))(
  "%s: words, names, numbers and strings are coloured as what they are",
  (path) => {
    const text = readFileSync(path, "utf8");
    const pieces = colored(text);
    const wrong = scan(text).tokens.flatMap((token) => {
      const piece = pieces.findLast(({ start }) => start <= token.start);
      const due =
        kinds.find(([kind]) => kind === token.kind)?.[1] ??
        (isHardKeyword(token.kind) ? /keyword|storage|constant\.language|support/ : undefined);
      return due && !due.test(piece?.scope ?? "") ? [`line ${token.line}: ${token.text} is ${piece?.scope}`] : [];
    });
    expect(wrong).toEqual([]);
  },
);
