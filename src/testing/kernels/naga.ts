/** naga, the shader compiler of Firefox and wgpu, in WebAssembly: what it says of a module, and whether it can translate it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as glue from 'wgsl-wasm-transpiler-bundler/wgsl_wasm_transpiler_bg.js';

/** What Metal, Direct3D and Vulkan take. */
export const LANGUAGES = ['metal', 'hlsl', 'spirv'] as const;

const PACKAGE = 'wgsl-wasm-transpiler-bundler';

/** Gives what naga objects to in a module, '' where it validates and translates it to all languages. */
export async function openNaga(): Promise<(code: string) => string> {
  const file = createRequire(import.meta.url).resolve(`${PACKAGE}/wgsl_wasm_transpiler_bg.wasm`);
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './wgsl_wasm_transpiler_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  return (code) => LANGUAGES.map((language) => objection(code, language)).find((words) => words !== '') ?? '';
}

function objection(code: string, language: string): string {
  try {
    const text = glue.compileShader(forNaga(code), language);
    return text.length > 0 ? '' : `${language}: nothing came`;
  } catch (error) {
    return `${language}: ${String(error)}`;
  }
}

/** naga has subgroups without the line that asks for them, and this one (25) not yet `quadBroadcast`: a shuffle has its types. */
function forNaga(code: string): string {
  return code.replace(/^enable subgroups;$/m, '').replaceAll('quadBroadcast(', 'subgroupShuffle(');
}
