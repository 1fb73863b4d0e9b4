import { isSettingKey, settingOf } from '../../../../config/schema';
import type { StudyData } from '../../../../lessons/study/data';
import { contrastName, difference, givenOrder, inBounds, luckySeed, trueOrder } from '../../../../lessons/study/lesson';
import { say } from '../../../../lessons/words';
import { fixed } from '../../../format';
import { Forest } from './forest';
import type { ForestRow } from './forest';
import type { SceneProps } from './scene-props';

/** Of differences: wide enough for every interval of a set, with some air. */
function rangeOf(rows: readonly ForestRow[]): { low: number; high: number } {
  const values = rows.flatMap(({ bounds, points = [] }) => [...points, ...(bounds ? [bounds.low, bounds.high] : [])]);
  const most = 1.05 * Math.max(0.01, ...values.map(Math.abs));
  return { low: -most, high: most };
}

/** The arms in words, then the study's numbers: none before it was asked for. */
export function StudyScene({ data, place, step, scene }: SceneProps<StudyData>): React.JSX.Element {
  const locked = step in place.answers;
  switch (scene) {
    case 'seeds':
      return <Seeds data={data} locked={locked} />;
    case 'intervals':
      return <Differences label="arms.minus" rows={locked ? intervalRows(data) : openRows(data)} />;
    case 'elsewhere':
      return locked ? <Differences label="arms.actor" rows={elsewhereRows(data)} /> : <Arms data={data} />;
    case 'order':
      return locked || step === 'takeaway' ? (
        <Reached data={data} given={givenOrder(place.answers)} />
      ) : (
        <Arms data={data} />
      );
    default:
      return <Arms data={data} />;
  }
}

function Arms({ data: { arms } }: { data: StudyData }): React.JSX.Element {
  return (
    <dl className="study-arms">
      {arms.map(({ arm }) => (
        <div key={arm}>
          <dt>
            <b>{say(`arms.${arm}`)}</b>
          </dt>
          <dd>{say(`arms.${arm}.what`)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Exact match of each arm, a ring for each seed. */
function Reached({ data, given }: { data: StudyData; given: readonly number[] }): React.JSX.Element {
  const rows = trueOrder(data).flatMap((at): ForestRow[] => {
    const arm = data.arms[at];
    if (arm === undefined) return [];
    const said = given.length === 0 ? '' : ` ${say('arms.said', { place: given.indexOf(at) + 1 })}`;
    return [{ label: `${say(`arms.${arm.arm}`)}${said}`, text: fixed(arm.mean, 3), bounds: null, points: arm.bySeed }];
  });
  const values = data.arms.flatMap(({ bySeed }) => bySeed);
  return (
    <Forest
      rows={rows}
      low={Math.min(...values) - 0.02}
      high={Math.max(...values) + 0.02}
      label={say('arms.reached')}
    />
  );
}

/** One seed, then all of them. */
function Seeds({ data, locked }: { data: StudyData; locked: boolean }): React.JSX.Element {
  const lucky = luckySeed(data);
  const rows = data.anecdote.differences.map((value, at): ForestRow => {
    const shown = locked || at === lucky;
    const label = say('arms.seed', { seed: at + 1 });
    return { label, text: shown ? difference(value) : '?', bounds: null, points: shown ? [value] : [] };
  });
  const range = rangeOf([{ label: '', text: '', bounds: null, points: data.anecdote.differences }]);
  return (
    <Forest rows={rows} {...range} mark={0} label={say('arms.bySeed', { arm: say(`arms.${data.anecdote.arm}`) })} />
  );
}

function intervalRows({ contrasts }: StudyData): ForestRow[] {
  return contrasts.map((one) => ({ label: contrastName(one), text: inBounds(one), bounds: one }));
}

function openRows({ contrasts }: StudyData): ForestRow[] {
  return contrasts.map((one) => ({ label: contrastName(one), text: '?', bounds: null }));
}

function elsewhereRows({ elsewhere }: StudyData): ForestRow[] {
  return elsewhere.map((one) => ({
    label: say('arms.after', { world: inWords(one.world), updates: one.updates }),
    text: inBounds(one),
    bounds: one,
  }));
}

/** A world, and the settings that differ from the study's, by the names that their controls have. */
function inWords(world: string): string {
  const parts = world.split(', ').map((part) => {
    const [key = '', value] = part.split('=');
    return value !== undefined && isSettingKey(key) ? say('arms.setting', { name: settingOf(key).label, value }) : part;
  });
  return parts.join(', ');
}

function Differences({ rows, label }: { rows: readonly ForestRow[]; label: string }): React.JSX.Element {
  return <Forest rows={rows} {...rangeOf(rows)} mark={0} label={say(label)} />;
}
