import { SymbolKind as Kind } from "vscode-languageserver";
import type { DocumentSymbol } from "../compiler/ide/index.js";

/** How editors draw what the language has: each is shown as what it is most like. */
export const symbolKinds: Readonly<Record<DocumentSymbol["kind"], Kind>> = {
  block: Kind.Class,
  model: Kind.Class,
  alias: Kind.Class,
  task: Kind.Method,
  function: Kind.Function,
  mask: Kind.Function,
  score: Kind.Function,
  primitive: Kind.Function,
  outer: Kind.TypeParameter,
  size: Kind.TypeParameter,
  axis: Kind.TypeParameter,
  config: Kind.Constant,
  entry: Kind.Property,
  input: Kind.Field,
  value: Kind.Variable,
  counter: Kind.Variable,
  layer: Kind.Object,
  weight: Kind.Array,
  state: Kind.Array,
  word: Kind.Key,
  import: Kind.Module,
  weights: Kind.Namespace,
  check: Kind.Boolean,
  run: Kind.Event,
  compression: Kind.Event,
};
