import { ADAPTER_HELP, adapterEnv, findAdapter } from './adapter.mjs';

/** Before any test process starts: chooses the Vulkan adapter, unless `npm test` has done so already. */
export default async function setup() {
  if (process.env.CUTPOINT_ADAPTER_LINE) return;
  const adapter = await findAdapter();
  if (adapter === undefined) throw new Error(ADAPTER_HELP);
  console.log(adapter.line);
  Object.assign(process.env, adapterEnv(adapter));
}
