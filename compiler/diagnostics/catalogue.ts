/**
 * Every problem the compiler can report, by its stable code: S syntax, N names, T types and shapes, D dtypes,
 * W weights, C checks, G generation, L limits, U understood but not supported yet. Each has its page in `docs/errors/`.
 */
interface Entry<P> {
  readonly severity: "error" | "warning" | "hint";
  readonly message: (parameters: P) => string;
}

const error = <P>(message: (parameters: P) => string): Entry<P> => ({ severity: "error", message });
const warning = <P>(message: (parameters: P) => string): Entry<P> => ({ severity: "warning", message });

/** The first few of a list. */
const named = (items: readonly string[]): string =>
  items.length <= 3 ? items.join(", ") : `${items.slice(0, 2).join(", ")} and ${items.length - 2} more weights`;

export const catalogue = {
  S001: error((p: { found: string; expected: string }) => `expected ${p.expected}, found ${p.found}`),
  S002: warning((p: { sum: string }) => `\`|>\` binds looser than \`+\`: all of \`${p.sum}\` goes through it`),

  N101: error((p: { name: string; block: string }) => `unknown config \`${p.name}\` for ${p.block}`),
  N102: error((p: { name: string }) => `unknown name \`${p.name}\``),
  N103: error((p: { cycle: string }) => `import cycle: ${p.cycle}`),
  N104: error((p: { name: string }) => `\`${p.name}\` is declared twice`),
  N105: error((p: { path: string; reason: string }) => `import "${p.path}" ${p.reason}`),
  N106: error((p: { axis: string; type: string }) => `no axis \`${p.axis}\` in ${p.type}`),
  N107: error((p: { name: string; callee: string }) => `${p.callee} has no input \`${p.name}\``),
  N108: error((p: { name: string; callee: string }) => `${p.callee} needs \`${p.name}\``),
  N109: error((p: { name: string }) => `${p.name} contains itself`),

  N110: error(
    (p: { label: string; index: string }) => `every turn of \`${p.index}\` would use the one layer \`${p.label}\``,
  ),
  N112: warning((_: Record<string, never>) => "this is never reached"),
  N113: error(
    (p: { entry: string; later: string }) => `\`${p.entry}\` builds on \`${p.later}\`, which is declared after it`,
  ),
  N111: error((p: { address: string; first: string }) => `\`${p.address}\` is ${p.first} already`),

  T201: error((p: { divisor: string; dividend: string }) => `${p.divisor} cannot split ${p.dividend}`),
  T202: error((p: { what: string }) => p.what),
  T203: error(
    (p: { fact: string; callee: string; contrary?: string | undefined }) =>
      p.contrary ?? `${p.callee} requires ${p.fact}`,
  ),
  T204: error((p: { what: string }) => p.what),
  T205: error((p: { operation: string; axis: string }) => `${p.operation} would mix over \`${p.axis}\``),
  T206: error((p: { clause: string }) => `this ${p.clause} looks up the wrong side`),
  T207: error((p: { axis: string; weight: string }) => `this weight has no axis ${p.axis}: it is ${p.weight}`),
  T208: error((p: { expected: string; found: string }) => `expected ${p.expected}, found ${p.found}`),
  T209: error((p: { axis: string; type: string }) => `axis \`${p.axis}\` would stand twice in ${p.type}`),

  T210: error((p: { size: string; model: string }) => `no input of ${p.model} tells the size \`${p.size}\``),
  T211: error((p: { address: string; size: string }) => `${p.address} would have an axis of size ${p.size}`),

  T212: error(
    (p: { address: string; size: string }) => `${p.address} has an axis of size ${p.size}, which only a call knows`,
  ),

  T213: error(
    (p: { turns: number; index: string }) =>
      `the ${p.turns} turns of \`${p.index}\` differ, and so many cannot be written out`,
  ),
  T214: warning((_: Record<string, never>) => "this mask never mentions k: a query sees all keys or none"),
  T215: warning(
    (p: { query: string; key: string }) =>
      `this compares positions of two sequences: queries run over ${p.query}, keys over ${p.key}`,
  ),

  D401: error((p: { what: string }) => p.what),

  W301: error(
    (p: { addresses: readonly string[]; checkpoint: string }) =>
      `no rule gives ${named(p.addresses)} a name in "${p.checkpoint}"`,
  ),
  W302: error((p: { pattern: string }) => `this rule matches no weight: ${p.pattern}`),
  W303: error((p: { what: string }) => p.what),
  W304: error(
    (p: { name: string; first: string; second: string }) => `${p.first} and ${p.second} both map to "${p.name}"`,
  ),

  C501: error((p: { expected: string; found: string }) => `the check fails: ${p.found}, not ${p.expected}`),
  C502: error((p: { what: string }) => p.what),

  G601: error(
    (p: { task: string; axis: string; operation: string }) =>
      `${p.task} cannot be decoded over \`${p.axis}\`: ${p.operation}`,
  ),

  L701: error((p: { what: string }) => p.what),

  U901: error((p: { what: string }) => `${p.what} is not supported yet`),
  U902: warning((p: { what: string }) => `${p.what} is only checked in this version: nothing is compiled from it`),
} as const;

export type Code = keyof typeof catalogue;
export type Parameters<C extends Code> = (typeof catalogue)[C] extends Entry<infer P> ? P : never;
