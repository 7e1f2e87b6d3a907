/** Changes of a program as characters, and texts of no program at all. */
import type { Random } from "./random.js";

/** What editors, copying and other systems leave in files, and what text must never do to a compiler. */
const characters = [
  ...["\0", "\ufeff", "\r", "\r\n", "\n", "\t", "\v", "\f", "\u0085", "\u2028", "\u2029", "\u00a0", "\u200b", "\u202e"],
  ...[
    "\u2066",
    "\ud800",
    "\udfff",
    "\ud83d\ude00",
    "\u0301",
    "\uffff",
    "\x1b[31m",
    "\x7f",
    "ä",
    "λ",
    "\\",
    '"',
    "'",
    "#",
  ],
  ...["##", "$", "`", "~", "?", "//", "/*", "*/", "\\u{110000}", "\\u{", "0x", "1e", "..", "…"],
];

export function mutateText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = random.below(random.chance(0.8) ? 5 : 300);
  const [before, own, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (random.below(8)) {
    case 0:
      return before + after;
    case 1:
      return before + own + own + after;
    case 2:
      return before + random.pick(characters) + own + after;
    case 3:
      return before + random.pick(characters).repeat(1 + random.below(20)) + after;
    case 4:
      return before + units(random, 1 + length) + after;
    case 5:
      return random.chance(0.5) ? before : after;
    case 6:
      return text.replaceAll("\n", random.pick(["\r\n", "\r", "\u2028", "\n\n", " "]));
    default:
      return before + String.fromCharCode((own.charCodeAt(0) || 0) ^ (1 << random.below(16))) + own.slice(1) + after;
  }
}

/** A text without any plan. */
export function anyText(random: Random): string {
  const length = random.below(400);
  return random.chance(0.5) ? units(random, length) : bytes(random, length);
}

function units(random: Random, length: number): string {
  const limit = random.pick([0x80, 0x100, 0x3000, 0x10000]);
  return Array.from({ length }, () => String.fromCharCode(random.below(limit))).join("");
}

/** Bytes as a lenient reader of UTF-8 hands them on. */
function bytes(random: Random, length: number): string {
  return new TextDecoder().decode(Uint8Array.from({ length }, () => random.below(256)));
}
