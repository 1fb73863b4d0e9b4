/** What the file has over its training steps, as small charts that share axis and cursor; a click lists a step. */
import { useMemo, useState } from 'react';
import { chooseRolloutStep } from '../../../store/files/open/open-rollouts';
import { announce } from '../../../store/state/announce';
import type { OpenedRollouts } from '../../../store/state/rollouts-state';
import { summarizeSet } from '../../../store/view/rollout-sets';
import { useStudio } from '../../studio-context';
import { StepChart } from './step-chart';
import { stepCharts } from './step-chart-specs';

export function StepCharts({ file }: { file: OpenedRollouts }): React.JSX.Element | null {
  const studio = useStudio();
  const [cursor, setCursor] = useState<number | null>(null);
  const table = studio.rollouts.shelf?.file.table;
  const { steps } = file;
  const points = useMemo(
    () =>
      table
        ? steps
            .filter(({ step }) => step >= 0)
            .map(({ step, ...rows }) => ({ step, ...summarizeSet({ table, ...rows }) }))
        : [],
    [table, steps],
  );
  const specs = useMemo(() => (table ? stepCharts(points, table) : []), [table, points]);
  if (points.length < 2) return null;
  return (
    <div className="step-charts">
      {specs.map((spec) => (
        <StepChart
          key={spec.title}
          spec={spec}
          points={points}
          cursor={cursor}
          chosen={file.step}
          onCursor={setCursor}
          onChoose={(step) => {
            chooseRolloutStep(studio, step);
            announce(studio, `Step ${step} is listed`);
          }}
        />
      ))}
    </div>
  );
}
