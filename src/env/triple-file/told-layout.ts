/** How a file of facts was taken, in words: what a person must be able to see is wrong. */
import type { DecodedText } from '../../lib/decode-text';
import type { Layout } from './layout';
import { SEPARATOR_NAMES } from './separate';

const BY = {
  person: 'as they were set',
  header: 'by the words of the header',
  order: 'in the usual order',
  values: 'guessed from what stands in them',
} as const;

const PRINTED: Readonly<Record<string, string>> = {
  brackets: 'each fact in brackets, which were taken off',
  'a frame': 'lines around the table left out',
  terms: 'languages and types of the names taken off',
};

/** @param decoded where it was read from bytes */
export function toldLayout(layout: Layout, decoded: Pick<DecodedText, 'encoding' | 'guessed'> | null): string[] {
  const { separation, columns, columnsBy, comments, hashNames, printed } = layout;
  const [subject, relation, object] = columns;
  return [
    ...(decoded === null || (decoded.encoding === 'UTF-8' && !decoded.guessed)
      ? []
      : [`read as ${decoded.encoding}${decoded.guessed ? ', found by trial' : ''}`]),
    separation === null
      ? 'N-Triples: names are the last parts of the IRIs'
      : `${SEPARATOR_NAMES[separation.separator]} between the columns${separation.separator === '\t' && separation.quoted ? ', quotation marks taken off' : ''}`,
    ...(separation === null
      ? []
      : [
          `subject, relation and object are columns ${subject}, ${relation} and ${object} of ${separation.width}, ${BY[columnsBy]}`,
        ]),
    ...(printed === null ? [] : [PRINTED[printed] ?? `printed as ${printed}: each line was taken apart`]),
    ...(comments === 0 ? [] : [`${lines(comments)} with # left out`]),
    ...(hashNames === 0 ? [] : [`${lines(hashNames)} with # read as facts: there are no comments`]),
  ];
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
