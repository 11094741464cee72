#!/usr/bin/env python3
"""Trains the model of a running `aime serve` by its fine-tuning API: the stand-in for a trainer on a GPU.

It keeps the contract of train.command (docs/TRAINING-JOBS.md, "The command") with Python's standard library alone. The
job's key is the job's idempotency key, so that a second start of one training finds the first one's job.

    AIME_SERVER        address of the server; default: http://127.0.0.1:7464
    AIME_SERVER_RATE   its learning rate (`aime serve --learning-rate`); default: 0.001
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

SERVER = os.environ.get("AIME_SERVER", "http://127.0.0.1:7464").rstrip("/")


WAITS = (0, 1, 2, 5, 10, 20, 40, 60, 60, 60, 60, 60, 60, 60, 60)  # seconds; ten minutes in all


def ask(method, path, body=None, kind="application/json", headers=None):
    """Asks until the server answers: it may be restarted meanwhile, and continues its jobs."""
    last = "no answer"
    for wait in WAITS:
        time.sleep(wait)
        request = urllib.request.Request(SERVER + path, body, {"Content-Type": kind, **(headers or {})}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            last = f"{error.code} {error.read().decode(errors='replace')[:500]}"
            if error.code < 500 and error.code != 429:
                break
        except OSError as error:
            last = f"{error}; start it with `aime serve`"
    sys.exit(f"{method} {SERVER}{path}: {last}")


def hyperparameters():
    """What the API can be told of the plan; what it cannot is refused, so that no plan says what was not done."""
    epochs = os.environ.get("AIME_EPOCHS", "")
    if not epochs.isdigit() or int(epochs) < 1:
        sys.exit("the fine-tuning API counts in whole epochs: give train.epochs in place of steps, examples or tokens")
    rate = float(os.environ["AIME_LEARNING_RATE"]) / float(os.environ.get("AIME_SERVER_RATE", "0.001"))
    return {"n_epochs": int(epochs), "learning_rate_multiplier": rate}


def upload(path):
    boundary = uuid.uuid4().hex
    with open(path, "rb") as file:
        content = file.read()
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nfine-tune\r\n'.encode(),
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="dataset.jsonl"\r\n'.encode(),
        b"Content-Type: application/jsonl\r\n\r\n" + content + b"\r\n",
        f"--{boundary}--\r\n".encode(),
    ]
    return ask("POST", "/v1/files", b"".join(parts), f"multipart/form-data; boundary={boundary}")["id"]


def main():
    key = os.environ["AIME_JOB_KEY"]
    order = {
        "model": os.environ["AIME_BASE_MODEL"],
        "training_file": upload(os.environ["AIME_DATASET"]),
        "seed": int(os.environ["AIME_SEED"]) % 2**31,
        "suffix": key,
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": hyperparameters()},
        },
    }
    job = ask("POST", "/v1/fine_tuning/jobs", json.dumps(order).encode(), headers={"Idempotency-Key": key})
    while job["status"] not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.5)
        job = ask("GET", f"/v1/fine_tuning/jobs/{job['id']}")
    if job["status"] != "succeeded":
        sys.exit(f"the job {job['id']} {job['status']}: {(job.get('error') or {}).get('message')}")
    print(job["fine_tuned_model"])


if __name__ == "__main__":
    main()
