"""What every process of verl imports (`VERL_USE_EXTERNAL_MODULES`): it registers the agent loop and the trainer by name.

Modules, not names of them: where one of them is imported first, it is verl that imports this, before that one is complete.
"""

import search_r2.verl.agent_loop
import search_r2.verl.trainer  # noqa: F401
