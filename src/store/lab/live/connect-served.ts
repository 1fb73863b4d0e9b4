/** Connects to what `npm start -- --model URL` named, whose server puts this file and a token into the page. */
import { connect, postFrom, readServed } from './connection';

const content = document.querySelector<HTMLMetaElement>('meta[name="cutpoint-live"]')?.content;
const studio = window.cutpoint;
const served = content === undefined ? null : readServed(content);
if (studio && served) void connect(studio, served.servers, postFrom(studio.baseUrl, served.token));
