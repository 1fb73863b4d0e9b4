/** One trajectory, or what Cut Lab compares, as a page of its own: loaded when that is asked for. */
import { htmlPage } from '../../../recordings/html-page';
import type { PageColumn, PageContent, PageRemark } from '../../../recordings/html-page';
import type { TrajectoryView } from '../../../recordings/decode-trajectory';
import { remarkPlace } from '../../../rollouts/reading/remarks';
import { announce } from '../../state/announce';
import type { TrajectoryRef } from '../../state/compared';
import type { Studio } from '../../state/studio-state';
import type { CurrentView } from '../../view/current-view';
import { shownRef } from '../../view/compare-actions';
import { findTrajectory, storedAt } from '../../lab/answers';
import type { FoundTrajectory } from '../../lab/answers';
import { download } from './download';
import { labelsOf } from '../labels/labels';

/** The trajectory word by word is JSON's; this is for reading. null where it is not kept any more. */
export async function trajectoryPage(studio: Studio, ref: TrajectoryRef): Promise<PageContent | null> {
  const found = findTrajectory(studio, ref);
  return found && { ...(await aboutOf(studio, found)), columns: columnsOf(found.view) };
}

/** The columns of Cut Lab that are on screen: draft or branch, what the refiner made of it, what a person did. */
export async function comparisonPage(studio: Studio, view: CurrentView): Promise<PageContent | null> {
  const found = findTrajectory(studio, shownRef(studio, view));
  if (found === null) return null;
  const { root, branches } = studio.store.getState().lab;
  const byHand = view.engine !== null && root?.rows[0] === view.trajectory.row ? branches : [];
  const columns = byHand.map(({ id, step, forced, parent, view: { final } }): PageColumn => {
    const what = forced === null ? `cut at step ${step}` : `other token in step ${step}`;
    return {
      title: `Your branch ${id}`,
      note: `${what}${parent === null ? '' : ` of branch ${parent}`}`,
      side: final,
      from: step,
    };
  });
  return { ...(await aboutOf(studio, found)), columns: [...columnsOf(found.view), ...columns] };
}

function columnsOf({ cut, draft, final, review, handBranches = [] }: TrajectoryView): PageColumn[] {
  const note = cut > 0 ? 'before the cut' : review === null ? '' : 'accepted';
  return [
    { title: cut > 0 ? 'Draft' : 'Trajectory', note, side: draft, from: 1 },
    ...(cut > 0 ? [{ title: 'Final', note: `cut at step ${cut}`, side: final, from: cut }] : []),
    ...handBranches.map(({ branch, parent, cut: from, side }): PageColumn => {
      const where =
        parent === null ? 'a beginning of its own' : `from step ${from}${parent > 0 ? ` of branch ${parent}` : ''}`;
      return { title: `Branch ${branch}`, note: where, side, from: parent === 0 ? from : 1 };
    }),
  ];
}

async function aboutOf(studio: Studio, found: FoundTrajectory): Promise<Omit<PageContent, 'columns'>> {
  const { question, rightAnswer, file, step, number } = found;
  const when = step === null ? [] : [`${file === null ? 'update' : 'training step'} ${step}`];
  const { config } = studio.store.getState();
  const origin = file ?? `run ${config.preset}, ${config.world}, seed ${config.runSeed}`;
  return {
    ...{ question, rightAnswer, about: [origin, ...when, `rollout ${number}`] },
    remarks: await remarksAbout(studio, found),
  };
}

async function remarksAbout(studio: Studio, { ref, view }: FoundTrajectory): Promise<PageRemark[]> {
  const labels = labelsOf(studio);
  await labels.open();
  const said = (): ReturnType<typeof labels.at> => {
    if (ref.file === 'run') {
      const stored = storedAt(studio, ref.pin, ref.update);
      return stored ? labels.at(stored, stored.rows.indexOf(ref.row)) : [];
    }
    const { shelf } = studio.rollouts;
    if (ref.file !== 'shown' || shelf === null) return [];
    return labels.ofFile(ref.row) ?? shelf.file.table.remarks.get(ref.row) ?? [];
  };
  return said().map((remark) => ({ ...remark, place: remarkPlace(remark, view.cut > 0) }));
}

/** Never rejects. */
export async function savePage(studio: Studio, content: Promise<PageContent | null>): Promise<void> {
  const page = await content;
  if (page === null) {
    announce(studio, 'It is not kept any more');
    return;
  }
  const words = page.question
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  const name = `cutpoint-${words || 'trajectory'}.html`;
  download(name, new Blob([htmlPage(page)], { type: 'text/html' }));
  announce(studio, `Saved as ${name}`);
}
