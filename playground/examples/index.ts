/** The examples of the page. Their texts are files of the build: `examples/NAME.tfm`. */

export interface Example {
  readonly name: string;
  readonly title: string;
  /** A config that a browser can compute, for models whose own are as large as they were published. */
  readonly small?: string;
}

export interface ExampleGroup {
  readonly title: string;
  readonly examples: readonly Example[];
}

/** Of the published vocabulary, where the token that ends a text is one of its last. */
const published = "ctx: 64, d: 48, depth: 2, heads: 4";
const sizes = `vocab: 256, ${published}`;

export const groups: readonly ExampleGroup[] = [
  {
    title: "Start here",
    examples: [
      { name: "storyteller", title: "A storyteller, trained" },
      { name: "mistake", title: "A mistake to mend" },
      { name: "masks", title: "Masks and scores" },
    ],
  },
  {
    title: "Decoders",
    examples: [
      { name: "gpt2", title: "GPT-2", small: `GPT2{${published}}` },
      { name: "gpt3", title: "GPT-3 and GPT-Neo" },
      { name: "gpt_neox", title: "GPT-NeoX" },
      { name: "bloom", title: "BLOOM", small: "Bloom{vocab: 256, d: 48, depth: 2, heads: 6}" },
      { name: "opt", title: "OPT" },
      { name: "llama", title: "Llama", small: `Llama{${sizes}, kv_heads: 2, ff: 128}` },
      { name: "mistral", title: "Mistral", small: `Mistral{${sizes}, kv_heads: 2, ff: 128, span: 4}` },
      { name: "mixtral", title: "Mixtral", small: `Mixtral{${sizes}, kv_heads: 2, ff: 96, experts: 4}` },
      {
        name: "gemma2",
        title: "Gemma 2",
        small: `Gemma2{${sizes}, kv_heads: 2, head_dim: 16, scale_dim: 16, ff: 128, span: 4}`,
      },
      { name: "qwen2", title: "Qwen2" },
      { name: "qwen3", title: "Qwen3", small: `Qwen3{${published}, kv_heads: 2, head_dim: 16, ff: 128}` },
      { name: "phi3", title: "Phi-3", small: `Phi3{${published}, ff: 128, span: 5}` },
      { name: "sparse_transformer", title: "Sparse Transformer" },
      { name: "transformer_xl", title: "Transformer-XL" },
    ],
  },
  {
    title: "Encoders",
    examples: [
      { name: "bert", title: "BERT", small: `Bert{${sizes}}` },
      { name: "roberta", title: "RoBERTa" },
      { name: "electra", title: "ELECTRA" },
      { name: "modernbert", title: "ModernBERT", small: `ModernBert{${sizes}, ff: 96, reach: 2}` },
      { name: "longformer", title: "Longformer" },
      { name: "linformer", title: "Linformer" },
    ],
  },
  {
    title: "Encoders with decoders",
    examples: [
      { name: "transformer", title: "Transformer", small: "Transformer{vocab: 256, d: 48, depth: 2, heads: 4}" },
      { name: "t5", title: "T5", small: "T5{vocab: 256, d: 48, depth: 2, heads: 4, head_dim: 12, ff: 96}" },
      { name: "bart", title: "BART" },
      { name: "marian", title: "Marian" },
    ],
  },
  {
    title: "Images and more",
    examples: [
      { name: "vit", title: "ViT", small: "ViT{image: 16, patch: 4, d: 48, depth: 2, heads: 4}" },
      { name: "swin", title: "Swin" },
      { name: "clip", title: "CLIP" },
    ],
  },
  {
    title: "Parts",
    examples: [
      { name: "positions", title: "Ways to know positions", small: "PositionEncoder{vocab: 256, d: 48, heads: 4}" },
      { name: "moe", title: "A mixture of experts" },
    ],
  },
];

export const examples: readonly Example[] = groups.flatMap((group) => group.examples);

/** An example's text as the page shows it. */
export function withSmallConfig(text: string, { small }: Example): string {
  return small === undefined
    ? text
    : `${text.trimEnd()}\n\n## Small enough to be run here, with random weights.\nconfig small = ${small}\n`;
}

/** Weights that come with the page, by the name of their config. */
export const checkpoints: ReadonlyMap<string, string> = new Map([["storyteller", "checkpoints/storyteller"]]);
