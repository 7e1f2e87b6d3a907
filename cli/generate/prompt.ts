import { loadTokenizer, type Tokenizer } from "../../runtime/index.js";
import { Failure } from "../failure.js";
import { checkpointFolder } from "../hub/local-checkpoint.js";
import { orFailure } from "../refusal.js";

export interface Prompt {
  readonly tokens: readonly number[];
  /** Absent where the checkpoint has none. */
  readonly tokenizer: Tokenizer | undefined;
}

export interface PromptOptions {
  readonly weights?: string | undefined;
  readonly prompt?: string | undefined;
  readonly tokens?: readonly number[] | undefined;
}

/** The prompt as tokens. Text needs the checkpoint's tokenizer.json. */
export async function readPrompt(options: PromptOptions): Promise<Prompt> {
  const { weights, prompt, tokens } = options;
  const folder = weights === undefined ? undefined : await checkpointFolder(weights);
  const tokenizer = folder === undefined ? undefined : await orFailure(() => loadTokenizer(folder));
  if (tokens) return { tokens, tokenizer };
  if (prompt === undefined) throw new Failure("there is nothing to continue", "give --prompt TEXT, or --tokens 1,2,3");
  if (!tokenizer) {
    throw new Failure(
      `${folder ?? "a model with random weights"} has no tokenizer.json to read --prompt with`,
      "give the prompt as token ids: --tokens 1,2,3",
    );
  }
  return { tokens: await orFailure(() => tokenizer.encode(prompt)), tokenizer };
}
