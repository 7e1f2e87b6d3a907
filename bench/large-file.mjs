// A file of many models: the examples again and again, each time under names of their own.
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../examples/", import.meta.url);
const declared = /^(?:block|model|config|fn|mask|score|outer)\s+(\w+)/gm;

/** At least `lines` lines of text that checks. */
export function largeFile(lines) {
  const examples = readdirSync(folder)
    .filter((name) => name.endsWith(".tfm"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const parts = [];
  let count = 0;
  for (let round = 0; count < lines; round++) {
    const part = renamed(examples[round % examples.length], `_${round}`);
    count += part.split("\n").length;
    parts.push(part);
  }
  return parts.join("\n");
}

/** Declarations get a suffix, and so do their uses; text in strings and comments stays. */
function renamed(source, suffix) {
  const names = [...source.matchAll(declared)].map(([, name]) => name);
  const pattern = new RegExp(`"[^"\\n]*"|#[^\\n]*|\\b(?:${names.join("|")})\\b`, "g");
  return source.replace(pattern, (found) => (/^["#]/.test(found) ? found : `${found}${suffix}`));
}

/** As many lines of ordinary TypeScript: interfaces, generic functions and objects that use each other. */
export function largePeer(lines) {
  const parts = [];
  let count = 0;
  for (let round = 0; count < lines; round++) {
    const part = peer.replaceAll("$", String(round));
    count += part.split("\n").length;
    parts.push(part);
  }
  return parts.join("\n");
}

const peer = `export interface Config$ {
  readonly vocab: number;
  readonly depth: number;
  readonly heads: number;
  readonly width: number;
}

export interface Tensor$<Shape extends readonly number[]> {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export function zeros$<const Shape extends readonly number[]>(shape: Shape): Tensor$<Shape> {
  return { shape, data: new Float32Array(shape.reduce((size, dim) => size * dim, 1)) };
}

export class Layer$ {
  readonly query: Tensor$<readonly [number, number]>;
  readonly key: Tensor$<readonly [number, number]>;
  constructor({ width, heads }: Config$) {
    if (width % heads !== 0) throw new RangeError(\`\${heads} heads cannot split \${width}\`);
    this.query = zeros$([width, width]);
    this.key = zeros$([width, width / heads]);
  }
  get size(): number {
    return [this.query, this.key].map(({ data }) => data.length).reduce((sum, each) => sum + each, 0);
  }
}

export function build$(config: Config$): { readonly layers: readonly Layer$[]; readonly size: number } {
  const layers = Array.from({ length: config.depth }, () => new Layer$(config));
  const size = layers.reduce((sum, layer) => sum + layer.size, config.vocab * config.width);
  return { layers, size };
}

export const small$: Config$ = { vocab: 50257, depth: 12, heads: 12, width: 768 };
export const large$ = { ...small$, depth: 48, heads: 25, width: 1600 } satisfies Config$;
export const sizes$ = [small$, large$].map((config) => build$(config).size);
`;
