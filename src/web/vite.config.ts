import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** One page per door; what doors share becomes chunks of its own. */
export default defineConfig({
  root: here('.'),
  base: '/web/',
  plugins: [react()],
  publicDir: false,
  build: {
    outDir: here('../../dist/pages'),
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: { customer: here('customer.html'), staff: here('staff.html') } },
  },
});
