/** The text form of strings: `"..."` on one line, with `\"`, `\\`, `\n`, `\r`, `\t` and `\u{10ffff}`. */

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

const letters: ReadonlyMap<string, string> = new Map([...escapes].map(([letter, value]) => [value, letter]));

/** Matches one escape at `lastIndex`. */
const escapePattern = /\\(?:(["\\nrt])|u\{([0-9a-fA-F]{1,6})\})/y;

/** The escape that starts at `offset` of `text`: its value and length, or nothing if the language has no such escape. */
export function readEscape(text: string, offset: number): { value: string; length: number } | undefined {
  escapePattern.lastIndex = offset;
  const match = escapePattern.exec(text);
  if (!match) return undefined;
  const [whole, letter, digits] = match;
  if (letter !== undefined) return { value: escapes.get(letter) ?? letter, length: whole.length };
  const codePoint = Number.parseInt(digits ?? "", 16);
  return codePoint <= 0x10ffff ? { value: String.fromCodePoint(codePoint), length: whole.length } : undefined;
}

/** The value of what stands between the quotes. An unknown escape (reported by the scanner) stands for itself. */
export function unescapeString(inner: string): string {
  if (!inner.includes("\\")) return inner;
  let value = "";
  for (let offset = 0; offset < inner.length;) {
    const escape = inner[offset] === "\\" ? readEscape(inner, offset) : undefined;
    value += escape ? escape.value : inner.charAt(offset);
    offset += escape ? escape.length : 1;
  }
  return value;
}

/** The literal that reads back as `value`. */
export function quoteString(value: string): string {
  let inner = "";
  for (const character of value) {
    const letter = letters.get(character);
    const code = character.codePointAt(0) ?? 0;
    if (letter !== undefined) inner += `\\${letter}`;
    else if (isUnprintable(code)) inner += `\\u{${code.toString(16)}}`;
    else inner += character;
  }
  return `"${inner}"`;
}

/** Control characters, line separators, byte-order marks, and halves of surrogate pairs. */
function isUnprintable(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0xd800 && code < 0xe000) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0xfeff
  );
}
