/** npm run read -- FILE...: what the readers make of files that the page opens. See --help. */
import type { Columns } from '../config/column-lines';
import { parseColumns, readTokens } from '../config/flags';
import { UserError } from '../lib/assert';
import { tell } from './files/tell';
import type { Told } from './files/told';
import { runMain } from './main';

const HELP = `Usage: npm run read -- FILE... [--json] [--columns S,R,O]

Says what Cutpoint reads from a file, for checking and for bug reports. FILE is one of rollouts (one trajectory a line) or of
facts (subject, relation, object), weights, or a folder with weights.

  --json           one JSON object a row of rollouts, a file of facts or a checkpoint: docs/schema, read-rollout, read-facts and
                   read-checkpoint. What was refused is told on stderr
  --columns S,R,O  columns of subject, relation and object in files of facts, where they are not found
  --help           prints this

Exits with 0 where all was read, 1 where something was refused, 2 where nothing could be read.
`;

await runMain(async () => {
  const given = readTokens(process.argv.slice(2), {
    values: ['columns'],
    switches: ['json', 'help'],
    unknown: (name) => new UserError(`Unknown flag ${name}.`, 'See --help.'),
  });
  if (given.has('help')) {
    console.log(HELP);
    return 0;
  }
  if (given.positionals.length === 0) throw new UserError('Which files?', 'npm run read -- FILE..., see --help.');
  const columns = given.last('columns');
  let [read, refused] = [0, 0];
  for (const path of given.positionals) {
    const { documents, lines, refusals, opens } = await told(
      path,
      columns === undefined ? null : parseColumns(columns),
    );
    for (const line of given.has('json') ? documents.map((document) => JSON.stringify(document)) : lines) {
      console.log(line);
    }
    for (const refusal of refusals) console.error(`refused: ${refusal}`);
    read += Number(opens);
    refused += refusals.length;
  }
  return read === 0 ? 2 : refused > 0 ? 1 : 0;
});

/** A file that cannot be read does not keep the others from it. */
async function told(path: string, columns: Columns | null): Promise<Told> {
  try {
    return await tell(path, columns);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return { documents: [], lines: [], refusals: [`${path}: ${error.message}${hint}`], opens: false };
  }
}
