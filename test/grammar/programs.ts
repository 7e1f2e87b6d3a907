/**
 * Random programs as text: every form of the grammar, soft keywords as names, needless parentheses, and blanks, line
 * breaks and comments wherever the language lets them stand.
 */
import fc from "fast-check";

/** A token, and whether it has to be on the line of the one before it, or to start one. */
interface Piece {
  readonly text: string;
  readonly place: "free" | "tight" | "line";
}

type Pieces = readonly Piece[];

const word = (text: string): Pieces => [{ text, place: "free" }];
const tight = (text: string): Pieces => [{ text, place: "tight" }];
const concat = (...parts: readonly Pieces[]): Pieces => parts.flat();

const lower = fc
  .constantFrom("a", "b", "x", "seq", "heads", "head_dim", "v_", "loss", "mask", "score", "state", "config", "task")
  .map(word);
const label = fc.constantFrom("h", "attn", "ln_1", "model", "output", "stack", "from").map(word);
const upper = fc.constantFrom("Linear", "LayerNorm", "GPT2").map(word);
const text = fc.constantFrom('"a.{i}.b"', '"say \\"hi\\""', '""', '"tab\\t\\u{1f600}"').map(word);
const number = fc.constantFrom("0", "1", "1_000", "6e-4", "1.0", "12").map(word);

/** Each on a line of its own, but for the first. */
function lines(parts: readonly Pieces[]): Pieces {
  return parts.flatMap((pieces, index) =>
    pieces.map((piece, place): Piece => (index > 0 && place === 0 ? { ...piece, place: "line" } : piece)),
  );
}

/** Items in commas, the last perhaps with one. */
function commas(item: fc.Arbitrary<Pieces>, minLength = 0, maxLength = 3): fc.Arbitrary<Pieces> {
  return fc.tuple(fc.array(item, { minLength, maxLength }), fc.boolean()).map(([items, trailing]) => {
    const parts = items.map((pieces, index) =>
      index < items.length - 1 || trailing ? [...pieces, ...word(",")] : pieces,
    );
    return parts.flat();
  });
}

function inside(open: Pieces, content: fc.Arbitrary<Pieces>, close: string): fc.Arbitrary<Pieces> {
  return content.map((pieces) => concat(open, pieces, word(close)));
}

function optional(pieces: fc.Arbitrary<Pieces>): fc.Arbitrary<Pieces> {
  return fc.option(pieces, { nil: [] });
}

function sequence(...parts: readonly (fc.Arbitrary<Pieces> | string)[]): fc.Arbitrary<Pieces> {
  const arbitraries = parts.map((part) => (typeof part === "string" ? fc.constant(word(part)) : part));
  return fc.tuple(...arbitraries).map((pieces) => pieces.flat());
}

const patternElement = fc.oneof(
  { weight: 1, arbitrary: fc.constant(word("1")) },
  { weight: 3, arbitrary: lower },
  { weight: 1, arbitrary: fc.constant(word("..")) },
  { weight: 1, arbitrary: sequence("(", optional(sequence(lower, ":")), lower, lower, ")") },
);
const pattern = fc.array(patternElement, { minLength: 1, maxLength: 4 }).map((elements) => elements.flat());

const { operation, expression, settings, body, type } = fc.letrec<
  Record<
    | "operation"
    | "expression"
    | "sum"
    | "atom"
    | "unary"
    | "settings"
    | "setting"
    | "apply"
    | "stage"
    | "item"
    | "arguments"
    | "statement"
    | "body"
    | "type",
    Pieces
  >
>((tie) => {
  const shallow = { maxDepth: 7, depthIdentifier: "program" };
  return {
    expression: fc.oneof(
      shallow,
      tie("operation"),
      sequence(tie("operation"), "|>", tie("stage")),
      sequence(tie("operation"), "|>", tie("stage"), "|>", tie("stage")),
    ),
    operation: fc.oneof(
      shallow,
      tie("unary"),
      sequence(tie("unary"), fc.constantFrom("|", "&", "+", "-", "*", "/", "//", "%").map(word), tie("operation")),
      sequence("(", tie("operation"), ")", fc.constantFrom("==", "<", ">=").map(word), tie("sum")),
    ),
    sum: fc.oneof(
      shallow,
      tie("unary"),
      sequence(tie("unary"), fc.constantFrom("+", "-", "*", "/", "//", "%").map(word), tie("sum")),
    ),
    unary: fc.oneof(
      shallow,
      tie("atom"),
      sequence(fc.constantFrom("-", "!").map(word), tie("unary")),
      sequence(tie("atom"), "^", tie("unary")),
    ),
    atom: fc.oneof(
      shallow,
      lower,
      number,
      text,
      fc.constantFrom("true", "false").map(word),
      sequence("@", lower),
      sequence("(", tie("expression"), ")"),
      upper,
      tie("apply"),
      inside(word("["), commas(tie("expression")), "]"),
      sequence("if", tie("operation"), "then", tie("operation"), "else", tie("atom")).map((pieces) =>
        concat(word("("), pieces, word(")")),
      ),
      sequence(lower, ".", lower),
      sequence(tie("atom"), inside(tight("["), commas(tie("item")), "]")),
      sequence(lower, tie("arguments")),
      sequence("attend", "[", lower, ",", lower, "]", tie("arguments"), optional(tie("settings"))),
      sequence(
        "scan",
        "[",
        lower,
        "]",
        inside(word("("), commas(sequence(lower, "=", tie("expression"))), ")"),
        tie("body"),
      ),
    ),
    item: fc.oneof(
      shallow,
      tie("expression"),
      sequence(lower, ":", tie("expression")),
      sequence(lower, "->", lower),
      sequence(lower, ":", "..", tie("operation")),
      sequence(lower, ":", tie("operation"), "..", optional(tie("operation"))),
    ),
    arguments: inside(tight("("), commas(sequence(optional(sequence(lower, ":")), tie("expression"))), ")"),
    setting: fc.oneof(shallow, lower, sequence(lower, ":", tie("expression")), sequence(lower, "=", tie("expression"))),
    settings: inside(tight("{"), commas(tie("setting")), "}"),
    apply: fc.oneof(
      shallow,
      sequence(upper, tie("settings")),
      sequence(upper, tie("arguments")),
      sequence(upper, tie("settings"), tie("arguments")),
    ),
    stage: fc.oneof(
      shallow,
      lower,
      upper,
      tie("apply"),
      sequence(lower, tie("arguments")),
      sequence("(", tie("expression"), ")"),
      sequence(label, ":", tie("apply")),
      sequence(label, inside(tight("["), tie("operation"), "]"), ":", tie("apply")),
      sequence(
        "rearrange",
        "[",
        fc.constant([]),
        pattern,
        "->",
        pattern,
        optional(sequence(";", lower, "=", tie("sum"))),
        "]",
      ),
    ),
    type: fc.oneof(
      fc.constantFrom("int", "real", "fn", "block", "mask").map(word),
      sequence(
        fc.constantFrom("f32", "mask").map(word),
        inside(
          tight("["),
          commas(fc.oneof(fc.constant(word("..")), tie("sum"), sequence(lower, ":", tie("sum")))),
          "]",
        ),
      ),
    ),
    statement: fc.oneof(
      shallow,
      sequence(lower, fc.constantFrom("=", "+=", "*=", ":=").map(word), tie("expression")),
      sequence(lower, ",", lower, "=", tie("expression")),
      sequence("return", tie("expression"), optional(sequence(",", tie("expression")))),
      sequence(fc.constantFrom("loss", "aux", "yield").map(word), tie("expression")),
      sequence("param", lower, ":", tie("type"), "=", tie("expression"), optional(sequence("when", tie("expression")))),
      sequence("state", lower, ":", tie("type"), "=", tie("expression")),
      // In parentheses, because the brace of the body would go with what may end in one.
      sequence("repeat", lower, "<", "(", tie("sum"), ")", tie("body")),
      sequence("if", "(", tie("operation"), ")", tie("body"), optional(sequence("else", tie("body")))),
      sequence("if", "(", tie("operation"), ")", tie("body"), "else", "if", lower, tie("body")),
    ),
    body: inside(
      word("{"),
      fc.array(tie("statement"), { maxLength: 3 }).map((statements) => lines(statements)),
      "}",
    ),
  };
});

const variables = optional(inside(word("["), commas(lower, 1), "]"));
const parameters = optional(
  inside(word("{"), commas(sequence(lower, optional(sequence(":", type)), optional(sequence("=", operation)))), "}"),
);
const inputs = inside(word("("), commas(sequence(lower, ":", type, optional(sequence("=", expression)))), ")");
const result = optional(sequence("->", type, optional(sequence(",", type))));
const fact = sequence("(", operation, ")");
const where = optional(sequence("where", fact, optional(sequence(",", fact))));

const address = sequence(
  fc.oneof(
    label,
    sequence(label, "[", fc.oneof(lower, number), "]"),
    sequence("(", label, label, ")"),
    fc.constant(word("*")),
  ),
  optional(sequence(".", fc.oneof(label, sequence("(", label, label, ")"), fc.constant(word("*"))))),
);
/** Rules start lines, so that `stack` and `as` are where the language looks for them. */
const rule = fc.oneof(
  sequence(address, "=", text),
  sequence(address, "=", text).chain((start) =>
    fc.oneof(
      lower.map((axis) => concat(start, tight("stack"), word("["), axis, word("]"))),
      fc
        .tuple(lower, lower)
        .map(([axis, pieces]) => concat(start, tight("stack"), word("["), axis, word("/"), pieces, word("]"))),
      pattern.map((layout) => concat(start, tight("as"), word("["), layout, word("]"))),
    ),
  ),
  sequence("layout", upper, ".", lower, "[", pattern, "]"),
  sequence("leaf", upper, ".", lower, "=", text, optional(sequence("|", text))),
  sequence("ignore", text, optional(sequence(",", text))),
  sequence("prefix", text),
  sequence(fc.constantFrom("input", "output").map(word), lower, "=", text),
);

const declaration = fc.oneof(
  sequence("import", inside(word("{"), commas(fc.oneof(lower, upper), 1), "}"), "from", text),
  sequence("outer", lower),
  sequence(fc.constantFrom("block", "model").map(word), upper, variables, parameters, inputs, result, where, body),
  sequence("block", upper, "=", upper, settings),
  sequence(
    "task",
    lower,
    parameters,
    inputs,
    "on",
    upper,
    "as",
    lower,
    optional(sequence(",", lower)),
    result,
    where,
    body,
  ),
  sequence("fn", lower, variables, inputs, result, where, fc.oneof(body, sequence("=", expression))),
  sequence(fc.constantFrom("mask", "score").map(word), lower, optional(inputs), "=", expression),
  sequence("config", lower, "=", upper, settings),
  sequence("check", operation),
  sequence(
    "weights",
    upper,
    "from",
    text,
    inside(
      word("{"),
      fc.array(rule, { maxLength: 5 }).map((rules) => lines(rules)),
      "}",
    ),
  ),
  sequence(
    fc.constantFrom("train", "generate").map(word),
    lower,
    ".",
    lower,
    optional(sequence("over", lower)),
    settings,
  ),
);

/** How the gaps between tokens are filled: `comments` of them hold one. */
function layOut(declarations: readonly Pieces[], gaps: readonly number[], comments: boolean): string {
  let gap = 0;
  let comment = 0;
  const choose = (): number => gaps[gap++ % gaps.length] ?? 0;
  const blank = ({ place }: Piece): string => {
    const choice = choose();
    if (place === "tight" || (place === "free" && choice < 70)) return " ";
    if (choice < 90 || !comments) return "\n  ";
    comment += 1;
    if (choice < 94) return `  # trailing ${comment}\n `;
    if (choice < 97) return `\n    # own ${comment}\n `;
    return `\n\n## doc ${comment}\n\n `;
  };
  const lines = declarations.map((pieces) => {
    const separator = choose() < 50 ? "\n" : "\n\n\n";
    return separator + pieces.map((piece, index) => (index === 0 ? "" : blank(piece)) + piece.text).join("");
  });
  return lines.join("");
}

function programs(comments: boolean, least = 0): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.array(declaration, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: least, max: 99 }), { minLength: 5, maxLength: 60 }),
    )
    .map(([declarations, gaps]) => layOut(declarations, gaps, comments));
}

export const program = programs(false);
export const commentedProgram = programs(true);
/** Comments wherever they may be. */
export const crowdedProgram = programs(true, 80);
