/** What a file is that is not read here, by how it begins, and what to do with it. */

const KINDS: readonly (readonly [begins: string, what: string, hint: string])[] = [
  ['\xfd7zXZ', 'packed by xz', 'Unpack it: xz -d FILE.'],
  ['BZh', 'packed by bzip2', 'Unpack it: bzip2 -d FILE.'],
  ['7z\xbc\xaf', 'a 7z archive', 'Unpack it.'],
  ['Rar!', 'a RAR archive', 'Unpack it.'],
  ['ARROW1', 'an Arrow file', 'Save it as Parquet: datasets’ to_parquet, or pyarrow.parquet.write_table.'],
  ['\xff\xff\xff\xff', 'a stream of Arrow, as datasets keeps its cache', 'Save it as Parquet: datasets’ to_parquet.'],
  ['SQLite format 3', 'a SQLite database', 'Save the table as JSON lines or CSV.'],
  ['\x80\x04', 'a pickle of Python', 'Save it as JSON lines: pickles run code when they are opened.'],
  ['\x80\x05', 'a pickle of Python', 'Save it as JSON lines: pickles run code when they are opened.'],
  ['\x89HDF', 'an HDF5 file', 'Save it as Parquet or JSON lines.'],
  ['\x93NUMPY', 'an array of NumPy', 'Save it as JSON lines.'],
  ['%PDF', 'a PDF', 'Open the file of data that it was made of.'],
  ['GGUF', 'weights in GGUF', 'Open the safetensors that they were made of.'],
];

/** null where nothing is known of it. @param head the first 64 bytes at least, of what has so many */
export function otherKind(head: Uint8Array): { what: string; hint: string } | null {
  if (head.every((byte) => byte === 0x20 || (byte >= 9 && byte <= 13))) {
    return { what: 'empty', hint: 'Was it written to its end?' };
  }
  const begins = new TextDecoder('latin1').decode(head.subarray(0, 300));
  for (const [mark, what, hint] of KINDS) {
    if (Array.from(mark).every((letter, k) => head[k] === letter.charCodeAt(0))) return { what, hint };
  }
  if (begins.includes('brain.Event:')) {
    const hint = 'Open what was written beside it, or its texts as JSON lines: tbparse’s SummaryReader(FILE).text.';
    return { what: 'a log of TensorBoard', hint };
  }
  if (begins.slice(257, 262) === 'ustar') return { what: 'a tar archive', hint: 'Unpack it, and open its folder.' };
  if (/^\s*(?:@prefix|@base|prefix\s+\S*:\s*<|base\s+<)/i.test(begins)) {
    return { what: 'Turtle', hint: 'Convert it to N-Triples: rapper -i turtle -o ntriples FILE.' };
  }
  if (/^(?:\xef\xbb\xbf)?row,step,question,gold_answers,/.test(begins)) {
    return {
      what: 'a table of rollouts that Cutpoint saved',
      hint: 'It lacks what the model wrote: open the JSONL or Parquet that can be saved beside it.',
    };
  }
  if (/<rdf:RDF\b/.test(begins))
    return { what: 'RDF in XML', hint: 'Convert it to N-Triples: rapper -o ntriples FILE.' };
  if (/^\s*\d+\s*\n\d+[ \t]\d+[ \t]\d+\s/.test(begins)) {
    const hint = 'Put the names of entity2id.txt and relation2id.txt in their place, with tabs between them.';
    return { what: 'facts as numbers, as OpenKE keeps them', hint };
  }
  if (/^\s*<(?:!doctype html|html|\?xml)/i.test(begins)) {
    return { what: 'a page of HTML or XML', hint: 'A download that failed looks like this. Fetch the file itself.' };
  }
  return /^\s*(?:"|-?\d|true\b|false\b|null\b)[^\t,;|]*\s*$/.test(begins)
    ? { what: 'a single value', hint: 'Rollouts are objects, one a line or in an array.' }
    : null;
}
