/** Activations by the names that transformers gives them. */
export const activations: ReadonlyMap<string, string> = new Map([
  ["gelu", "gelu"],
  ["gelu_new", "gelu_tanh"],
  ["gelu_fast", "gelu_tanh"],
  ["gelu_pytorch_tanh", "gelu_tanh"],
  ["quick_gelu", "quick_gelu"],
  ["relu", "relu"],
  ["relu2", "relu2"],
  ["leaky_relu", "leaky_relu"],
  ["elu", "elu"],
  ["softplus", "softplus"],
  ["silu", "silu"],
  ["swish", "silu"],
  ["tanh", "tanh"],
  ["sigmoid", "sigmoid"],
]);
