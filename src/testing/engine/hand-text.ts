/** Texts written by hand in microwiki's tokens: a question of 4, searches of 21 and answers of 6. */
import { episodeLimits } from '../../env/episode-limits';
import { microwikiFamily } from '../../env/microwiki';

export const family = microwikiFamily();
export const { vocabulary } = family.schema;
const { special: s, relationBase: r, entityBase: e } = vocabulary;
export const { positions } = episodeLimits(3);

export const question = [s.bos, r, e, s.question];
/** As long as three passages, of which none says anything. */
export const information = [s.information, ...new Array<number>(12).fill(s.question), s.endInformation];

/** @param what entity that is asked about */
export const search = (what = e) => [s.think, e, s.endThink, s.search, what, r, s.endSearch, ...information];

/** @param what entity that is answered */
export const answer = (what = e) => [s.think, s.endThink, s.answer, what, s.endAnswer, s.eos];
