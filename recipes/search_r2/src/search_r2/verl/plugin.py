"""What every process of verl imports (`VERL_USE_EXTERNAL_MODULES`): it registers the agent loop and the trainer by name."""

from search_r2.verl.agent_loop import SearchR2AgentLoop
from search_r2.verl.trainer import SearchR2Trainer

__all__ = ["SearchR2AgentLoop", "SearchR2Trainer"]
