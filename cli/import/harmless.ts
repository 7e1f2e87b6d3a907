/** Fields of a config.json that change nothing about what the model computes. */
const harmless: ReadonlySet<string> = new Set([
  // About the file and the classes of transformers.
  "_name_or_path",
  "_attn_implementation",
  "_attn_implementation_autoset",
  "architectures",
  "auto_map",
  "model_type",
  "transformers_version",
  "task_specific_params",
  "finetuning_task",
  "problem_type",
  // How numbers are stored; the loader reads every width.
  "dtype",
  "torch_dtype",
  "reorder_and_upcast_attn",
  // What transformers returns besides the logits, and how it runs.
  "use_cache",
  "output_attentions",
  "output_hidden_states",
  "return_dict",
  "use_return_dict",
  "is_encoder_decoder",
  "is_decoder",
  "chunk_size_feed_forward",
  "pretraining_tp",
  "torchscript",
  // For training from scratch, and for heads that are refused where they are used.
  "initializer_range",
  "id2label",
  "label2id",
  "num_labels",
  "summary_activation",
  "summary_first_dropout",
  "summary_proj_to_labels",
  "summary_type",
  "summary_use_proj",
  // The same numbers under older names.
  "n_ctx",
  // For the tokenizer.
  "bos_token_id",
  "pad_token_id",
  "unk_token_id",
  "sep_token_id",
  "cls_token_id",
]);

export const isHarmless = (name: string): boolean => harmless.has(name);
