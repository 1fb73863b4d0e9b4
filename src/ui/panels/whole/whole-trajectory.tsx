/** One trajectory word for word: as messages, its prompt, and the line of the file. All of it is text, never markup. */
import './whole.css';
import { useMemo, useRef, useState } from 'react';
import { wholePage, wholeText, wholeTrajectory } from '../../../store/files/save/whole-trajectory';
import type { WholeMessage, WholePage, WholePart, WholeTab } from '../../../store/files/save/whole-trajectory';
import type { Studio } from '../../../store/state/studio-state';
import type { TrajectoryRef } from '../../../store/state/compared';
import type { SideName } from '../../../recordings/decode-trajectory';
import { count } from '../../format';
import { useStudio, useStudioState } from '../../studio-context';
import { Gone } from '../compare/gone';
import { WholeTabs } from './whole-tabs';

/** Characters that are drawn at first, and with each press more. */
const SHOWN = 200_000;

const COPIES: Readonly<Record<WholeTab, string>> = {
  messages: 'Copy messages',
  prompt: 'Copy prompt',
  raw: 'Copy line',
};

export function WholeTrajectory({ of, side: first }: { of: TrajectoryRef; side: SideName }): React.JSX.Element {
  const studio = useStudio();
  const version = useStudioState((state) => state.batchVersion);
  // Lines of a file lie outside React: the version says when some came.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const whole = useMemo(() => wholeTrajectory(studio, of), [studio, of, version]);
  const [side, setSide] = useState(first);
  const [tab, setTab] = useState<WholeTab>('messages');
  if (whole === null) return <Gone />;
  const { found, line } = whole;
  const { file, step, number, view, question } = found;
  const when = step === null ? [] : [`${file === null ? 'update' : 'step'} ${count(step)}`];
  const isDraft = side === 'draft' && view.cut > 0;
  return (
    <div className="whole">
      <p className="compare-question">{question}</p>
      <p className="small quiet">{[...(file === null ? [] : [file]), ...when, `rollout ${number}`].join(', ')}</p>
      {view.cut > 0 && tab === 'messages' && (
        <div className="whole-sides" role="group" aria-label="Trajectory before or after the cut">
          {(['draft', 'final'] as const).map((name) => (
            <button
              key={name}
              type="button"
              className="button plain"
              aria-pressed={(name === 'draft') === isDraft}
              onClick={() => setSide(name)}
            >
              {name}
            </button>
          ))}
        </div>
      )}
      <button type="button" className="button whole-save" onClick={() => void saveHtml(studio, of)}>
        Save as HTML
      </button>
      <WholeTabs tab={tab} onChoose={setTab} />
      {line !== null && <Panel key={`${tab} ${side}`} line={line} side={side} tab={tab} />}
    </div>
  );
}

/** One file that opens anywhere and prints. */
async function saveHtml(studio: Studio, of: TrajectoryRef): Promise<void> {
  const { savePage, trajectoryPage } = await import('../../../store/files/save/save-page');
  await savePage(studio, trajectoryPage(studio, of));
}

function Panel({ line, side, tab }: { line: string; side: SideName; tab: WholeTab }): React.JSX.Element {
  const [most, setMost] = useState(SHOWN);
  const [told, setTold] = useState('');
  const body = useRef<HTMLDivElement>(null);
  const page = useMemo(() => wholePage(line, side, tab, most), [line, side, tab, most]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(wholeText(line, side, tab));
      setTold('Copied');
    } catch {
      if (body.current) window.getSelection()?.selectAllChildren(body.current);
      setTold(`Copying is blocked here: ${page.more ? 'what is shown' : 'the text'} is selected, copy it by key`);
    }
  };
  const isNone = page.text === null && page.messages.length === 0;
  return (
    <div className="whole-panel" role="tabpanel" id="whole-panel" aria-labelledby={`whole-tab-${tab}`} tabIndex={0}>
      <div className="whole-copy">
        <button type="button" className="button" disabled={isNone} onClick={() => void copy()}>
          {COPIES[tab]}
        </button>
        <span className="small quiet" role="status">
          {told}
        </span>
      </div>
      {isNone ? (
        <p className="quiet">
          {tab === 'prompt' ? 'The file has no prompt beside the question.' : 'There is no text in it.'}
        </p>
      ) : (
        <div ref={body}>
          <Body page={page} />
        </div>
      )}
      {page.more && (
        <p className="whole-more">
          <button type="button" className="button" onClick={() => setMost(most + SHOWN)}>
            Show {count(SHOWN)} characters more
          </button>{' '}
          <span className="small quiet">The first {count(most)} are shown. Copy takes all.</span>
        </p>
      )}
    </div>
  );
}

function Body({ page: { messages, text } }: { page: WholePage }): React.JSX.Element {
  if (text !== null) return <pre className="whole-text">{text}</pre>;
  return (
    <ol className="whole-messages">
      {messages.map((message, k) => (
        <Message key={k} message={message} />
      ))}
    </ol>
  );
}

const WRITERS: Readonly<Record<WholeMessage['writer'], string>> = {
  prompt: 'prompt',
  model: 'written by the model',
  environment: 'written by the environment',
};

function Message({ message: { role, writer, parts } }: { message: WholeMessage }): React.JSX.Element {
  return (
    <li className={`whole-message whole-${writer}`}>
      <p className="small">
        <b>{role}</b> <span className="quiet">{WRITERS[writer]}</span>
      </p>
      {parts.map((part, k) => (
        <Part key={k} part={part} within={writer === 'model'} />
      ))}
    </li>
  );
}

const KINDS: Readonly<Record<WholePart['kind'], string | null>> = {
  text: null,
  thought: 'thought',
  call: 'call',
  results: 'results',
};

/** @param within a message of the model, so that what is not its own says so */
function Part({ part: { kind, text, inserted }, within }: { part: WholePart; within: boolean }): React.JSX.Element {
  const isInserted = inserted && within;
  const name = [KINDS[kind], isInserted ? 'written by the environment' : null].filter((word) => word !== null);
  const classes = ['whole-part', `whole-part-${kind}`, inserted ? 'whole-inserted' : ''];
  return (
    <div className={classes.join(' ')}>
      {name.length > 0 && <p className="small quiet">{name.join(', ')}</p>}
      <pre className="whole-text">{text}</pre>
    </div>
  );
}
