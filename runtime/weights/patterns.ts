/** Names of tensors in checkpoints, which may stand with or without one of a model's prefixes. */

/** A pattern's test: `*` is anything, `{i}` is a number. */
export function matcher(pattern: string): (name: string) => boolean {
  const expression = pattern
    .split(/(\*|\{\w+\})/)
    .map((piece) => (piece === "*" ? ".*" : /^\{\w+\}$/.test(piece) ? "\\d+" : escapeRegExp(piece)))
    .join("");
  const compiled = new RegExp(`^${expression}$`);
  return (name) => compiled.test(name);
}

/** The forms of a name: itself, then with and without each prefix. */
export function variantsOf(name: string, prefixes: readonly string[]): string[] {
  const without = prefixes.filter((prefix) => name.startsWith(prefix)).map((prefix) => name.slice(prefix.length));
  return [name, ...without, ...prefixes.map((prefix) => prefix + name)];
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
