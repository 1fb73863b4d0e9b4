import type { AskCommand, Command } from './protocol';

/** Commands that are answered beside the updates, without changing any weights. */
export type RequestCommand = Extract<Command, { type: 'pin' | 'unpin' | 'inspect' | 'sweep' | 'cut' }> | AskCommand;
/** Those that are answered once. */
export type AnsweredCommand = Exclude<RequestCommand, { type: 'pin' | 'unpin' }>;
