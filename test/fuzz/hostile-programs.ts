/** Texts made to hurt: much of something, something that doubles with each level, or something that never ends. */

export const many = (count: number, line: (index: number) => string, separator = "\n"): string =>
  Array.from({ length: count }, (_, index) => line(index)).join(separator);

/** A model whose layers are `body`, and a config of it. */
export const modelOf = (body: string, parameters = "d = 64, depth = 4"): string =>
  [
    `model M[seq]{${parameters}}(ids: i32[batch, seq]) -> f32[batch, seq, d] {`,
    "  x = ids |> e: Embedding{size: 100, d}",
    body,
    "  return x",
    "}",
    "config m = M{}",
    "",
  ].join("\n");

const attention = (mask: string): string => modelOf(`  x += x |> layer: Attention{heads: 4}(mask: ${mask})`);

const block = (name: string, body: string, parameters = ""): string =>
  `block ${name}[d]${parameters}(x: f32[.., d]) -> f32[.., d] { return x |> ${body} }`;

/** What is used twice at each of 40 levels: 2^40 times in the end. */
export const doubling = {
  "blocks with sizes that grow": `${many(40, (i) =>
    block(`B${i}`, i === 0 ? "l: Linear{out: d}" : `a: B${i - 1}{n: n + 1} |> b: B${i - 1}{n: n * 2}`, "{n}"),
  )}\n${modelOf("  x += x |> q: B39{n: 1}")}`,
  blocks: `${many(40, (i) => block(`B${i}`, i === 0 ? "l: Linear{out: d}" : `a: B${i - 1} |> b: B${i - 1}`))}\n${modelOf("  x += x |> q: B39")}`,
  "functions of tensors": `${many(40, (i) => `fn f${i}(x: f32[..]) -> f32[..] = ${i === 0 ? "x + 1.0" : `f${i - 1}(x) + f${i - 1}(x)`}`)}\n${modelOf("  x += f39(x)")}`,
  "functions of numbers": `${many(40, (i) => `fn f${i}(x: int) = ${i === 0 ? "x + 1" : `f${i - 1}(x) + f${i - 1}(x + 1)`}`)}\n${modelOf("  x += x |> l: Linear{out: f39(3)}")}`,
  masks: `${many(40, (i) => `mask m${i} = ${i === 0 ? "k <= q" : `m${i - 1} & m${i - 1}`}`)}\n${attention("m39")}`,
  "masks with arguments": `${many(40, (i) => `mask m${i}(w: int) = ${i === 0 ? "q - k < w" : `m${i - 1}(w + 1) & m${i - 1}(w * 2)`}`)}\n${attention("m39(3)")}`,
};

/** What leads back to itself. */
export const endless = {
  blocks: `block A[d](x: f32[.., d]) -> f32[.., d] { return x |> b: B }\nblock B[d](x: f32[.., d]) -> f32[.., d] { return x |> a: A }`,
  names: `block A = B{}\nblock B = A{}`,
  functions: `fn f(x: f32[..]) -> f32[..] = g(x)\nfn g(x: f32[..]) -> f32[..] = f(x)\n${modelOf("  x += f(x)")}`,
  "a function of numbers": `fn f(x: int) = f(x + 1)\n${modelOf("  x += x |> l: Linear{out: f(3)}")}`,
  masks: `mask a = b\nmask b = a\n${attention("a")}`,
  "a mask of itself": `mask a = a & causal\n${attention("a")}`,
  "a mask with arguments": `mask a(w: int) = a(w + 1)\n${attention("a(1)")}`,
};

/** One definition after the other, each using the next. */
export const chains = {
  blocks: `${many(20_000, (i) => block(`B${i}`, `l: ${i === 19_999 ? "LayerNorm" : `B${i + 1}`}`))}\n${modelOf("  x += x |> b: B0")}`,
  names: `${many(100_000, (i) => `block B${i} = B${i + 1}{}`)}\nblock B100000[d](x: f32[.., d]) -> f32[.., d] { return x }`,
  functions: `${many(5_000, (i) => `fn f${i}(x: f32[..]) -> f32[..] = ${i === 4_999 ? "x" : `f${i + 1}(x)`}`)}\n${modelOf("  x += f0(x)")}`,
  masks: `${many(5_000, (i) => `mask m${i} = ${i === 4_999 ? "k <= q" : `m${i + 1}`}`)}\n${attention("m0")}`,
};

const long = 100_000;

/** Much of one thing, all of it right: read in time that grows with the text. */
export const large = {
  "declarations of axes": many(long, (i) => `outer o${i}`),
  functions: many(20_000, (i) => `fn f${i}(x: f32[..]) -> f32[..] = x`),
  "blocks that are used in two ways at each of 40 levels": `${many(40, (i) =>
    block(`B${i}`, i === 0 ? "scaled(p)" : `B${i - 1}{p: 0.5} |> B${i - 1}{p: 0.25}`, "{p = 1.0}"),
  )}\nfn scaled(x: f32[..], p: real) -> f32[..] = p * x\n${modelOf("  x += x |> B39{p: 1.0}")}`,
  blocks: many(5_000, (i) => block(`B${i}`, "l: Linear{out: d}")),
  configs: modelOf("") + many(10_000, (i) => `config c${i} = M{d: ${i + 1}}`),
  "configs of whole models":
    modelOf("  repeat i < depth { x += x |> a[i]: Attention{heads: 4} |> f[i]: FFN }") +
    many(1_000, (i) => `config c${i} = M{d: ${4 * i + 4}}`),
  tasks: modelOf("") + many(1_000, (i) => `task t${i}() on M as x -> f32[batch, seq, d] { return x }`),
  checks: modelOf("") + many(10_000, () => "check params(m) == 6_400"),
  statements: modelOf(many(20_000, () => "  x = x + 1.0")),
  "turns of a loop": modelOf("  repeat i < 10_000_000 { repeat j < 10_000_000 { x += x |> h[i]: FFN } }"),
  "nested loops": modelOf(`${many(60, (i) => `repeat i${i} < depth {`, " ")} x += 1.0 ${"}".repeat(60)}`),
  "layers in one path": modelOf(many(1_000, (i) => `  x = x |> l${i}: Linear{out: d}`)),
  branches: `block B[d]{n}(x: f32[.., d]) -> f32[.., d] {\n  y = x\n${many(300, (i) => `  if n > ${i} { y = y + 1.0 } else { y = y * 2.0 }`)}\n  return y\n}`,
  conditions: `mask m = ${"if q < k then true else ".repeat(90)}false\n${attention("m")}`,
  arguments: `fn f(${many(10_000, (i) => `q${i}: f32[..] = 0.0`, ", ")}) -> f32[..] = q0\n${modelOf("  x = f(x)")}`,
  entries: `block B{${many(5_000, (i) => `q${i} = ${i === 0 ? 1 : `q${i - 1}`}`, ", ")}}(x: f32[2]) -> f32[2] { return x }`,
  comments: many(long, () => "## words") + `\n${modelOf("")}`,
  "a line of 5 MB": `check params(m) == 6_400 #${"x".repeat(5_000_000)}\n${modelOf("")}`,
  "spaces of 5 MB": `check params(m)${" ".repeat(5_000_000)}== 6_400\n${modelOf("")}`,
  "a long label": modelOf(`  x += x |> ${"a".repeat(1_000_000)}: FFN`),
};

/** Much of one thing, all of it wrong: a hundred problems are told, and nobody waits for more. */
export const wrong = {
  "names in one body": modelOf(many(20_000, (i) => `  y${i} = z${i}`)),
  "names in as many blocks": many(20_000, (i) => `block B${i}[d](x: f32[.., d]) -> f32[.., d] { return y }`),
  "similar names": many(20_000, (i) => `fn f${i}(x: f32[..]) = g${i}(x)`),
  "one name": modelOf(many(20_000, () => "  x = x + nothing")),
  "the same name again": many(long, () => "outer o"),
  imports: many(20_000, (i) => `import { B } from "f${i}.tfm"`),
  "imported names": `import { ${many(long, (i) => `B${i}`, ", ")} } from "std"`,
  rules: `${modelOf("")}weights M from "x" {\n${many(long, (i) => `  a${i}.b = "c${i}"`)}\n  * = "{}"\n}`,
  "rules of blocks": `${modelOf("")}weights M from "x" {\n${many(20_000, (i) => `  layout Linear${i}.weight [d out]`)}\n  * = "{}"\n}`,
  "rules of inputs": `${modelOf("")}weights M from "x" {\n${many(20_000, (i) => `  input a${i} = "x"`)}\n  * = "{}"\n}`,
  "weights of no model": many(5_000, (i) => `weights N${i} from "x" {}`),
  configs: modelOf("  x += x |> a: Attention{heads: 4}") + many(5_000, (i) => `config c${i} = M{d: ${4 * i + 1}}`),
  tokens: `check [${"1, ".repeat(1_120_000)}]`,
};

/** More than a limit of the grammar allows, which is said once. */
export const excessive = {
  stages: [modelOf(`  x = x${" |> relu".repeat(long)}`), "at most 1000 operators in one statement"],
  sums: [modelOf(`  x = x${" + x".repeat(long)}`), "at most 1000 operators in one statement"],
  nesting: [modelOf(`  x = ${"(".repeat(200)}x${")".repeat(200)}`), "at most 100 levels of nesting"],
  axes: [`block B(x: f32[${many(long, (i) => `q${i}: 1`, ", ")}]) -> f32[] { return x }`, "at most 100 axes"],
  words: [many(600_000, () => "outer o"), "at most 1 million words and marks in a file"],
} as const;

/** Numbers that no machine holds. */
export const numbers = {
  "a size of 400 digits": [modelOf(`  x += x |> l: Linear{out: 1${"0".repeat(400)}}`), "T208"],
  "a config of 400 digits": [modelOf("") + `config b = M{d: 1${"0".repeat(400)}}`, "T208"],
  "a real that is infinite": [modelOf("") + "config b = M{d: 1e999}", "D401"],
  "2^53 + 1": [modelOf("") + "config b = M{d: 9007199254740993}", "T208"],
  "sizes that grow past 2^53": [modelOf("  y = x |> l: Linear{out: d * d * d * d * d * d * d * d * d * d}"), "T212"],
  "a count of turns": [modelOf(`  repeat i < 1${"0".repeat(30)} { x += x |> h[i]: FFN }`), "T208"],
  "a check of a million digits": [modelOf("") + `check params(m) == 1${"0".repeat(1_000_000)}`, "C502"],
  "a check of reals": [modelOf("") + "check params(m) == 1e999", "C502"],
  "powers of powers": [modelOf("  x += x |> l: Linear{out: ((((d ^ 9) ^ 9) ^ 9) ^ 9) ^ 9}"), "T2"],
} as const;

const stolen = ["constructor", "toString", "valueOf", "hasOwnProperty", "prototype", "toJSON", "__defineGetter__"];

/** Every kind of name there is, called as what all objects have. */
export const stolenNames = `outer toJSON
fn __defineGetter__(valueOf: f32[..], toString: real = 2.0) -> f32[..] = valueOf * toString
mask isPrototypeOf(constructor: int) = q - k < constructor
block Constructor[hasOwnProperty]{valueOf, toString = valueOf}(__lookupGetter__: f32[.., hasOwnProperty]) -> f32[.., hasOwnProperty] {
  param prototype: f32[hasOwnProperty] = zeros
  constructor = __lookupGetter__ |> propertyIsEnumerable: Linear{out: valueOf} |> isPrototypeOf: Linear{out: hasOwnProperty}
  return __defineGetter__(constructor) + prototype
}
model Proto[propertyIsEnumerable]{constructor = 4, prototype = 3, toString = 6}(valueOf: i32[batch, propertyIsEnumerable]) -> f32[batch, propertyIsEnumerable, constructor] {
  return valueOf |> hasOwnProperty: Embedding{size: prototype, d: constructor}
}
config constructor = Proto{}
config prototype = Proto{prototype: 9}
task toString(hasOwnProperty: f32[batch]) on Proto as valueOf -> f32[batch, propertyIsEnumerable, constructor] {
  return valueOf |> isPrototypeOf: Constructor{valueOf: 5}
}
check params(constructor) == 12
check params(prototype.toString) == 89
weights Proto from "constructor" {
  leaf Linear.bias = "constructor"
  input valueOf = "constructor"
  isPrototypeOf = "prototype"
  * = "{}"
}
`;

/** The same names where nothing has them. */
export const unknownStolen = stolen.map(
  (name) =>
    `${modelOf(`  x = x |> ${name}\n  x += ${name}(x) + x.${name} + e.${name}\n  x = x[${name}: 0]`)}` +
    `config other = M{${name}: 3}\ncheck ${name}(m) == 3\ncheck params(m.${name}) == 1\ncheck params(${name}) == 1\n` +
    `weights M from "x" { ${name} = "a" }`,
);

/** How lines end and what stands around words, without a change of the meaning. */
export const dressed = {
  "carriage returns and line feeds": (text: string): string => text.replaceAll("\n", "\r\n"),
  "a byte order mark": (text: string): string => `\ufeff${text}`,
  tabs: (text: string): string => text.replaceAll("  ", "\t"),
  "no-break spaces": (text: string): string => text.replaceAll("  ", "\u00a0"),
  "any characters in comments": (text: string): string =>
    text.replaceAll("\n", " # \u202e\u2066\u2028\0\ud800\u001b[31m\n"),
};

/** What no text of a program has, in the midst of one. */
export const strange = [
  "\0",
  "\u2028",
  "\u2029",
  "\u202e",
  "\u2066",
  "\u200b",
  "\ud800",
  "\udfff",
  "\u001b",
  "\u0085",
  "$",
];
