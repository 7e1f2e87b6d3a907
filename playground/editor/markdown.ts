import { marked } from "marked";
import { cleaned } from "./cleaned.js";

/** Markdown as markup that runs nothing and loads nothing. */
export const markdown = (text: string): string => cleaned(marked.parse(text, { async: false }));
