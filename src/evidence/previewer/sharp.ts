import { createRequire } from 'node:module';
import type Sharp from 'sharp';

/** As CommonJS: as a module it would be found and linked file by file, which takes longer than opening its library. */
export const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;
