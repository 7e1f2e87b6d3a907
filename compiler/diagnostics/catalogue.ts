/**
 * Every problem the compiler can report, by its stable code: S syntax, N names, T types and shapes, D dtypes,
 * W weights, U understood but not supported yet. Each has its page in `docs/errors/`.
 */
interface Entry<P> {
  readonly severity: "error" | "warning" | "hint";
  readonly message: (parameters: P) => string;
}

const error = <P>(message: (parameters: P) => string): Entry<P> => ({ severity: "error", message });

export const catalogue = {
  S001: error((p: { found: string; expected: string }) => `expected ${p.expected}, found ${p.found}`),

  N101: error((p: { name: string; block: string }) => `unknown config \`${p.name}\` for ${p.block}`),
  N102: error((p: { name: string }) => `unknown name \`${p.name}\``),
  N103: error((p: { cycle: string }) => `import cycle: ${p.cycle}`),

  T201: error((p: { divisor: string; dividend: string }) => `${p.divisor} cannot split ${p.dividend}`),
} as const;

export type Code = keyof typeof catalogue;
export type Parameters<C extends Code> = (typeof catalogue)[C] extends Entry<infer P> ? P : never;
