/** What to do about a file, a link or a store that a newer version wrote. */
export const NEWER_HINT = 'It comes from a newer version of Cutpoint: reload the page, or update the program.';
