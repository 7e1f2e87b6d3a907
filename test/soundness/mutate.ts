/** One small change to a program's text, of the kinds that people make by mistake. */
import type { Random } from "./random.js";

export interface Mutation {
  readonly kind: string;
  readonly text: string;
}

const token = /"[^"]*"|\d+\.\d+(?:e-?\d+)?|\d+|[A-Za-z_]\w*|\|>|->|\.\.|\/\/|[=!<>+*:]=|[^\s\w]/g;

interface Token {
  readonly text: string;
  readonly start: number;
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(token)].map((match) => ({ text: match[0], start: match.index }));

const replaceAt = (text: string, { start, text: old }: Token, by: string): string =>
  text.slice(0, start) + by + text.slice(start + old.length);

type Mutate = (random: Random, text: string, tokens: readonly Token[]) => string | undefined;

/** Changes one of the tokens that suit, to something that `to` gives for it. */
const change =
  (suits: (token: Token) => boolean, to: (random: Random, token: Token, tokens: readonly Token[]) => string): Mutate =>
  (random, text, tokens) => {
    const all = tokens.filter(suits);
    if (all.length === 0) return undefined;
    const chosen = random.pick(all);
    return replaceAt(text, chosen, to(random, chosen, tokens));
  };

const keywords = new Set("model block fn mask task config weights repeat if else then return param loss on as where rearrange attend from layout ignore f32 i32 bool int real true false".split(" ")); // prettier-ignore
const isName = ({ text }: Token): boolean => /^[a-z_]\w*$/.test(text) && !keywords.has(text);
const isBlock = ({ text }: Token): boolean => /^[A-Z]/.test(text);
const isNumber = ({ text }: Token): boolean => /^\d+$/.test(text);
const among = (list: readonly string[]): ((token: Token) => boolean) => ({ text }) => list.includes(text); // prettier-ignore

const other = (random: Random, old: string, from: readonly string[]): string => {
  const rest = [...new Set(from)].filter((each) => each !== old);
  return rest.length > 0 ? random.pick(rest) : old;
};

const operators = [["+", "-", "*", "/", "//", "%"], ["<", "<=", ">", ">=", "==", "!="], ["&", "|"], ["+=", "*=", "="], ["|>", "+"], ["->", ":"]]; // prettier-ignore

/** Takes out what a pattern matches, at one of the places where it does. */
const drop =
  (pattern: RegExp, by = ""): Mutate =>
  (random, text) => {
    const all = [...text.matchAll(pattern)];
    if (all.length === 0) return undefined;
    const chosen = random.pick(all);
    return text.slice(0, chosen.index) + chosen[0].replace(new RegExp(pattern.source), by) + text.slice(chosen.index + chosen[0].length); // prettier-ignore
  };

const swap: Mutate = (random, text) => {
  const all = [...text.matchAll(/([([{ ])([^()[\]{},\n]+), ([^()[\]{},\n]+)(?=[)\]},])/g)];
  if (all.length === 0) return undefined;
  const chosen = random.pick(all);
  const [whole, before = "", a = "", b = ""] = chosen;
  return `${text.slice(0, chosen.index)}${before}${b}, ${a}${text.slice(chosen.index + whole.length)}`;
};

const swapWords: Mutate = (random, text) => {
  const all = [...text.matchAll(/\b(\w+) (\w+)(?= ?[\w\]()])/g)].filter(({ index }) => /rearrange\[[^\]]*$/.test(text.slice(0, index))); // prettier-ignore
  if (all.length === 0) return undefined;
  const chosen = random.pick(all);
  const [whole, a = "", b = ""] = chosen;
  return `${text.slice(0, chosen.index)}${b} ${a}${text.slice(chosen.index + whole.length)}`;
};

const onLines = (edit: (random: Random, lines: string[]) => string[]): Mutate => (random, text) => {
  const lines = text.split("\n");
  return edit(random, lines).join("\n");
}; // prettier-ignore

const kinds: readonly (readonly [string, Mutate])[] = [
  ["another name", change(isName, (random, { text }, tokens) => other(random, text, tokens.filter(isName).map((each) => each.text)))], // prettier-ignore
  ["another name", change(isName, (random, { text }, tokens) => other(random, text, tokens.filter(isName).map((each) => each.text)))], // prettier-ignore
  ["another block", change(isBlock, (random, { text }, tokens) => other(random, text, tokens.filter(isBlock).map((each) => each.text)))], // prettier-ignore
  ["another number", change(isNumber, (random, { text }) => other(random, text, [String(Number(text) + 1), String(Math.max(Number(text) - 1, 0)), "0", "1", "3"]))], // prettier-ignore
  ["another number", change(isNumber, (random, { text }) => other(random, text, [String(Number(text) + 1), String(Math.max(Number(text) - 1, 0))]))], // prettier-ignore
  ["a name for a number", change((each) => isNumber(each), (random, _, tokens) => random.pick(tokens.filter(isName)).text)], // prettier-ignore
  ["another operator", change((each) => operators.some((list) => list.includes(each.text)), (random, { text }) => other(random, text, random.pick(operators.filter((list) => list.includes(text)))))], // prettier-ignore
  ["another dtype", change(among(["f32", "i32", "bool"]), (random, { text }) => other(random, text, ["f32", "i32", "bool"]))], // prettier-ignore
  ["another function", change(among(["sum", "mean", "largest", "smallest", "softmax", "dot", "concat", "stack", "real", "int", "max", "abs", "tanh"]), (random, { text }) => other(random, text, ["sum", "mean", "softmax", "dot", "concat", "stack", "real", "int", "max", "abs"]))], // prettier-ignore
  ["no where", drop(/(\s+where [^{]*)\{/g, " {")],
  ["a fact less", drop(/((?:where|,) [^,{]+(?:<=|==) [^,{)]+)(?=,| \{)/g)],
  ["an argument less", drop(/, [^,()[\]{}\n]+(?=[)\]}])/g)],
  ["an axis less", drop(/\b\w+, /g)],
  ["no rename", drop(/\[\w+ -> \w+\]/g)],
  ["no stage", drop(/ \|> [^|\n]+/g)],
  ["arguments swapped", swap],
  ["parts swapped", swapWords],
  ["a line less", onLines((random, lines) => lines.toSpliced(random.below(lines.length), 1))],
  ["a line twice", onLines((random, lines) => { const at = random.below(lines.length); return lines.toSpliced(at, 0, ...lines.slice(at, at + 1)); })], // prettier-ignore
  ["lines swapped", onLines((random, lines) => { const at = random.below(Math.max(lines.length - 1, 1)); return lines.toSpliced(at, 2, ...lines.slice(at, at + 2).reverse()); })], // prettier-ignore
];

/** Some other text, changed at one place. */
export function mutate(random: Random, text: string): Mutation {
  for (let n = 0; n < 50; n++) {
    const [kind, edit] = random.pick(kinds);
    const changed = edit(random, text, tokensOf(text));
    if (changed !== undefined && changed !== text) return { kind, text: changed };
  }
  return { kind: "nothing", text: "" };
}
