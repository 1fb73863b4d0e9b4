"""Search-R2 on TRL's GRPOTrainer. `python -m search_r2.trl FOLDER` trains what `npm run export -- --target trl` wrote."""
