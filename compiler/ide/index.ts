/** The door for editors: what is known of a file under edit, as plain data. No protocol is spoken here. */
export { openProject, type Project, type Snapshot, type Source } from "./snapshot.js";
export { declarationOf, occurrencesIn, symbolAt, symbolsAt, type Place } from "./names/occurrences.js";
export type { Occurrence, Symbol, SymbolKind } from "./names/symbol.js";
export { complete } from "./complete/complete.js";
export type { Host } from "./complete/host.js";
export type { Completion, Suggestion, SuggestionKind } from "./complete/suggestion.js";
export { codeLenses, type CodeLens } from "./code-lens.js";
export { inlayShapes, type InlayShape, type InlayStyle } from "./inlay-shapes.js";
export {
  encodingNamed,
  encodingPicture,
  type Encoding,
  type EncodingPicture,
} from "./mask-picture/encoding-picture.js";
export { maskPictures, type MaskPicture, type PictureOptions } from "./mask-picture/mask-picture.js";
export { definition, type Target } from "./definition.js";
export { highlights, references } from "./references.js";
export type { Found } from "./names/everywhere.js";
export { signatureHelp, type SignatureHelp, type SignatureParameter } from "./signature-help.js";
export {
  likeTypes,
  semanticTokens,
  tokenModifiers,
  tokenTypes,
  type SemanticToken,
  type TokenModifier,
  type TokenType,
} from "./semantic-tokens.js";
export { documentSymbols, workspaceSymbols, type DocumentSymbol, type WorkspaceSymbol } from "./symbols.js";
export { callees, callers, prepareCallHierarchy, type Caller, type Calls } from "./call-hierarchy.js";
export { prepareRename, rename, type Refusal, type Renamable, type Renaming } from "./rename/rename.js";
export { hover, type Hover } from "./hover/hover.js";
export type { HoverOptions } from "./hover/place.js";
export { codeActions, fixAll, type CodeAction } from "./code-actions.js";
export { folding, type Folding } from "./folding.js";
export { selectionRanges } from "./selection-ranges.js";
