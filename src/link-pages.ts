import { readFileSync } from 'node:fs';
import express, { type Router } from 'express';

/** Where the links lead that we hand out: in the answer to a report, in mails, on the command line. */
const LINKS = ['/track', '/confirm-address', '/confirm-contact', '/not-me', '/setup', '/reset-password'];
/** The built pages, whether this runs from sources or built itself. */
const WEB = new URL('../dist/web/', import.meta.url);

/** The pages behind those links. They need no sign-in; the secret stays behind `#`, where no server sees it. */
export function linkPages(): Router {
  const [page, script, style] = ['links.html', 'links.js', 'links.css'].map((name) =>
    readFileSync(new URL(name, WEB), 'utf8'),
  );
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get(LINKS, (_request, response) => {
    response.set('Cache-Control', 'no-store').type('html').send(page);
  });
  router.get('/web/links.js', (_request, response) => {
    response.type('text/javascript').send(script);
  });
  const callback = readFileSync(new URL('sso-callback.html', WEB), 'utf8');
  const callbackScript = readFileSync(new URL('sso-callback.js', WEB), 'utf8');
  router.get('/sso/callback', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('html').send(callback);
  });
  router.get('/web/sso-callback.js', (_request, response) => {
    response.type('text/javascript').send(callbackScript);
  });
  router.get('/web/links.css', (_request, response) => {
    response.type('css').send(style);
  });
  return router;
}
