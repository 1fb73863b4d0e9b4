"""Releases that the recipe was written against and run with."""

from __future__ import annotations

import importlib.metadata

PINS = {
    "verl": "0.9.1",
    "ray": "2.60.0",
    "torch": "2.11.0",
    "transformers": "5.9.0",
    "tensordict": "0.10.0",
    "TransferQueue": "0.1.11",
}

CHANGED = {
    "verl": (
        "0.9 made `trainer.use_v1` the default; its agent loops may give several outputs a session, which is how reviews are "
        "trained; the trainer, its queue and the shape of its dump have no stable interface between releases"
    ),
    "transformers": "0.9.1 of verl wants 5.5.3 or newer, below 5.11, and its sglang extra 5.9.0",
    "tensordict": "0.9.1 of verl stacks a session's outputs with tensordict 0.10 and refuses 0.11",
    "TransferQueue": "the trainer fetches and stores columns by its key-value interface",
}


def differing(installed: dict[str, str | None] | None = None) -> list[str]:
    """A sentence for each package that is not the pinned one; `installed` stands in for what is."""
    told = []
    for name, pin in PINS.items():
        version = installed.get(name) if installed is not None else _version(name)
        # A build's own suffix, such as +cu130, is no other release.
        if version is not None and version.split("+")[0] == pin:
            continue
        found = "is not installed" if version is None else f"is {version}"
        why = f" ({CHANGED[name]})" if name in CHANGED else ""
        told.append(f"{name} {found}; the recipe was run with {pin}{why}: pip install {name}=={pin}")
    return told


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
