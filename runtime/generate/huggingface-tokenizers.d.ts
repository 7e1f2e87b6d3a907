/** What is used of the library. Its own types import each other in a way that TypeScript does not resolve in ES modules. */
declare module "@huggingface/tokenizers" {
  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    encode(text: string, options?: { add_special_tokens?: boolean }): { ids: number[] };
    decode(ids: number[], options?: { skip_special_tokens?: boolean; clean_up_tokenization_spaces?: boolean }): string;
    get_vocab(withAddedTokens?: boolean): ReadonlyMap<string, number>;
  }
}
