import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';
import sirv from 'sirv';

/** The built pages, whether this runs from sources or built itself. */
const PAGES = new URL('../dist/pages/', import.meta.url);

const CUSTOMERS = [
  '/',
  '/report',
  '/track',
  '/cases',
  '/cases/:caseId',
  '/security',
  '/security/*page',
  '/sign-in',
  '/register',
  '/forgot-password',
  '/sso/callback',
  // where the links of our mails lead; their secrets stay behind `#`, where no server sees them
  '/setup',
  '/confirm-address',
  '/confirm-contact',
  '/not-me',
  '/reset-password',
];
const STAFF = ['/desk', '/desk/*page', '/compliance', '/compliance/*page', '/admin', '/admin/*page'];

/** Where the page wants the nonce of its answer. */
const NONCE = 'NONCE';
const NONCE_BYTES = 16;

/**
 * The doors of customers and staff. Each is one page whose scripts lie under names that change with their content; what a
 * browser asks for and is not there answers with the customers' door, which says so.
 */
export function doors(): Router {
  const [customer, staff] = ['customer.html', 'staff.html'].map((name) =>
    readFileSync(new URL(name, PAGES), 'utf8'),
  ) as [string, string];
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use(
    '/web/assets',
    sirv(fileURLToPath(new URL('assets/', PAGES)), { brotli: true, gzip: true, immutable: true, maxAge: YEAR_S }),
  );
  const report = withPreloads(customer, 'customer/report/page.tsx');
  router.get('/report', (_request, response) => {
    response.set('Cache-Control', 'no-store').type('html').send(report);
  });
  router.get(CUSTOMERS, (_request, response) => {
    response.set('Cache-Control', 'no-store').type('html').send(customer);
  });
  router.get(STAFF, (_request, response) => {
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    const policy = String(response.get('Content-Security-Policy')).replace(
      "style-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
    );
    response
      .set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': policy })
      .type('html')
      .send(staff.replace(NONCE, nonce));
  });
  router.get('/*path', (request, response, next) => {
    if (/^\/(api|web|audit|\.well-known)(\/|$)/.test(request.path) || request.accepts(['json', 'html']) !== 'html')
      return next();
    response.status(404).set('Cache-Control', 'no-store').type('html').send(customer);
  });
  return router;
}

/** What Vite says of one script that it built: its file, and what comes with it. */
type Built = Readonly<Record<string, { file: string; css?: string[]; imports?: string[] }>>;

/**
 * The page with hints of what a room of it will load, so that a phone on a poor connection fetches that beside the first script
 * and not after it.
 */
function withPreloads(page: string, room: string): string {
  const built = JSON.parse(readFileSync(new URL('manifest.json', PAGES), 'utf8')) as Built;
  const hints = [...withImports(built, room)]
    .flatMap((name) => {
      const { file = '', css = [] } = built[name] ?? {};
      return [
        `<link rel="modulepreload" crossorigin href="/web/${file}">`,
        ...css.map((style) => `<link rel="preload" as="style" crossorigin href="/web/${style}">`),
      ];
    })
    .filter((hint) => !page.includes(/href="([^"]+)"/.exec(hint)?.[1] ?? ''));
  return page.replace('</head>', `${[...new Set(hints)].join('\n')}\n</head>`);
}

function withImports(built: Built, name: string, found = new Set<string>()): ReadonlySet<string> {
  if (!found.has(name)) {
    found.add(name);
    for (const imported of built[name]?.imports ?? []) withImports(built, imported, found);
  }
  return found;
}

const YEAR_S = 31_536_000;
