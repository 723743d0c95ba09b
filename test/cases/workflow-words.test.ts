import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { SCOPES } from '../../src/accounts/index.js';
import { type NoticeError, renderNotice } from '../../src/notices/index.js';
import { loadWorkflows } from '../../src/workflow/index.js';
import { WORKFLOWS } from '../workflow/definitions.js';

/** Every value that stands under a key of this name, at any depth. */
function valuesOf(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name && typeof inner === 'string' ? [inner] : valuesOf(name, inner),
  );
}

describe('what the workflows say to the other rooms', () => {
  for (const { file, freeze } of loadWorkflows(WORKFLOWS).all) {
    const raw: unknown = load(readFileSync(file, 'utf8'));

    it(`${raw && (raw as { id: string }).id}: freezes scopes that exist`, () => {
      for (const scope of freeze.scopes) assert.ok((SCOPES as readonly string[]).includes(scope), scope);
    });

    it(`${raw && (raw as { id: string }).id}: tells with templates that exist, pages with codes that fit`, () => {
      for (const template of new Set(valuesOf('template', raw)))
        assert.throws(
          () => renderNotice({ template, locale: 'en', params: {} }),
          (error: NoticeError) => !/unknown template/.test(error.message),
        );
      for (const reason of new Set(valuesOf('reason', raw)))
        renderNotice({ template: 'staff-page', locale: 'zh-CN', params: { caseNumber: 'FB-0000-0000-0', reason } });
    });
  }
});
