/** The half of the package that needs no bundler; its own types are of the other half. */
declare module 'wgsl-wasm-transpiler-bundler/wgsl_wasm_transpiler_bg.js' {
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
  /** @throws string with what naga says */
  export function compileShader(code: string, format: string): string;
}
