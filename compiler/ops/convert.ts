import { special } from "./primitive.js";

/** One value for another, entry by entry: chosen, converted, or passed on. */
export const conversions = [
  special("select", "select(condition, a, b)", 3, "a where the condition holds, else b."),
  special("real", "real(x)", 1, "An int or bool as a real."),
  special("int", "int(x)", 1, "A bool or (towards zero) a real as an int."),
  special(
    "dropout",
    "dropout(x, p)",
    2,
    "In training, drops entries with probability p and scales the rest by 1 / (1 - p).",
    { named: ["p"] },
  ),
  special("id", "id(x)", 1, "Its argument."),
  special("stop_gradient", "stop_gradient(x)", 1, "Its argument, a constant for the gradient."),
];
