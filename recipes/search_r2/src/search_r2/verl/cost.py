"""What the paper's run costs: tokens, GPU hours and memory, by arithmetic from its own table.

    python -m search_r2.verl.cost > COST.md

Nothing here was measured. Each line says what it is made of; a test holds COST.md to this file.
"""

from __future__ import annotations

from dataclasses import dataclass

# The paper's table (arXiv 2602.03647).
STEPS, PROMPTS, GROUP, MICRO_BATCH = 300, 512, 5, 4
PROMPT_TOKENS, RESPONSE_TOKENS, CONTEXT_TOKENS = 4096, 3000, 15000
REVISED = 0.30
TENSOR_PARALLEL = 2
SECONDS = {"Qwen2.5-7B": (177.8, 193.2), "Qwen3-8B": (141.5, 147.3), "Qwen2.5-32B": (458.4, 469.5)}

# Ours: the machine, and how much of its speed a training gets.
GPUS, GPU_BYTES, GPU_FLOPS, UTILISATION, ROLLOUT_SHARE = 8, 80e9, 989e12, 0.4, 0.5


@dataclass(frozen=True)
class Decoder:
    """Sizes from the model's published config.json."""

    width: int
    mlp: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    vocabulary: int

    @property
    def parameters(self) -> int:
        query, key = self.heads * self.head, self.kv_heads * self.head
        attention = self.width * (query + 2 * key) + query + 2 * key + query * self.width
        layer = attention + 3 * self.width * self.mlp + 2 * self.width
        # Embedding and output are two matrices in this model.
        return 2 * self.vocabulary * self.width + self.layers * layer + self.width

    @property
    def cache_bytes(self) -> int:
        """Keys and values of a token in bfloat16."""
        return 2 * self.layers * self.kv_heads * self.head * 2


QWEN_7B = Decoder(width=3584, mlp=18944, layers=28, heads=28, kv_heads=4, head=128, vocabulary=152064)


def page() -> str:
    model, n = QWEN_7B, QWEN_7B.parameters
    rows = PROMPTS * GROUP
    most = rows * (PROMPT_TOKENS + RESPONSE_TOKENS)
    update = 10 * n * most / (GPUS * GPU_FLOPS * UTILISATION)
    weights, cache = 2 * n / TENSOR_PARALLEL, model.cache_bytes / TENSOR_PARALLEL
    room = (GPU_BYTES * ROLLOUT_SHARE - weights) / cache
    replicas = GPUS // TENSOR_PARALLEL
    at_once = replicas * int(room // (PROMPT_TOKENS + RESPONSE_TOKENS))
    speed, memory_share = f"{GPU_FLOPS / 1e12:.0f} TFLOP/s", f"{ROLLOUT_SHARE:.0%} of {GPU_BYTES / 1e9:.0f} GB"
    logits = MICRO_BATCH * (PROMPT_TOKENS + RESPONSE_TOKENS) * model.vocabulary * 2
    hours = [
        [name, f"{one:.1f}", f"{two:.1f}", f"{two / one - 1:.1%}", f"{STEPS * two / 3600:.1f}", f"{GPUS * STEPS * two / 3600:.0f}"]
        for name, (one, two) in SECONDS.items()
    ]
    tokens = [
        ["drafts a step", f"{PROMPTS} prompts x {GROUP}", f"{rows:,}"],
        ["reviews a step", "one a draft", f"{rows:,}"],
        ["regenerations a step", f"{REVISED:.0%} of the drafts", f"{rows * REVISED:,.0f}"],
        ["rows of a batch", "a final trajectory and a review each", f"{2 * rows:,}"],
        ["drafts in all", f"x {STEPS} steps", f"{STEPS * rows:,}"],
        ["tokens of the final rows a step, at most", f"x ({PROMPT_TOKENS:,} + {RESPONSE_TOKENS:,})", f"{most / 1e6:.1f} million"],
        ["the same in all, at most", f"x {STEPS}", f"{STEPS * most / 1e9:.2f} billion"],
        [
            "seconds of training a step at that length",
            f"10 operations a parameter and token, {GPUS} x {speed} x {UTILISATION:.0%}",
            f"{update:.0f}",
        ],
    ]
    memory = [
        ["parameters", "config.json of Qwen2.5-7B", f"{n:,}"],
        ["weights, gradients, AdamW", f"(4 + 4 + 8) bytes a parameter / {GPUS} GPUs", _gb(16 * n / GPUS)],
        ["of that moved to the host between phases", f"(4 + 8) bytes a parameter / {GPUS}", _gb(12 * n / GPUS)],
        ["host memory, with the reference model", "(12 + 4) bytes a parameter", _gb(16 * n)],
        ["logits of a micro-batch at full length", f"{MICRO_BATCH} x 7,096 x {model.vocabulary:,} x 2 bytes", _gb(logits)],
        ["weights for the rollout", f"2 bytes a parameter / {TENSOR_PARALLEL}", _gb(weights)],
        ["cache of a token", f"2 x 28 layers x 4 heads x 128 x 2 bytes / {TENSOR_PARALLEL}", f"{cache:,.0f} bytes"],
        ["cache of a whole context", f"x {CONTEXT_TOKENS:,}", _gb(cache * CONTEXT_TOKENS)],
        ["trajectories of full length at once", f"{memory_share}, {replicas} replicas", f"{at_once:,}"],
    ]
    return "\n".join(
        [
            "# What the paper's run costs",
            "",
            "Arithmetic from the paper's table, written by `python -m search_r2.verl.cost`.",
            "None of it was measured here. A test holds this page to that file.",
            f"Ours: {GPUS} GPUs of {GPU_BYTES / 1e9:.0f} GB, {speed}, of which a training gets {UTILISATION:.0%}.",
            "The paper's seconds a step are its own; how many GPUs they were measured on we do not know.",
            "",
            "## Time",
            "",
            *_table(["model", "s a step, Search-R1", "Search-R2", "more", f"hours, {STEPS} steps", f"GPU hours on {GPUS}"], hours),
            "",
            "## Tokens",
            "",
            *_table(["what", "from", "number"], tokens),
            "",
            "Limits are not lengths: on such GPUs a step at the limits would take longer than the paper's whole step of 193.2 s.",
            "",
            "## Memory of Qwen2.5-7B",
            "",
            "A GPU, where nothing else is said. Training and rollout take turns on the same GPUs.",
            "",
            *_table(["what", "from", "number"], memory),
            "",
        ]
    )


def _gb(count: float) -> str:
    return f"{count / 1e9:.1f} GB"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    """As Prettier lays it out."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in [head, *rows]]
    rule = ["-" * width for width in widths]
    return [f"| {' | '.join(one)} |" for one in [lines[0], rule, *lines[1:]]]


if __name__ == "__main__":
    print(page(), end="")
