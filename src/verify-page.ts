import { readdirSync, readFileSync } from 'node:fs';
import express, { type Router } from 'express';

/** The built files, whether this runs from sources or built itself. */
const DIST = new URL('../dist/', import.meta.url);

/** On this page the browser itself lets nothing out: it may load our scripts and connect to nobody. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** A page on which an exported bundle is checked, in the browser alone, by the same code that the command line uses. */
export function verifyPage(): Router {
  const read = (name: string) => readFileSync(new URL(name, DIST), 'utf8');
  const page = read('web/verify.html');
  const style = read('web/verify.css');
  const scripts = new Map(
    [
      ...['verify.js', 'verify-primitives.js', 'verify-texts.js'].map((name) => `web/${name}`),
      ...readdirSync(new URL('proof/', DIST))
        .filter((name) => name.endsWith('.js') && !['node.js', 'open-path.js'].includes(name))
        .map((name) => `proof/${name}`),
    ].map((name) => [`/${name}`, read(name)]),
  );
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/verify', (_request, response) => {
    response.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': POLICY }).type('html').send(page);
  });
  router.get('/web/verify.css', (_request, response) => {
    response.type('css').send(style);
  });
  router.get([...scripts.keys()], (request, response) => {
    response.type('text/javascript').send(scripts.get(request.path));
  });
  return router;
}
