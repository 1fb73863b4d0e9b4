import { useMemo, useState } from 'react';
import { entityName, nearestQuestions, nextHops, questionText, visitedBy } from '../../../store/lab/ask-it';
import type { Answered, loadFacts } from '../../../store/lab/ask-it';
import type { StudioState } from '../../../store/state/studio-state';
import { LessonLink } from '../../primitives/lesson-link';

type Facts = Awaited<ReturnType<typeof loadFacts>>;
type World = NonNullable<StudioState['world']>;

export interface Asked {
  chain: NonNullable<Answered['chain']>;
}

interface QuestionPickerProps {
  world: World;
  facts: Facts;
  busy: boolean;
  onAsk: (asked: Asked) => void;
}

/** An entity and the relations that lead on from it, each to one entity; or a typed text and the questions most like it. */
export function QuestionPicker({ world, facts, busy, onAsk }: QuestionPickerProps): React.JSX.Element {
  const starts = useMemo(
    () =>
      [...new Set(Array.from(facts.single.keys(), (f) => facts.facts[3 * f] ?? 0))]
        .filter((entity) => nextHops(facts, [entity]).length > 0)
        .sort((a, b) => entityName(world, a).localeCompare(entityName(world, b))),
    [facts, world],
  );
  const [chosen, setChosen] = useState<{ start: number; relations: number[] } | null>(null);
  const [text, setText] = useState('');
  const offers = useMemo(() => nearestQuestions(world, facts, text), [world, facts, text]);
  const start = chosen?.start ?? starts[0] ?? 0;
  const first = nextHops(facts, [start])[0];
  const relations = chosen?.relations ?? (first ? [first.relation] : []);
  const visited = visitedBy(facts, start, relations);
  const known = relations.slice(0, visited.length - 1);
  const setHop = (hop: number, value: string): void => {
    const kept = known.slice(0, hop);
    setChosen({ start, relations: value === '' ? kept : [...kept, Number(value)] });
  };
  return (
    <div className="ask-question">
      <div className="ask-pickers">
        <label className="small">
          <span className="quiet">start at</span>
          <select
            className="field"
            value={start}
            onChange={(event) => {
              const entity = Number(event.target.value);
              const hop = nextHops(facts, [entity])[0];
              setChosen({ start: entity, relations: hop ? [hop.relation] : [] });
            }}
          >
            {starts.map((entity) => (
              <option key={entity} value={entity}>
                {entityName(world, entity)}
              </option>
            ))}
          </select>
        </label>
        {Array.from({ length: Math.min(facts.maxHops, known.length + 1) }, (_, hop) => {
          const options = nextHops(facts, visited.slice(0, hop + 1));
          if (options.length === 0) return null;
          return (
            <label key={hop} className="small">
              <span className="quiet">{hop === 0 ? 'follow' : 'then'}</span>
              <select className="field" value={known[hop] ?? ''} onChange={(event) => setHop(hop, event.target.value)}>
                {hop > 0 && <option value="">no further</option>}
                {options.map(({ relation }) => (
                  <option key={relation} value={relation}>
                    {world.relations[relation]?.name}
                  </option>
                ))}
              </select>
            </label>
          );
        })}
        <button
          type="button"
          className="button primary"
          disabled={busy || known.length === 0}
          onClick={() => onAsk({ chain: { start, relations: known } })}
        >
          Ask
        </button>
      </div>
      <p className="ask-text">What is {questionText(world, start, known)}?</p>
      <label className="small ask-typed">
        <span className="quiet">or type a question; what can be answered here is offered</span>
        <input
          className="field"
          type="search"
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      {text.trim() !== '' && (
        <ul className="ask-offers">
          {offers.map((offer) => (
            <li key={offer.text}>
              <button
                type="button"
                className="button plain"
                onClick={() => setChosen({ start: offer.start, relations: offer.relations })}
              >
                What is {offer.text}?
              </button>
            </li>
          ))}
          {offers.length === 0 && (
            <li className="small quiet">
              No question here has any of these words. <LessonLink to="one-question" />
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
