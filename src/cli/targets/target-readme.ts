import { renderQuestion } from '../../env/english';
import type { World } from '../../env/world';
import type { Lack, Target, TargetContext } from './target';

/** README.md of an exported folder: what is in it, the command that starts it, and what is other than with us. */
export function targetReadme(
  target: Target,
  { config, notation, questions }: TargetContext,
  { world, heldOut, lacks }: { world: World; heldOut: number; lacks: readonly Lack[] },
): string {
  const example = world.chains.flat()[0];
  const isWords = notation === 'words';
  const pins = Object.entries(target.pins).map(([name, version]) => `${name} ${version}`);
  return `# ${config.preset} on ${world.schema.title}, for ${target.title}

Written by \`npm run export -- --target\` of Cutpoint. One command, in this folder:

\`\`\`sh
python3 -m venv venv && venv/bin/pip install -e "./recipe[${target.extra}]" && venv/bin/${target.command}${isWords ? '' : ' --model NAME'}
\`\`\`

It is pinned to ${pins.join(', ')}, and says so where it finds another. What was run of it, and what was not: \`recipe/${target.document}\`.
${isWords ? 'The model is the checkpoint in `model`, and its notation is its own words.' : `\`NAME\` is a model that follows instructions, on the hub or in a folder, as \`Qwen/Qwen2.5-0.5B-Instruct\` is. ${target.machine}`}

| file | content |
| --- | --- |
| \`config.json\` | settings of the rollout, the reward, the loss and the trainer |
| \`train.jsonl\` | ${questions} questions, their right answers, and the passages that support each hop |
| \`held-out.jsonl\` | ${heldOut} more, which training never asks |
| \`corpus.jsonl\` | ${world.passages.length} passages, as Search-R1's retriever has them |
| \`recipe\` | the package \`search_r2\`: prompts of actor and refiner (\`prompts.py\`), rollout, rewards, loss |
| \`rollouts\` | what the training writes: drafts, reviews, cuts and finals, a file an update |

${example === undefined ? '' : `A question: ${renderQuestion(world.schema, example)}\n`}An answer is right if the corpus says so: facts of a world may be drawn by chance, and differ from what a model knows.

Watch it, in Cutpoint’s checkout (\`DIR\` is this folder): \`npm start -- --follow DIR/rollouts\`, or \`npm run read -- DIR/rollouts/1.jsonl\`.

## Other than with us

${target.title} has not, or has otherwise:

| setting | with us | there |
| --- | --- | --- |
${lacks.map(({ setting, value, instead }) => `| ${setting} | ${value} | ${instead} |`).join('\n')}
`;
}
