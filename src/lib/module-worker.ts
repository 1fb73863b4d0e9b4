/**
 * Starts a module worker under the page's own Content-Security-Policy. A worker loaded from an address takes its policy from
 * the response's headers, which a static host does not set; one loaded from a blob inherits the page's. So the blob does
 * nothing but import the module (docs/adr/0012).
 *
 * @param url of the module; a relative one is taken from the page's address
 */
export function startModuleWorker(url: string): Worker {
  const absolute = new URL(url, self.location.href).href;
  const source = new Blob([`import ${JSON.stringify(absolute)};`], { type: 'text/javascript' });
  // Never revoked: some browsers read it only after the constructor has returned, and it is a hundred bytes a worker.
  return new Worker(URL.createObjectURL(source), { type: 'module' });
}
