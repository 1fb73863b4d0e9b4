#!/bin/sh
# fflate 0.8.3, its streaming Gunzip, with Node 20.
#
# Guess: zeros behind the last member are padding, as tapes and block devices leave it, and are passed over: gzip(1), Python's
#   gzip module and Node's zlib do so.
# Seen: a single zero is passed over; with eight or more Gunzip throws "invalid gzip data", after it has handed out all of
#   the content.
# For whom it matters: whoever reads gzip from others with it must hold back zeros at the end, or take the error for what it is.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund fflate@0.8.3
cat >see.mjs <<'JS'
import { gunzipSync, gzipSync } from 'node:zlib';
import { Gunzip } from 'fflate';
const seen = [0, 1, 8, 512].map((zeros) => {
  const bytes = new Uint8Array(Buffer.concat([gzipSync('one\n'), gzipSync('two\n'), Buffer.alloc(zeros)]));
  let text = '';
  let error = null;
  try {
    new Gunzip((chunk) => (text += new TextDecoder().decode(chunk))).push(bytes, true);
  } catch ({ message }) {
    error = message;
  }
  return [zeros, text, error, gunzipSync(bytes).toString() === text];
});
console.log(JSON.stringify(seen));
JS
seen=$(node see.mjs)
printf "fflate 0.8.3: %s\\n" "$seen"
wanted='[[0,"one\ntwo\n",null,true],[1,"one\ntwo\n",null,true],[8,"one\ntwo\n","invalid gzip data",true],[512,"one\ntwo\n","invalid gzip data",true]]'
[ "$seen" = "$wanted" ] || { printf "It was %s: behaviour has changed.\\n" "$wanted" >&2; exit 1; }
