/** What each preset is, in a sentence or two. Apart from the presets, so that the page loads it with the settings, when they are opened. */
import type { PresetId } from './schema';

export const PRESET_HELP: Readonly<Record<PresetId, string>> = {
  'search-r2':
    'A refiner reads every draft and may cut it; the actor then continues from the cut. Both learn, and good searches are rewarded too.',
  'search-r2-paper':
    'Search-R2 with reviews scored by the advantage of the final trajectory and trained as strongly as the actor, as we read the paper.',
  'search-r1': 'The actor learns alone, and only the final answer is rewarded. No draft is reviewed.',
  'search-r1-matched':
    'Search-R1 with more tries for each question, so that an update samples about as many tokens as one of Search-R2 does.',
  'process-only':
    'Search-R1 with good searches rewarded too. Shows what the process reward is worth without a refiner.',
  'refiner-only': 'Drafts are reviewed and cut, but only the actor is trained, and only the final answer is rewarded.',
  'refiner-process':
    'Drafts are reviewed and cut, and good searches are rewarded, but only the actor is trained. What Search-R2 adds is that reviews learn.',
  'group-advantage':
    'Search-R2 with each review scored by how good the final trajectory is within its group, not by how much it gained over the draft.',
  'discarded-in':
    'Search-R2 with the steps that were cut away trained too, by the reward of the final trajectory. Shows what leaving them out changes.',
  'separate-refiner':
    'Search-R2 with a second network for the reviews. Shows whether writing and reviewing get in each other’s way.',
  'supervised-refiner':
    'A second network learns to review from what the world knows of the newest drafts, beside what its cuts lead to. Shows what reinforcement alone leaves unlearned.',
  'second-reading':
    'A refiner taught by labels that reads each draft again, told first that it is to be reviewed, with a verdict behind every step.',
  'reading-refiner':
    'A refiner that reads again and is told, behind every step, how sure the actor was in it. Shows what the actor’s own doubt adds to reading.',
  hard: 'The refiner that reads best, where even a trained actor often fails: up to four hops, rumours in two texts against one true one, shared names, misfiled texts.',
  'random-cut':
    'The refiner still decides which drafts are cut, but chance decides where. Shows what finding the flawed step is worth.',
  resample:
    'The refiner still decides which drafts are rejected, but these begin again from the question. Shows what keeping the good steps is worth.',
  'always-revise':
    'The refiner cannot accept, only choose where to cut. Shows what leaving good drafts alone is worth.',
  'never-revise':
    'The refiner reads every draft, but nothing is ever cut, so the actor learns alone with the process reward.',
  'oracle-label':
    'A refiner that knows the facts cuts every draft at its flawed step. Shows how much cutting in the right place could help.',
  'oracle-wrong-only':
    'A refiner that knows the facts cuts wrong drafts at their flawed step and leaves right ones alone, also those with a search that found nothing.',
  'oracle-value':
    'Every cut of every draft is tried several times, and the best one is made if it beats the draft. An upper bound for what a refiner can do.',
  'oracle-reader':
    'What the passages of a draft say about its answer is worked out by rules, without knowing the facts. Shows what one trajectory tells a refiner that reads well.',
};
