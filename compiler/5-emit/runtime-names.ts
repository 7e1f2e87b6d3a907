/** Names that emitted code may import or declares itself: no local may hide them. */
export const runtimeNames: readonly string[] = (
  "tf config parameters load initialise save generate weights inputs cache options prompt tokens " +
  "at attend both causal concat constant contract cut decode either embedding gelu geluTanh guard initialiseWeights input inverse " +
  "lastPosition layerNorm linear linearTransposed loadWeights lookUp normal ones onlyLast param pick positions quickGelu rearrange relu repeat rmsNorm " +
  "saveWeights silu sizeOf slice stack table take where window zeros"
).split(" ");
