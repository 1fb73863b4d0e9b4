"""Saves weights of Cutpoint as people save them again: with transformers, in half precision, in shards.

    python3 -m venv venv && venv/bin/pip install transformers==5.24.0 torch==2.15.0
    venv/bin/python scripts/proofs/save_checkpoints.py src/formats/cases/k01-transformers-f32 OUT

Writes a folder a way, and `values.json`: of each way the SHA-256 of its tensors, sorted by name, widened to 32 bits, as
transformers reads them back. `npm run read -- OUT/*/` must open what is ours, and say of the rest which tensors are in the way;
src/formats/saved-again.test.ts holds the committed ones to their values.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file, save_model
from transformers import LlamaForCausalLM


def digest(model):
    total = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        # Tied to the embedding: it is in no file.
        if name != "lm_head.weight" or model.lm_head.weight is not model.model.embed_tokens.weight:
            total.update(tensor.detach().to(torch.float32).contiguous().numpy().tobytes())
    return total.hexdigest()


def main(folder, out):
    out.mkdir(parents=True, exist_ok=True)
    values = {}

    def load(dtype=torch.float32):
        return LlamaForCausalLM.from_pretrained(folder, dtype=dtype)

    def save(name, model, **how):
        model.save_pretrained(out / name, **how)
        if not how.get("variant"):
            again = LlamaForCausalLM.from_pretrained(out / name, dtype="auto")
            values[name] = digest(again)

    save("f32-shards", load(), max_shard_size="40KB")
    save("f16", load(torch.float16))
    save("bf16", load(torch.bfloat16))
    save("f16-shards", load(torch.float16), max_shard_size="40KB")
    save("bf16-shards", load(torch.bfloat16), max_shard_size="20KB")
    save("f16-variant", load(torch.float16), variant="fp16")

    # As safetensors itself saves a model, without transformers' metadata.
    model = load(torch.bfloat16)
    plain = out / "safetensors-bf16"
    plain.mkdir(exist_ok=True)
    model.config.save_pretrained(plain)
    save_model(model, str(plain / "model.safetensors"))
    values["safetensors-bf16"] = digest(model)

    # A compiled module's names, as training loops save them.
    model = load(torch.float16)
    compiled = out / "compiled-f16"
    compiled.mkdir(exist_ok=True)
    model.config.save_pretrained(compiled)
    tensors = {f"_orig_mod.{k}": v.contiguous() for k, v in model.state_dict().items() if k != "lm_head.weight"}
    save_file(tensors, str(compiled / "model.safetensors"))
    values["compiled-f16"] = digest(model)

    # What is not ours to compute: an output layer of its own, one layer more.
    model = load(torch.bfloat16)
    model.config.tie_word_embeddings = False
    model.lm_head.weight = torch.nn.Parameter(model.model.embed_tokens.weight.detach() * 1.5)
    save("bf16-untied", model)
    model = load()
    config = model.config
    config.num_hidden_layers += 1
    deeper = LlamaForCausalLM(config)
    deeper.load_state_dict(model.state_dict(), strict=False)
    save("f32-deeper", deeper)

    (out / "values.json").write_text(json.dumps(values, indent=1) + "\n")


main(Path(sys.argv[1]), Path(sys.argv[2]))
