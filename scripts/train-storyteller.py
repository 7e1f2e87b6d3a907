"""Trains the checkpoint that the playground runs: a GPT-2 of half a million parameters that tells very short stories.

    python3 -m venv training && training/bin/pip install torch transformers tokenizers safetensors
    training/bin/python scripts/train-storyteller.py [STEPS]

The stories are made here, from sentences of our own: who, what and where are drawn at random and come again later in the story, so
that a model has to look back to tell them well, which its attention then shows. Writes what transformers would (config.json,
model.safetensors in half precision, tokenizer.json) to playground/checkpoints/storyteller.
"""
import json
import pathlib
import random
import sys
import time

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "playground" / "checkpoints" / "storyteller"
END = "<|endoftext|>"
# The stories have too few words for all of this vocabulary: the tokenizer says how many it has.
VOCAB, CONTEXT, WIDTH, DEPTH, HEADS = 640, 128, 96, 3, 4
BATCH, RATE, WARM = 8, 3e-3, 60

GIRLS = ["Mia", "Ada", "Lena", "Nora", "Ruth", "Ida"]
BOYS = ["Tom", "Emil", "Jon", "Max", "Finn", "Otto"]
ANIMALS = ["dog", "cat", "fox", "owl", "frog", "hen", "goat", "mouse"]
ANIMAL_NAMES = ["Pip", "Bello", "Momo", "Kiki", "Rufus", "Zaza"]
COLOURS = ["red", "blue", "green", "yellow", "white", "black"]
THINGS = ["ball", "kite", "hat", "boat", "key", "lamp", "drum", "book", "bell", "coat"]
PLACES = ["forest", "garden", "river", "barn", "hill", "village", "attic", "meadow"]
FOODS = ["soup", "bread", "cake", "plums", "honey", "cheese"]
WEATHER = ["The sun was shining", "It was raining", "The wind was cold", "Snow was falling", "The night was dark"]
TIMES = ["One day", "One morning", "One evening", "In the winter", "In the summer", "Last week"]


def story(draw: random.Random) -> str:
    is_girl = draw.random() < 0.5
    names = GIRLS if is_girl else BOYS
    who = draw.choice(names)
    friend = draw.choice([name for name in GIRLS + BOYS if name != who])
    she, her = ("she", "her") if is_girl else ("he", "him")
    animal, called = draw.choice(ANIMALS), draw.choice(ANIMAL_NAMES)
    colour, thing, place, food = draw.choice(COLOURS), draw.choice(THINGS), draw.choice(PLACES), draw.choice(FOODS)
    other_place = draw.choice([each for each in PLACES if each != place])
    near = "in" if place not in ("river", "hill") else "at" if place == "river" else "on"
    other_near = "in" if other_place not in ("river", "hill") else "at" if other_place == "river" else "on"
    when, sky = draw.choice(TIMES), draw.choice(WEATHER)
    capital = she.capitalize()

    opening = draw.choice([
        f"{who} had a {colour} {thing}. {capital} took the {thing} with {her} every day.",
        f"{who} lived near the {place} with a {animal}. The {animal} was called {called}.",
        f"Once there was a {animal} called {called}. {called} had a friend, and the friend was {who}.",
        f"{when} {who} went to the {place}. {sky}.",
    ])
    lost = draw.choice([
        f"{when} {who} lost the {colour} {thing} {near} the {place}. {capital} looked for the {thing} everywhere.",
        f"{when} the {colour} {thing} of {who} was gone. \"Where is my {thing}?\" asked {who}.",
    ])
    met = draw.choice([
        f"There {who} met {friend}. \"Hello, {who},\" said {friend}. \"Hello, {friend},\" said {who}.",
        f"{friend} came to help. \"What do you look for, {who}?\" asked {friend}. \"I look for my {colour} {thing},\" said {who}.",
        f"The {animal} ran to {who}. \"Good day, little {animal},\" said {who}.",
    ])
    found = draw.choice([
        f"At last {she} found the {thing} {other_near} the {other_place}. It was wet, but it was still {colour}.",
        f"The {animal} had seen the {thing}. It was {other_near} the {other_place}. \"Thank you, little {animal},\" said {who}.",
        f"Then {friend} laughed. The {colour} {thing} was on the head of the {animal}!",
        f"{who} and {friend} found the {thing} {other_near} the {other_place}.",
    ])
    ending = draw.choice([
        f"They went home and ate {food}. {who} was very happy.",
        f"{who} gave {friend} some {food}, and {friend} gave {who} a song.",
        f"That night {who} slept well, and the {thing} lay next to {her}.",
        f"\"You are a good friend, {friend},\" said {who}. And they were friends for ever.",
    ])
    return " ".join([opening, lost, met, found, ending])


def train_tokenizer(texts) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB, special_tokens=[END], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def main() -> None:
    steps = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
    torch.manual_seed(7)
    draw = random.Random(7)
    stories = [story(draw) for _ in range(20_000)]
    tokenizer = train_tokenizer(stories)
    end = tokenizer.token_to_id(END)
    stream = torch.tensor([id for text in stories for id in [*tokenizer.encode(text).ids, end]])
    starts = torch.cat([torch.tensor([0]), (stream == end).nonzero().flatten()[:-1] + 1])
    starts = starts[starts < len(stream) - CONTEXT]
    config = GPT2Config(
        vocab_size=tokenizer.get_vocab_size(), n_positions=CONTEXT, n_embd=WIDTH, n_layer=DEPTH, n_head=HEADS,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=end, eos_token_id=end,
    )
    model = GPT2LMHeadModel(config)
    print(f"{len(stream)} tokens, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.05)

    def rate(step: int) -> float:
        return min(1, (step + 1) / WARM) * max(0.02, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    began = time.time()
    for step in range(steps):
        # Every sequence begins with a story, as every prompt does.
        at = starts[torch.randint(len(starts), (BATCH,))]
        batch = stream[at[:, None] + torch.arange(CONTEXT)]
        loss = model(batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            print(f"step {step}  loss {loss.item():.3f}  {time.time() - began:.0f} s", flush=True)
    write(model, tokenizer, config)
    for prompt in ["Mia had a red", "Once there was a", "Tom went to the"]:
        ids = torch.tensor([tokenizer.encode(prompt).ids])
        made = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=80, do_sample=True, temperature=0.7, pad_token_id=end)
        print(tokenizer.decode(made[0].tolist()), flush=True)


def write(model, tokenizer, config) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items() if name != "lm_head.weight"}
    save_file(state, FOLDER / "model.safetensors", metadata={"format": "pt"})
    # The library that writes weights makes them readable to their owner alone.
    (FOLDER / "model.safetensors").chmod(0o644)
    (FOLDER / "tokenizer_config.json").write_text("{}\n")
    tokenizer.save(str(FOLDER / "tokenizer.json"), pretty=False)
    kept = ["model_type", "architectures", "vocab_size", "n_positions", "n_embd", "n_layer", "n_head", "n_inner",
            "activation_function", "layer_norm_epsilon", "resid_pdrop", "bos_token_id", "eos_token_id"]
    fields = {**config.to_dict(), "architectures": ["GPT2LMHeadModel"]}
    text = json.dumps({name: fields[name] for name in kept}, indent=2)
    (FOLDER / "config.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
