/** What a user can choose, in the client's section `tfmc`. */
export interface Settings {
  /** Shapes beside the text: none, one at the end of a line, or one for each stage. */
  readonly inlayShapes: "off" | "lines" | "all";
  readonly codeLens: boolean;
  /** Whether hovers may hold images; without, masks are drawn in characters. */
  readonly images: boolean;
}

export const defaults: Settings = { inlayShapes: "lines", codeLens: true, images: false };

/** What is not as it should be is as if it were not given. */
export function readSettings(given: unknown, otherwise = defaults): Settings {
  const from = asRecord(given);
  const { inlayShapes, codeLens, images } = from;
  return {
    inlayShapes:
      inlayShapes === "off" || inlayShapes === "lines" || inlayShapes === "all" ? inlayShapes : otherwise.inlayShapes,
    codeLens: typeof codeLens === "boolean" ? codeLens : otherwise.codeLens,
    images: typeof images === "boolean" ? images : otherwise.images,
  };
}

/** What a client says that it has, beyond the protocol: commands, `tfmc.showGraph`, or types of semantic tokens, `axis`. */
export function listed(options: unknown, key: "commands" | "tokenTypes"): ReadonlySet<string> {
  const { [key]: all } = asRecord(options);
  return new Set(Array.isArray(all) ? all.filter((each) => typeof each === "string") : []);
}

export const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
