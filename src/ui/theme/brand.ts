/** What is drawn before the other icons are loaded. */

/** The mark of Millrace, on a 24 px grid, 1.75 px stroke. */
export const BRAND_PATH = 'M1 7h9c3 0 2 5 5 5h8M1 12h7c3 0 2 5 5 5h10M1 17h5c2 0 2 4 4 4';

/** The icon of the button that lets a run begin, on a 20 px grid, 1.5 px stroke. */
export const PLAY_PATH = 'M6 4l10 6l-10 6z';
