/** The Dawn device of tests: the same as of the commands. */
export { openNodeGpu } from '../cli/node-gpu';
