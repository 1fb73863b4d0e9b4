#!/bin/sh
# verl 0.9.1: rows that nobody generated are in the rollouts that its default trainer dumps.
#
# Guess: `rollout_data_dir/N.jsonl` has a line for each output of a session, so that the mean of `score` over its lines with the
#   reward is the reward of the step.
# Seen: where an agent loop gives several outputs, or a session fails, the trainer fills the batch up to whole mini-batches, and
#   dumps the filling too: lines with empty `input` and `output`, score 0, and the right answer (`gts`) of the first real row.
#   Only the `uid` tells them: it begins with `pad` and has a UUID of its own.
# For whom it matters: who averages or counts the lines of such a file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet verl==0.9.1 torch==2.11.0 'ray[default]==2.60.0' transformers==5.9.0 tensordict==0.10.0 \
  TransferQueue==0.1.11 cachetools fastapi uvicorn msgspec pyzmq
cat >see.py <<'PY'
import json
import pathlib
import types

import torch
from transfer_queue import KVBatchMeta
from verl.trainer.ppo import padding_utils
from verl.trainer.ppo.v1 import trainer_base
from verl.utils.tensordict_utils import list_of_dict_to_tensordict

EOS = 0


class Store:
    """The two calls of the transfer queue that are made here, in memory."""

    def __init__(self, rows):
        self.rows = rows

    def kv_batch_get(self, keys, partition_id, select_fields=None):
        names = select_fields or list(self.rows[keys[0]])
        return list_of_dict_to_tensordict([{name: self.rows[key][name] for name in names} for key in keys])

    def kv_batch_put(self, keys, partition_id, fields, tags):
        for place, key in enumerate(keys):
            self.rows[key] = {name: getattr(fields[name][place], "data", fields[name][place]) for name in fields.keys()}


def row(text):
    ids = torch.tensor([ord(c) for c in text])
    scores = torch.zeros(len(ids))
    scores[-1] = 1.0
    truth = {"style": "rule", "ground_truth": {"target": ["Rome"]}}
    rest = {"uid": "q", "session_id": 0, "num_turns": 1, "reward_model": truth, "multi_modal_inputs": {}}
    own = {"prompts": ids, "responses": ids, "input_ids": ids.repeat(2), "position_ids": torch.arange(2 * len(ids))}
    masks = {"response_mask": torch.ones_like(ids), "loss_mask": torch.ones_like(ids), "rm_scores": scores}
    return {**rest, **own, **masks, "rollout_log_probs": torch.zeros(len(ids))}


# One prompt, two sessions, the first of two outputs; a mini-batch is four rows.
keys = ["q_0_0", "q_0_1", "q_1_0"]
store = Store({key: row(key) for key in keys})
padding_utils.tq = trainer_base.tq = store
batch = KVBatchMeta(partition_id="train", keys=keys, tags=[{"seq_len": 10} for _ in keys])
batch = padding_utils.upsample_batch_to_divisible_size(batch, 4, EOS)
[trainer_class] = [one for one in vars(trainer_base).values() if isinstance(one, type) and "_log_rollout_data" in vars(one)]
decode = lambda ids, skip_special_tokens: "".join(chr(int(i)) for i in ids if int(i) != EOS)
trainer = types.SimpleNamespace(global_steps=1, tokenizer=types.SimpleNamespace(pad_token_id=EOS, decode=decode))
trainer._write_generations = trainer_class._write_generations
for name in ["_init_dump_executor", "_dump_generations", "_shutdown_dump_executor"]:
    setattr(trainer, name, types.MethodType(getattr(trainer_class, name), trainer))
trainer._init_dump_executor()
trainer_class._log_rollout_data(trainer, batch, {}, "dump")
trainer._shutdown_dump_executor()
lines = [json.loads(line) for line in pathlib.Path("dump/1.jsonl").read_text().splitlines()]
extra = [{**line, "uid": line["uid"][:3]} for line in lines if line["uid"] not in keys]
print(json.dumps({"generated": len(keys), "lines": len(lines), "extra": extra}))
PY
seen=$(venv/bin/python see.py 2>/dev/null | tail -1)
echo "verl 0.9.1: $seen"
wanted='{"generated": 3, "lines": 4, "extra": [{"input": "", "output": "", "gts": {"target": ["Rome"]}, "score": 0.0, "step": 1, "uid": "pad"}]}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
