/** A judge model's word on which searches helped, beside the density that the reward takes. */
import { useState } from 'react';
import { problemText } from '../../../store/lab/live/connection';
import { judgedReward, judgeText } from '../../../store/lab/live/live-judge';
import type { LiveBench } from '../../../store/state/lab-state';
import { fixed } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';

export function LiveJudge({ live }: { live: LiveBench }): React.JSX.Element | null {
  const studio = useStudio();
  const hasJudge = useStudioState((state) => (state.live?.servers.judge ?? null) !== null);
  const branch = useStudioState((state) => state.lab.branch);
  const [told, setTold] = useState<{ key: string; text: string } | null>(null);
  const [asking, setAsking] = useState(false);
  const { rollout, text, view } = live;
  if (!hasJudge || rollout.golds.length === 0) return null;
  const sides = [
    { name: 'Draft', text, em: view.draft.em },
    ...(branch?.live ? [{ name: 'Your branch', text: branch.live.text, em: branch.view.final.em }] : []),
  ];
  const key = sides.map((side) => side.text).join('\n');
  const ask = async (): Promise<void> => {
    setAsking(true);
    try {
      const lines = [];
      for (const side of sides) {
        const made = await judgeText(studio, rollout, side.text);
        const helped = made === null ? 'no search' : `${made.useful} of ${made.of} searches helped`;
        lines.push(`${side.name}: ${helped}, R ${fixed(judgedReward(side.em, made))}`);
      }
      setTold({ key, text: `A model’s verdict. ${lines.join('. ')}.` });
    } catch (error) {
      setTold({ key, text: problemText(error) });
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className="sweep-line small">
      <p className="quiet" role="status">
        {told?.key === key ? told.text : 'The judge can say which searches helped, by the paper’s instruction.'}
      </p>
      <button type="button" className="button" disabled={asking} onClick={() => void ask()}>
        {asking ? 'Judging …' : 'Judge the searches'}
      </button>
    </div>
  );
}
