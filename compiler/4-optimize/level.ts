/** How a value depends on an axis: from what is the same for every input, over what other inputs say, to what needs all entries. */
export const levels = ["constant", "fixed", "pointwise", "causal", "mixing"] as const;

export type Level = (typeof levels)[number];
