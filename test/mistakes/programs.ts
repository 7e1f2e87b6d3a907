import type { Mark } from "tfmc";
import { projectFiles, readText } from "../tidy/files.js";

/** A mistake as people make it, told in two comments (elsewhere, and a thread about it), and as a program with « » around it. */
export interface Mistake {
  readonly topic: string;
  readonly name: string;
  readonly elsewhere: string;
  /** A link, where there is a thread. */
  readonly thread: string | undefined;
  readonly file: string;
  readonly text: string;
  readonly span: Mark["span"];
}

const folder = "test/mistakes/programs/";

export const mistakes: readonly Mistake[] = projectFiles
  .filter((path) => path.startsWith(folder) && path.endsWith(".tfm"))
  .map((path) => {
    const [topic = "", name = ""] = path.slice(folder.length, -".tfm".length).split("/");
    return read(topic, name, readText(path));
  });

function read(topic: string, name: string, source: string): Mistake {
  const [elsewhere = "", thread = "", ...lines] = source.split("\n").map((line, n) => (n < 2 ? line.slice(2) : line));
  const [before = "", marked = "", after = ""] = lines.join("\n").split(/[«»]/);
  const span = { start: before.length, end: before.length + marked.length };
  return {
    topic,
    name,
    elsewhere,
    thread: thread === "-" ? undefined : thread,
    file: "model.tfm",
    text: before + marked + after,
    span,
  };
}
