/** The parts that a hover is made of. */

/** Coloured as the language is, and wrapped by nothing. */
export const code = (...lines: readonly string[]): string => ["```tfm", ...lines, "```"].join("\n");

/** Characters side by side, as they are. */
export const preformatted = (text: string): string => ["```text", text, "```"].join("\n");

export const inline = (text: string): string => `\`${text.replaceAll("`", "'")}\``;

/** Blank lines between what there is. */
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");

export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** At most `limit`, and how many more there are. */
export function someOf(items: readonly string[], limit: number): string[] {
  const left = items.length - limit;
  return left > 0 ? [...items.slice(0, limit), `and ${left} more`] : [...items];
}

export function image(svg: string, alternative: string): string {
  const bytes = new TextEncoder().encode(svg);
  return `![${alternative}](data:image/svg+xml;base64,${btoa(String.fromCharCode(...bytes))})`;
}
