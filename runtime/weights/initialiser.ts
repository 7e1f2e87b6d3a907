/** How a parameter begins. */
export type Initialiser =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly deviation: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number };

export const constant = (value: number): Initialiser => ({ kind: "constant", value });
export const zeros: Initialiser = constant(0);
export const ones: Initialiser = constant(1);
/** Normal, with mean 0. */
export const normal = (deviation: number): Initialiser => ({ kind: "normal", deviation });
export const uniform = (low: number, high: number): Initialiser => ({ kind: "uniform", low, high });
