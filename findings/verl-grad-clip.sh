#!/bin/sh
# verl 0.9.1: the key that its actor documents for clipping gradients, `actor.grad_clip`, is read by nothing.
#
# Guess: `actor_rollout_ref.actor.grad_clip` ("Gradient clipping threshold", 1.0, in dp_actor.yaml and in FSDPActorConfig) is the
#   norm that gradients are clipped to.
# Seen: FSDP's engine is made with `actor.optim` and clips at `actor.optim.clip_grad`, which stays 1.0 whatever `actor.grad_clip`
#   says. `optim.grad_clip`, a deprecated name of the same, is taken over; the actor's own key has no reader and no warning.
# For whom it matters: whose config says actor.grad_clip, as the critic's too: set `optim.clip_grad`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet verl==0.9.1 torch==2.11.0 'ray[default]==2.60.0' transformers==5.9.0 tensordict==0.10.0
cat >see.py <<'PY'
import inspect
import json
import pathlib
import re

import verl
from hydra import compose, initialize_config_module
from verl.utils.config import omega_conf_to_dataclass
from verl.workers.engine.fsdp import transformer_impl

given = [f"actor_rollout_ref.{key}" for key in ("actor.grad_clip=0.05", "actor.ppo_micro_batch_size_per_gpu=1", "rollout.name=vllm")]
with initialize_config_module("verl.trainer.config", version_base=None):
    actor = omega_conf_to_dataclass(compose("ppo_trainer", given).actor_rollout_ref.actor)
step = inspect.getsource(transformer_impl.FSDPEngine.optimizer_step)
# Outside of the classes that declare it.
readers = [
    path.name
    for path in pathlib.Path(verl.__file__).parent.rglob("*.py")
    if "config" not in path.parts and re.search(r"[.\"']grad_clip\b", path.read_text())
]
clips = sorted(set(re.findall(r"optimizer_config\.\w+", step)))
print(json.dumps({"actor.grad_clip": actor.grad_clip, "optim.clip_grad": actor.optim.clip_grad, "clips at": clips, "readers": readers}))
PY
seen=$(venv/bin/python see.py 2>/dev/null | tail -1)
echo "verl 0.9.1: $seen"
wanted='{"actor.grad_clip": 0.05, "optim.clip_grad": 1.0, "clips at": ["optimizer_config.clip_grad"], "readers": []}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
