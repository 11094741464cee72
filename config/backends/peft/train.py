#!/usr/bin/env python3
"""Trains a LoRA adapter on a round's training set and loads it into a running vLLM server.

`train.command` of an experiment names this program (docs/GPU.md). AiMe tells it what to do by environment variables
(docs/TRAINING-JOBS.md, "The command"); the last line that it prints is the new model's name.

    AIME_ADAPTERS   folder of all adapters, one folder each, which the server can read; default: adapters
    AIME_HF_MODEL   the base as transformers loads it: a name on the hub or a folder; needed
    AIME_SERVER     address of the vLLM server; default: http://127.0.0.1:8000

Options: --rank 16 --alpha 32 --batch 8 --max-length 1024 --beta 0.1, and --check, which reads everything that it is
given, loads no library and no model, trains nothing, and says what would be done.

A training that has ended is not repeated: a second start with the same AIME_JOB_KEY loads its adapter. Seeds of Python, NumPy, PyTorch and of
the data's order are AIME_SEED.
"""

import argparse
import json
import math
import os
import sys
import time
import urllib.error
import urllib.request

WAITS = (0, 2, 5, 10, 20, 40, 60, 60, 60, 60, 60, 60, 60, 60, 60)  # seconds; ten minutes in all
LENGTHS = ("AIME_EPOCHS", "AIME_STEPS", "AIME_EXAMPLES", "AIME_TOKENS")


def fail(text):
    """Ends with a message on standard error, which AiMe writes into the journal."""
    print(text, file=sys.stderr)
    sys.exit(1)


def needed(name):
    value = os.environ.get(name, "")
    if not value:
        fail(f"{name} is not set: aime sets it, or see the head of this file")
    return value


def number(name, kind):
    try:
        return kind(needed(name))
    except ValueError:
        fail(f"{name} is {os.environ[name]!r}, expected a number")


def read_examples(path):
    """The examples in the form that trl takes: prompt and completion, or prompt, chosen and rejected."""
    examples = []
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                if "preferred_output" in record:
                    examples.append(
                        {
                            "prompt": plain(record["input"]["messages"]),
                            "chosen": plain(record["preferred_output"]),
                            "rejected": plain(record["non_preferred_output"]),
                        }
                    )
                    continue
                messages = plain(record["messages"])
                if messages[-1]["role"] != "assistant":
                    fail(f"{path}:{at}: expected the last message to be the assistant's")
                examples.append({"prompt": messages[:-1], "completion": messages[-1:]})
            except (ValueError, KeyError, IndexError, TypeError) as error:
                fail(f"{path}:{at}: expected a line of JSON with messages: {error!r}")
    if not examples:
        fail(f"{path}: there are no examples")
    kinds = {tuple(sorted(e)) for e in examples}
    if len(kinds) > 1:
        fail(f"{path}: examples and preferences are mixed, expected one kind")
    return examples


def plain(messages):
    """System messages that follow each other are one: many chat templates take one alone."""
    merged = []
    for message in messages:
        role, content = message["role"], message["content"]
        if merged and role == "system" and merged[-1]["role"] == "system":
            merged[-1]["content"] += "\n\n" + content
        else:
            merged.append({"role": role, "content": content})
    return merged


def plan():
    """What aime asks for."""
    given = [name for name in LENGTHS if os.environ.get(name)]
    if len(given) != 1:
        fail(f"expected one of {', '.join(LENGTHS)} to be set; set are {given}")
    length = number(given[0], float if given[0] == "AIME_EPOCHS" else int)
    base = needed("AIME_BASE_MODEL")
    adapters = os.path.abspath(os.environ.get("AIME_ADAPTERS", "adapters"))
    start = os.path.join(adapters, base)
    return {
        "examples": read_examples(needed("AIME_DATASET")),
        "length": (given[0], length),
        "rate": number("AIME_LEARNING_RATE", float),
        "seed": number("AIME_SEED", int) % 2**32,
        "output": needed("AIME_OUTPUT"),
        "model": needed("AIME_HF_MODEL"),
        # the champion is an adapter of ours, or the base itself
        "start": start if os.path.isfile(os.path.join(start, "adapter_config.json")) else None,
        "name": needed("AIME_JOB_KEY"),
        "folder": os.path.join(adapters, needed("AIME_JOB_KEY")),
    }


def steps_of(length, examples, batch, tokens_of):
    """Optimiser steps for a length in examples or tokens; None for epochs."""
    name, amount = length
    if name == "AIME_EPOCHS":
        return None
    if name == "AIME_STEPS":
        return amount
    if name == "AIME_TOKENS":
        mean = sum(tokens_of(e) for e in examples) / len(examples)
        amount = math.ceil(amount / mean)
    return max(1, math.ceil(amount / batch))


def train(job, options):
    """Trains, and saves the adapter."""
    # cuBLAS is deterministic with a workspace of its own alone; it is read when CUDA is loaded
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch
    from datasets import Dataset
    from peft import LoraConfig, PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer, set_seed

    set_seed(job["seed"], deterministic=True)
    half = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.bfloat16 if half else torch.float32)
    lora = None
    if job["start"]:
        model = PeftModel.from_pretrained(model, job["start"], is_trainable=True)
    else:
        lora = LoraConfig(
            r=options.rank,
            lora_alpha=options.alpha,
            lora_dropout=0.0,
            task_type="CAUSAL_LM",
            target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        )

    def tokens_of(example):
        last = example["completion"] if "completion" in example else example["chosen"]
        return len(tokenizer.apply_chat_template(example["prompt"] + last))

    steps = steps_of(job["length"], job["examples"], options.batch, tokens_of)
    common = dict(
        output_dir=job["output"],
        num_train_epochs=job["length"][1] if steps is None else 1.0,
        max_steps=-1 if steps is None else steps,
        per_device_train_batch_size=options.batch,
        learning_rate=job["rate"],
        warmup_ratio=0.1,
        lr_scheduler_type="cosine",
        seed=job["seed"],
        data_seed=job["seed"],
        bf16=half,
        max_length=options.max_length,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
    )
    data = Dataset.from_list(job["examples"])
    if "chosen" in job["examples"][0]:
        from trl import DPOConfig, DPOTrainer

        trainer = DPOTrainer(
            model=model,
            args=DPOConfig(beta=options.beta, **common),
            train_dataset=data,
            processing_class=tokenizer,
            peft_config=lora,
        )
    else:
        from trl import SFTConfig, SFTTrainer

        trainer = SFTTrainer(
            model=model,
            args=SFTConfig(completion_only_loss=True, **common),
            train_dataset=data,
            processing_class=tokenizer,
            peft_config=lora,
        )
    trainer.train()
    trainer.save_model(job["folder"])


def load(job):
    """Makes the server answer under the adapter's name."""
    server = os.environ.get("AIME_SERVER", "http://127.0.0.1:8000").rstrip("/")
    body = json.dumps({"lora_name": job["name"], "lora_path": job["folder"]}).encode()
    request = urllib.request.Request(f"{server}/v1/load_lora_adapter", body, {"Content-Type": "application/json"})
    last = "no answer"
    for wait in WAITS:  # the training is done and must not be lost to a server that is restarted
        time.sleep(wait)
        try:
            urllib.request.urlopen(request, timeout=120).read()
            return
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            if error.code == 400 and "already" in text:  # loaded by an attempt before this one
                return
            last = f"{error.code} {text[:500]}"
            if error.code < 500:
                break
        except OSError as error:
            last = str(error)
    fail(f"{server} did not load the adapter {job['folder']}: {last}; is it started with --enable-lora? See docs/GPU.md")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=float, default=32)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--max-length", type=int, default=1024)
    parser.add_argument("--beta", type=float, default=0.1)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    job = plan()
    if options.check:
        kind = "pairs" if "chosen" in job["examples"][0] else "examples"
        print(f"{len(job['examples'])} {kind}, {job['length'][0]} {job['length'][1]:g}, seed {job['seed']}", file=sys.stderr)
        print(f"start: {job['start'] or job['model']}; adapter: {job['folder']}", file=sys.stderr)
    else:
        if not os.path.isfile(os.path.join(job["folder"], "adapter_config.json")):
            train(job, options)
        load(job)
    print(job["name"])


if __name__ == "__main__":
    main()
