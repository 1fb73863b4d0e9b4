// Known advisories against the packages that the page and its commands run with, as the registry tells them.
import { ROOT } from './paths.mjs';
import { runCaptured } from './process.mjs';

/** Answered where one is known and does not matter here: `{ id: 'GHSA-..', reason: 'why' }`. One that is not told any more fails. */
const EXCEPTIONS = [];
/** `required` where a registry must answer (.github/workflows/test.yml): without an answer nothing was checked. */
const MODE = process.env.CUTPOINT_ADVISORIES;

/**
 * What an answer of `npm audit --json` means. Without one there is nothing to say: machines without a network, and registries
 * that know no advisories, pass with a note that stands beside the check.
 *
 * @param {string} stdout what it printed
 * @param {{exceptions?: readonly {id: string, reason: string}[], required?: boolean}} [options]
 * @returns {{fine: boolean, note: string, output: string}}
 */
export function judgeAudit(stdout, { exceptions = EXCEPTIONS, required = false } = {}) {
  const answer = parsed(stdout);
  if (typeof answer?.vulnerabilities !== 'object' || answer.vulnerabilities === null) {
    const why = String(answer?.error?.summary || answer?.message || 'no answer').slice(0, 200);
    return {
      fine: !required,
      note: 'NOT CHECKED: the registry told no advisories',
      output: `The registry told no advisories, so none were checked: ${why}`,
    };
  }
  const told = Object.values(answer.vulnerabilities).flatMap(({ name, via }) =>
    via.filter((one) => typeof one === 'object').map((one) => ({ ...one, id: one.url.split('/').at(-1), name })),
  );
  const open = told.filter(({ id }) => !exceptions.some((exception) => exception.id === id));
  const stale = exceptions.filter(({ id }) => !told.some((one) => one.id === id));
  return {
    fine: open.length === 0 && stale.length === 0,
    note: told.length === 0 ? 'none known' : `${told.length} known, ${told.length - open.length} named as exceptions`,
    output: [
      ...open.map(({ id, name, severity, title }) => `${name}: ${id} (${severity}) ${title}`),
      ...stale.map(({ id }) => `${id} is named as an exception, and nothing is known by it any more.`),
    ].join('\n'),
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function checkAdvisories() {
  const args = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];
  const { stdout } = await runCaptured('npm', args, { cwd: ROOT, shell: process.platform === 'win32' });
  return judgeAudit(stdout, { required: MODE === 'required' });
}
