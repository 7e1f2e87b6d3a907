import type { Fields } from "./fields.js";

/** What transformers takes where a config.json says nothing. */
const usualWindow = 4096;

/**
 * How far back every layer sees; undefined where that is everything. Layers that differ are refused. `switched`:
 * `use_sliding_window` says whether there is a window, as the Qwens have it.
 */
export function readWindow(config: Fields, switched: boolean): number | undefined {
  const on = switched ? config.flag("use_sliding_window", false) : true;
  const size = config.has("sliding_window")
    ? config.integer("sliding_window")
    : config.mentions("sliding_window")
      ? undefined
      : usualWindow;
  const depth = config.integer("num_hidden_layers", 32);
  // Qwen's layers from `max_window_layers` on have the window, unless they are listed one by one.
  const first = switched ? config.integer("max_window_layers", 28, 0) : 0;
  const window = on ? size : undefined;
  const listed = config.texts("layer_types");
  const sliding = listed
    ? listed.filter((type) => type === "sliding_attention").length
    : window === undefined
      ? 0
      : Math.max(0, depth - first);
  const strange = listed?.find((type) => type !== "sliding_attention" && type !== "full_attention");
  if (strange !== undefined) config.refuse("layer_types", `the example's layers attend fully or within a window`);
  if (sliding === 0) return undefined;
  if (sliding < depth || window === undefined) {
    const name = listed ? "layer_types" : "max_window_layers";
    config.refuse(
      name,
      "the example's layers are all alike",
      "import a copy with one kind, then choose by `i` in the .tfm's `repeat`",
    );
  }
  return window;
}
