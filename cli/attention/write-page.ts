import { basename } from "node:path";
import { loadTokenizer } from "../../runtime/index.js";
import { writeAtomically } from "../files.js";
import { checkpointFolder } from "../hub/local-checkpoint.js";
import { orFailure } from "../refusal.js";
import type { RunResult } from "../run/run-task.js";
import { everyAttention, matches } from "../run/taps.js";
import { readMaps } from "./maps.js";
import { attentionPage } from "./page.js";

/** Draws what was tapped of attention, beside the tokens that the inputs held. */
export async function writeAttention(
  path: string,
  file: string,
  { tapped, tokens }: RunResult,
  weights: string | undefined,
): Promise<void> {
  const maps = tapped.flatMap((output) => (matches(everyAttention, output.name) ? (readMaps(output) ?? []) : []));
  const folder = weights === undefined ? undefined : await checkpointFolder(weights);
  const tokenizer = folder === undefined ? undefined : await orFailure(() => loadTokenizer(folder));
  const textOf = (id: number): string => tokenizer?.decode([id], { special: true }) ?? String(id);
  // Of several inputs of one length, that with the largest numbers is the text: others are segments, or what to look at.
  const inOrder = tokens.toSorted((a, b) => Math.max(...b.flat()) - Math.max(...a.flat()));
  const examples = Math.max(0, ...tokens.map((rows) => rows.length));
  const texts = Array.from({ length: examples }, (_, n) =>
    inOrder.flatMap((rows) => (rows[n] ? [rows[n].map(textOf)] : [])),
  );
  writeAtomically(path, attentionPage({ title: `Attention in ${basename(file)}`, maps, tokens: texts }));
}
