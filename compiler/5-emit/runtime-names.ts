/** Names that emitted code may import or declares itself: no local may hide them. */
export const runtimeNames: readonly string[] = (
  "tf config parameters load initialise save generate weights inputs cache options prompt tokens " +
  "argmax argsort at attend both causal concat constant contract conv cumsum cut decode either embedding gelu geluTanh guard initialiseWeights input inverse " +
  "lastPosition layerNorm linear linearTransposed list loadWeights lookUp normal ones onlyLast param pick positions quickGelu rearrange relu repeat rmsNorm roll " +
  "recall state store within once resume carry saveWeights silu sizeOf slice stack table take where window zeros"
).split(" ");
