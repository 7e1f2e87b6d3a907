/** The inputs by their numbers: each is a program of the corpus with a few changes, or, now and then, any text. */
import { corpus, type Input } from "./corpus.js";
import { anyText, mutateText } from "./mutate-text.js";
import { mutateTokens } from "./mutate-tokens.js";
import { mutateTree } from "./mutate-tree.js";
import { randomFrom, type Random } from "./random.js";

/** Changes may copy; what grows past this is as long as a program gets. */
const longest = 20_000;

/** How many are edits of the program that they were made from. */
const edited = 0.3;

export function inputFor(seed: number): Input {
  const random = randomFrom(seed);
  const { files } = random.pick(corpus);
  const names = [...files.keys()];
  const name = random.chance(0.8) ? (names[0] ?? "") : random.pick(names);
  const before = random.chance(edited) ? files : undefined;
  if (random.chance(0.03)) return { files: new Map([...files, [name, anyText(random)]]), before };
  let text = files.get(name) ?? "";
  do text = mutate(text, random).slice(0, longest);
  while (random.chance(0.4));
  return { files: new Map([...files, [name, text]]), before };
}

function mutate(text: string, random: Random): string {
  const kind = random.below(10);
  if (kind < 1) return mutateText(text, random);
  if (kind < 4) return mutateTokens(text, random);
  const other = random.pick([...random.pick(corpus).files.values()]);
  return mutateTree(text, other, random);
}
