import './failure-card.css';
import { settingOf } from '../../../config/schema';
import type { RunConfig } from '../../../config/schema';
import { toldOf } from '../../../lessons/failures';
import { sayFailure } from '../../../lessons/failure-words';
import type { Failure } from '../../../recordings/diagnosis';
import { settingText } from '../../format';
import { Marked } from '../lessons/marked';

/** What is wrong, what shows it, what helps, and the setting to turn. @param children what can be done from here */
export function FailureCard({
  failure,
  config,
  children,
}: {
  failure: Failure;
  config: RunConfig;
  children?: React.ReactNode;
}): React.JSX.Element {
  const { id, knob } = failure;
  const told = toldOf(failure);
  const { label } = settingOf(knob);
  return (
    <article className="failure">
      <h3 className="failure-name">{sayFailure(`failure.${id}.name`, told)}</h3>
      <p>
        <Marked text={sayFailure(`failure.${id}.evidence`, told)} />
      </p>
      <p>
        <Marked text={sayFailure(`failure.${id}.cure`, told)} />
      </p>
      <p className="failure-knob">{sayFailure('failure.knob', { knob: label, value: optionOrNumber(config, knob) })}</p>
      {children}
    </article>
  );
}

/** As its control says it. */
function optionOrNumber(config: RunConfig, knob: Failure['knob']): string {
  const setting = settingOf(knob);
  const value = config[knob];
  const option = setting.kind === 'enum' && setting.options.find((known) => known.value === value);
  return option ? option.label : settingText(value);
}
