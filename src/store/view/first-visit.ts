/** Whether lesson 1 is still to be offered in this browser: until it was taken or put away once. */
const KEPT = 'cutpoint-welcomed';

export function isFirstVisit(): boolean {
  try {
    return window.localStorage.getItem(KEPT) === null;
  } catch {
    // A browser that keeps nothing would offer it every time.
    return false;
  }
}

export function endFirstVisit(): void {
  try {
    window.localStorage.setItem(KEPT, '1');
  } catch {
    // As above.
  }
}
