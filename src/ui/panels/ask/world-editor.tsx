import { useState } from 'react';
import { editText, entityName, passageText } from '../../../store/lab/ask-it';
import type { Answered, loadFacts } from '../../../store/lab/ask-it';
import type { StudioState } from '../../../store/state/studio-state';
import { Term } from '../../terms/term';
import { NameSelect } from './name-select';

type Facts = Awaited<ReturnType<typeof loadFacts>>;
type World = NonNullable<StudioState['world']>;
type Edits = Answered['edits'];

/** As many as the engine takes at once. */
const MOST_EDITS = 32;
/** Passages that are listed; more would bury the few that matter. */
const MOST_LISTED = 24;

interface WorldEditorProps {
  world: World;
  facts: Facts;
  edits: Edits;
  /** The newest answer: what was found for it comes first. */
  answer: Answered | null;
  onEdits: (edits: Edits) => void;
}

/** What the passages say can be changed; what is true stays, and so does the question. */
export function WorldEditor({ world, facts, edits, answer, onEdits }: WorldEditorProps): React.JSX.Element {
  const [about, setAbout] = useState('');
  const add = (edit: Edits[number]): void => onEdits([...edits, edit]);
  const entities = [...new Set([...facts.facts].filter((_, i) => i % 3 !== 1))].sort((a, b) =>
    entityName(world, a).localeCompare(entityName(world, b)),
  );
  const listed = about === '' ? foundPassages(world, facts, answer) : passagesAbout(facts, Number(about));
  const touched = new Set(edits.flatMap((edit) => (edit.kind === 'plant' ? [] : [edit.passage])));
  const full = edits.length >= MOST_EDITS;
  return (
    <section className="lab-part" aria-label="Change the world">
      <div className="lab-part-head">
        <h3>Change the world</h3>
        <span className="small quiet">then ask again: the random numbers are the same, so only the world differs</span>
      </div>
      {edits.length > 0 && (
        <ul className="edit-list small">
          {edits.map((edit, k) => (
            <li key={k}>
              {editText(world, facts, edit)}
              <button
                type="button"
                className="button plain"
                aria-label={`Undo: ${editText(world, facts, edit)}`}
                onClick={() => onEdits(edits.filter((_, other) => other !== k))}
              >
                Undo
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className="small">
        <span className="quiet">passages</span>{' '}
        <select className="field" value={about} onChange={(event) => setAbout(event.target.value)}>
          <option value="">found by the last answer</option>
          {entities.map((entity) => (
            <option key={entity} value={entity}>
              about {entityName(world, entity)}
            </option>
          ))}
        </select>
      </label>
      {listed.length === 0 && (
        <p className="small quiet">Ask something first, or choose what the passages are about.</p>
      )}
      <ul className="edit-list">
        {listed.slice(0, MOST_LISTED).map((passage) => (
          <li key={passage} data-touched={touched.has(passage)}>
            <span>
              {passageText(world, passageOf(facts, passage))}
              {facts.rumours[passage] === 1 && (
                <Term id="rumour" className="badge">
                  rumour
                </Term>
              )}
            </span>
            <span className="tree-tools">
              <select
                className="field"
                aria-label={`Rewrite: ${passageText(world, passageOf(facts, passage))}`}
                value=""
                disabled={full || touched.has(passage)}
                onChange={(event) => add({ kind: 'rewrite', passage, object: Number(event.target.value) })}
              >
                <option value="">rewrite to …</option>
                {entities.map((entity) => (
                  <option key={entity} value={entity}>
                    {entityName(world, entity)}
                  </option>
                ))}
              </select>
              <button
                type="button"
                className="button plain"
                disabled={full || touched.has(passage)}
                aria-label={`Remove: ${passageText(world, passageOf(facts, passage))}`}
                onClick={() => add({ kind: 'remove', passage })}
              >
                Remove
              </button>
              <button
                type="button"
                className="button plain"
                disabled={full}
                aria-label={`Repeat: ${passageText(world, passageOf(facts, passage))}`}
                onClick={() => add({ kind: 'plant', ...passageOf(facts, passage), source: 2 })}
              >
                Repeat
              </button>
            </span>
          </li>
        ))}
      </ul>
      <p className="small quiet">
        Repeat adds a passage that says the same, from another source. A planted one comes from the blog, where{' '}
        <Term id="rumour">rumours</Term> come from.
      </p>
      <Planter world={world} entities={entities} full={full} onPlant={add} />
    </section>
  );
}

function passageOf({ passages }: Facts, passage: number) {
  const [source = 0, subject = 0, relation = 0, object = 0] = passages.subarray(4 * passage, 4 * passage + 4);
  return { source, subject, relation, object };
}

/** By what they say, since the ids of an edited world may be others. */
function foundPassages(world: World, facts: Facts, answer: Answered | null): number[] {
  if (!answer) return [];
  const { draft, final } = answer.view;
  const passages = [...draft.steps, ...final.steps].flatMap((step) => step.passages);
  const found = new Set(passages.map(({ sentence, source }) => `${sentence} (${source})`));
  return [...facts.rumours.keys()].filter((id) => found.has(passageText(world, passageOf(facts, id))));
}

function passagesAbout(facts: Facts, entity: number): number[] {
  return [...facts.rumours.keys()].filter((passage) => passageOf(facts, passage).subject === entity);
}

interface PlanterProps {
  world: World;
  entities: readonly number[];
  full: boolean;
  onPlant: (edit: Edits[number]) => void;
}

function Planter({ world, entities, full, onPlant }: PlanterProps): React.JSX.Element {
  const [subject, setSubject] = useState(entities[0] ?? 0);
  const [relation, setRelation] = useState(0);
  const [object, setObject] = useState(entities[1] ?? 0);
  const names = entities.map((entity) => [entity, entityName(world, entity)] as const);
  return (
    <div className="ask-pickers">
      <span className="small quiet">Plant:</span>
      <NameSelect label="Subject of the planted passage" value={subject} names={names} onChange={setSubject} />
      <NameSelect
        label="Relation of the planted passage"
        value={relation}
        names={world.relations.map(({ name }, r) => [r, name])}
        onChange={setRelation}
      />
      <NameSelect label="Object of the planted passage" value={object} names={names} onChange={setObject} />
      <button
        type="button"
        className="button"
        disabled={full}
        onClick={() =>
          onPlant({ kind: 'plant', source: Math.max(0, world.sources.indexOf('blog')), subject, relation, object })
        }
      >
        Plant a passage
      </button>
    </div>
  );
}
