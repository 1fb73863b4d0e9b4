/** What is known of English and of Wikidata, for the rules of src/env/phrase.ts. One string a list: it is loaded with the engine. */
const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Pairs written `from>to`, with a bar between them. */
const pairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('|').map((pair): [string, string] => {
      const [from = '', to = ''] = pair.split('>');
      return [from, to];
    }),
  );

export const PREPOSITIONS = set('about after as at before by for from in into near of on over through to under with');

/** Verbs in their base form; the third person and its inverse follow from rules. */
export const VERBS = set(
  'advise attend belong border buy cause chair coach contain control cross direct eat employ follow found govern hate have head hold include inhabit join know lead like live love make manage marry mentor neighbour neighbor oppose orbit own play precede produce reside rule run sell serve sing speak sponsor study supervise support teach treat use win work write',
);

/** Past forms whose base no rule gives, and participles that do not end in "ed". */
export const PAST = pairs(
  'wrote>write|won>win|led>lead|made>make|built>build|sang>sing|held>hold|ran>run|taught>teach|found>find|sold>sell|bought>buy|met>meet|grew>grow|knew>know|drew>draw|spoke>speak|fought>fight|beat>beat|founded>found|directed>direct|invented>invent|discovered>discover|painted>paint|designed>design|married>marry|studied>study|died>die|lived>live|worked>work|played>play|created>create|composed>compose|produced>produce|succeeded>succeed|followed>follow|preceded>precede|attended>attend|visited>visit|developed>develop|published>publish|joined>join|ruled>rule|conquered>conquer',
);
export const PARTICIPLES = set(
  'born written made built sung held run taught found sold bought met grown known drawn spoken fought led won given taken set shot begun bred worn driven chosen',
);
/** Participles of what goes on: "is located in", but "was written by". */
export const STATES = set(
  'located situated based headquartered related connected married known made owned used found employed engaged composed named called affiliated associated included contained spoken governed ruled led run taught played inhabited',
);
/** Verbs and participles that, with "in" or "at", say where. */
export const PLACED = set(
  'born buried located situated based headquartered held found raised killed married educated lives resides lived resided died studied filmed',
);

/** Who does what is done by them. */
export const AGENTS = pairs(
  'written>author|founded>founder|directed>director|painted>painter|composed>composer|invented>inventor|discovered>discoverer|designed>designer|created>creator|owned>owner|produced>producer|led>leader|ruled>ruler|taught>teacher|sung>singer|built>builder|made>maker|edited>editor|translated>translator|coached>coach|managed>manager|performed>performer|killed>killer',
);

/** The last words of what people are to somebody or something. */
export const PEOPLE = set(
  'architect author boss brother captain ceo chancellor child coach composer conductor creator daughter designer director discoverer doctor editor father founder friend head husband inventor king leader manager mayor mother neighbour neighbor owner painter parent partner performer person president producer queen ruler screenwriter sibling singer sister son spouse student teacher wife writer minister',
);
/** What only people have or do. */
export const OF_PEOPLE = set(
  'born died lives resides lived married educated studied works spouse husband wife mother father brother sister sibling son daughter employer occupation profession friend boss hobby nationality birthplace',
);
/** "is a member of": one of several. */
export const ONE_OF = set(
  'member child son daughter brother sister sibling friend student employee citizen fan resident native kind type neighbour neighbor parent pupil',
);

/** Wikidata's numbers of the properties that people take from it most. */
export const WIKIDATA = pairs(
  'p6>head of government|p17>country|p19>born in|p20>died in|p21>gender|p22>father|p25>mother|p26>spouse|p27>country of citizenship|p30>continent|p31>instance of|p35>head of state|p36>capital|p37>official language|p38>currency|p40>child|p47>borders|p50>author|p54>sports team|p57>director|p58>screenwriter|p61>discoverer|p69>educated at|p84>architect|p86>composer|p102>political party|p103>native language|p106>occupation|p108>employer|p112>founder|p127>owner|p131>located in|p136>genre|p138>named after|p140>religion|p155>follows|p156>followed by|p159>headquarters|p161>cast member|p166>award|p170>creator|p175>performer|p176>manufacturer|p178>developer|p264>record label|p279>subclass of|p361>part of|p407>language|p463>member of|p495>country of origin|p527>part|p551>residence|p569>date of birth|p570>date of death|p577>publication date|p800>notable work|p1376>capital of|p1412>language',
);
