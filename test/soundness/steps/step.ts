import type { Draft } from "../draft.js";

/** Writes one construct into the body, or gives false where nothing there suits it. */
export type Step = (draft: Draft) => boolean;
