import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import multer from 'multer';

/** The baseline: multer to disk, and express.static back from there. No hash, no encryption, nothing flushed. */
const dataDir = process.env['DATA_DIR'];
if (!dataDir) throw new Error('DATA_DIR');
const app = express();
app.post('/files', multer({ dest: dataDir }).single('evidence'), (request, response) => {
  response.status(201).json({ name: request.file?.filename });
});
app.use('/files', express.static(dataDir));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
