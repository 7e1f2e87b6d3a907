/** Colours for a text as it is typed, line by line; what names mean is the language server's to say. */
import { StreamLanguage, type StreamParser } from "@codemirror/language";

const keywords = new Set([
  ...[
    "import",
    "from",
    "fn",
    "where",
    "when",
    "if",
    "then",
    "else",
    "repeat",
    "param",
    "return",
    "yield",
    "attend",
    "scan",
  ],
  ...[
    "rearrange",
    "outer",
    "block",
    "model",
    "task",
    "mask",
    "score",
    "config",
    "check",
    "train",
    "generate",
    "weights",
  ],
  ...[
    "quantize",
    "prune",
    "on",
    "as",
    "over",
    "state",
    "loss",
    "layout",
    "leaf",
    "ignore",
    "carry",
    "prefix",
    "input",
    "output",
  ],
  ...["type", "expect", "is"],
]);
/** Words that are keywords only at the beginning of a line or of a declaration's head. */
const types = new Set(["f32", "f16", "bf16", "i32", "bool", "string"]);
const atoms = new Set(["true", "false", "null", "inf"]);

const parser: StreamParser<null> = {
  name: "tfm",
  startState: () => null,
  token: (stream) => {
    if (stream.eatSpace()) return null;
    if (stream.match(/^##.*/)) return "docComment";
    if (stream.match(/^#.*/)) return "lineComment";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?/)) return "number";
    if (stream.match(/^@\w+/)) return "variableName.special";
    if (stream.match(/^(?:\|>|->|:=|\+=|\*=|==|!=|<=|>=|\/\/|\.\.|[=<>+\-*/%^|&!])/)) return "operator";
    const [name] = matched(stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u));
    if (name === undefined) {
      stream.next();
      return "punctuation";
    }
    if (stream.match(/^(?:\[[^\]\n]*\])?\s*:(?!=)(?=\s*[A-Z])/, false)) return "labelName";
    if (/^[A-Z]/.test(name)) return "className";
    if (types.has(name)) return "typeName";
    if (atoms.has(name)) return "atom";
    if (keywords.has(name) && !stream.match(/^\s*[:=](?!=)/, false)) return "keyword";
    return stream.match(/^\(/, false) ? "variableName.function" : "variableName";
  },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
};

const matched = (found: RegExpMatchArray | boolean | null): readonly (string | undefined)[] =>
  typeof found === "object" && found !== null ? found : [];

export const tfm = StreamLanguage.define(parser);
