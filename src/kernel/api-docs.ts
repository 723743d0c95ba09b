import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Firebreak API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
</head>
<body>
<div id="reference"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', deepLinking: true, persistAuthorization: false,
  defaultModelsExpandDepth: 0, docExpansion: 'list', validatorUrl: null, displayRequestDuration: true });
`;

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const ASSETS = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

/** The OpenAPI document at `/api/openapi.json` and a page to read and try it at `/api/docs`; all files are our own. */
export function apiDocs(document: () => object): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.get('/api/openapi.json', (_request, response) => {
    response.type('application/json').send(JSON.stringify(document()));
  });
  router.get('/api/docs', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/api/docs/start.js', (_request, response) => {
    response.type('text/javascript').send(START);
  });
  router.get('/api/docs/:asset', (request, response, next) => {
    if (!ASSETS.has(request.params.asset)) return next();
    response.sendFile(request.params.asset, { root: SWAGGER_UI, cacheControl: false });
  });
  return router;
}
