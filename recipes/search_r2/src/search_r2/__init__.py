"""Search-R2 (arXiv 2602.03647) as a recipe for real trainers.

What needs no torch, in the order of its use:

- prompts    what actor, refiner and judge are told, and how their replies are read
- steps      a text with tags as numbered steps; what a cut keeps
- dialects   the same of token ids: of language models, and of Cutpoint's own checkpoints
- episode    draft, review, accept or cut, regeneration: asks for tokens, passages and scores, whoever gives them
- retriever  Search-R1's retrieval protocol, as client and as server
- reward     exact match, process reward, R = EM (1 + r)
- advantages group advantages, advantages of reviews
- rows       what the loss covers, with masks and weights
- loss       the loss itself in plain Python: what a trainer's must equal
- rollouts   the lines that Cutpoint opens
"""
