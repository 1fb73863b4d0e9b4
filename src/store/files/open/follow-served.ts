/** Follows the folder of `npm start -- --follow DIR`, whose server puts this file and the folder's name into the page. */
import { followFolder } from './follow-folder';

const name = document.querySelector<HTMLMetaElement>('meta[name="cutpoint-follow"]')?.content;
const studio = window.cutpoint;
if (studio && name !== undefined) void followFolder(studio, { url: studio.baseUrl, name }, document);
