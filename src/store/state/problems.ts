import { UserError } from '../../lib/assert';
import type { Problem, Studio } from './studio-state';

/** Shows what went wrong above the panels, with what to do about it; the newest five stay until they are dismissed. */
export function reportProblem({ store }: Studio, problem: Omit<Problem, 'id'>): void {
  store.setState(({ problems }) => ({
    problems: [...problems.slice(-4), { id: (problems.at(-1)?.id ?? 0) + 1, ...problem }],
  }));
}

/** Shows why something that a person asked for was not done; whatever was there goes on. */
export function reportRefusal(studio: Studio, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const hint = (error instanceof UserError && error.hint) || 'Nothing was changed.';
  reportProblem(studio, { message, hint, fatal: false });
}
