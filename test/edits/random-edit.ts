/** Edits as they happen to a file: a token typed over, lines moved or doubled, a piece pasted from elsewhere. */
import { mutateText } from "../fuzz/mutate-text.js";
import type { Random } from "../fuzz/random.js";

const token = /"[^"\n]*"|#[^\n]*|\w+|\|>|->|\S/g;

export function randomEdit(text: string, random: Random, paste: string): string {
  switch (random.below(10)) {
    case 0:
    case 1:
    case 2:
      return overToken(text, random, (all) => random.pick(all));
    case 3:
      return overToken(text, random, () => "");
    case 4:
      return overToken(
        text,
        random,
        (_, own) => `${own}${random.pick(["x", "1", " ", "\n", "{", "}", "(", "]", "#", '"'])}`,
      );
    case 5:
      return moveLines(text, random);
    case 6:
      return moveParagraph(text, random);
    case 7:
      return insertLine(
        text,
        random,
        random.pick(["", "## about what follows", "# a remark", "}", "block", "  y = x"]),
      );
    case 8:
      return insertLine(text, random, paragraphs(paste)[random.below(paragraphs(paste).length)] ?? "");
    default:
      return mutateText(text, random);
  }
}

function overToken(text: string, random: Random, write: (all: readonly string[], own: string) => string): string {
  const found = [...text.matchAll(token)];
  if (found.length === 0) return `${text}x`;
  const { 0: own, index } = random.pick(found);
  const all = found.map(([each]) => each);
  return text.slice(0, index) + write(all, own) + text.slice(index + own.length);
}

function insertLine(text: string, random: Random, line: string): string {
  const lines = text.split("\n");
  return lines.toSpliced(random.below(lines.length + 1), 0, line).join("\n");
}

function moveLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const moved = lines.splice(random.below(lines.length), 1 + random.below(4));
  return lines.toSpliced(random.below(lines.length + 1), 0, ...moved).join("\n");
}

const paragraphs = (text: string): string[] => text.split(/\n\s*\n/);

function moveParagraph(text: string, random: Random): string {
  const all = paragraphs(text);
  const moved = all.splice(random.below(all.length), 1);
  return all.toSpliced(random.below(all.length + 1), 0, ...moved).join("\n\n");
}
