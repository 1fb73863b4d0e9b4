"""Search-R2 on verl's default trainer (`verl.trainer.main_ppo`, `trainer.use_v1`).

- pins        the releases that this was written against, and what is different in others
- options     `actor_rollout_ref.rollout.custom.search_r2` of a config: what verl has no key for
- agent_loop  draft, review, cut and regeneration as an agent loop; several outputs a session
- record      what an episode leaves for its reward and its line in the dump
- reward      `reward.custom_reward_function`: R = EM (1 + r)
- weights     how much each row of a session counts
- trainer     `trainer.v1.trainer_mode: search_r2`: weights of review rows, one update a batch, the dump
- plugin      what every process of verl imports: it registers both by name
- dump        a line a session, as Cutpoint opens it
- data        the Parquet files that verl's own dataset class reads
- folder      an exported folder as overrides and Parquet
- check       what is wrong with a config, before any GPU is taken
- cost        tokens, GPU hours and memory of the paper's run

`python -m search_r2.verl DIR` starts it. Only agent_loop, trainer and plugin import verl at once.
"""
