#!/bin/sh
# hyparquet-compressors 1.1.2, with Node 20.
#
# Guess: decompressors in JavaScript are functions; to import them does nothing until one is called.
# Seen: its index makes a WebAssembly module and an instance (of hysnappy) while it is imported, whichever compression a file has.
# For whom it matters: a page whose Content-Security-Policy has no 'wasm-unsafe-eval' cannot import the package at all. Importing
#   src/gzip.js, src/brotli.js, src/lz4.js and fzstd one by one, and Snappy from hyparquet itself, works there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund hyparquet-compressors@1.1.2
cat >see.mjs <<'JS'
const seen = [];
for (const name of ['Module', 'Instance', 'compile', 'instantiate']) {
  WebAssembly[name] = new Proxy(WebAssembly[name], {
    construct: (real, given) => (seen.push(name), Reflect.construct(real, given)),
    apply: (real, self, given) => (seen.push(name), Reflect.apply(real, self, given)),
  });
}
await import('hyparquet-compressors');
const atImport = [...seen];
seen.length = 0;
for (const part of ['gzip', 'brotli', 'lz4']) await import(`hyparquet-compressors/src/${part}.js`);
console.log(JSON.stringify({ atImport, inParts: seen }));
JS
seen=$(node see.mjs)
echo "hyparquet-compressors 1.1.2: $seen"
wanted='{"atImport":["Module","Instance"],"inParts":[]}'
[ "$seen" = "$wanted" ] || { echo "It was $wanted: behaviour has changed." >&2; exit 1; }
