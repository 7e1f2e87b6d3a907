/** All that the server answers, in the order in which people meet it. */
import type { Feature } from "./feature.js";
import { codeLenses } from "./requests/code-lenses.js";
import { compile } from "./requests/compile.js";
import { completion } from "./requests/completion.js";
import { configs } from "./requests/configs.js";
import { graph } from "./requests/graph.js";
import { inlayHints } from "./requests/inlay-hints.js";
import { library } from "./requests/library.js";
import { pickConfig } from "./requests/pick-config.js";
import { definition } from "./requests/definition.js";
import { highlights } from "./requests/highlights.js";
import { references } from "./requests/references.js";
import { signatureHelp } from "./requests/signature-help.js";
import { callHierarchy } from "./requests/call-hierarchy.js";
import { documentSymbols } from "./requests/document-symbols.js";
import { workspaceSymbols } from "./requests/workspace-symbols.js";
import { semanticTokens } from "./requests/semantic-tokens.js";
import { codeActions } from "./requests/code-actions.js";
import { folding } from "./requests/folding.js";
import { formatting } from "./requests/formatting.js";
import { hover } from "./requests/hover.js";
import { rename } from "./requests/rename.js";
import { selectionRanges } from "./requests/selection-ranges.js";
import { onTypeFormatting } from "./requests/on-type-formatting.js";
import { summary } from "./requests/summary.js";

export const features: readonly Feature[] = [
  hover,
  completion,
  signatureHelp,
  definition,
  references,
  highlights,
  rename,
  codeActions,
  formatting,
  onTypeFormatting,
  documentSymbols,
  workspaceSymbols,
  callHierarchy,
  semanticTokens,
  folding,
  selectionRanges,
  inlayHints,
  codeLenses,
  pickConfig,
  library,
  configs,
  summary,
  graph,
  compile,
];
