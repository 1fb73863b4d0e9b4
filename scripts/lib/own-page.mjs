// Who may ask what only this page should get: a program on this machine, under a name of this machine, and no other page.
const LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** @param {Pick<import('node:http').IncomingMessage, 'headers' | 'socket'>} request */
export function isOwnPage({ headers, socket }) {
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    OWN_HOST.test(headers.host ?? '') &&
    (headers['sec-fetch-site'] ?? 'same-origin') === 'same-origin' &&
    (headers.origin === undefined || /^https?:\/\//.test(headers.origin)) &&
    (headers.origin === undefined || headers.origin.replace(/^https?:\/\//, '') === headers.host)
  );
}
