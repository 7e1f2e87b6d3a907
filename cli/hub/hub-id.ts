/** A model of the Hugging Face Hub, at a branch, a tag or a commit. */
export interface HubId {
  readonly name: string;
  readonly revision: string;
}

/** `openai-community/gpt2`, or `openai-community/gpt2@v1`; undefined where a text is neither. */
export function readHubId(text: string): HubId | undefined {
  const parts = /^(?<name>\w[\w.-]*\/\w[\w.-]*)(?:@(?<revision>\w[\w./-]*))?$/.exec(text)?.groups;
  const { name, revision = "main" } = parts ?? {};
  return name === undefined || `${name}/${revision}`.includes("..") ? undefined : { name, revision };
}
