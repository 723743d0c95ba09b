import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

interface Node {
  readonly type: string;
  readonly [name: string]: unknown;
}

const FILES = readdirSync('src/web', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'operations.ts')
  .map((entry) => `${entry.parentPath}/${entry.name}`)
  .filter((path) => path.split('/').length > 3); // the pages that stand alone have tests of their own

const SPOKEN = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'aria-description']);
const LETTERS = /[\p{Letter}]/u;
/** Written the same in every language. */
const NAMES = new Set(['Firebreak']);

function* nodes(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const each of value) yield* nodes(each);
  else if (typeof value === 'object' && value !== null) {
    if (typeof (value as Node).type === 'string') yield value as Node;
    for (const each of Object.values(value)) yield* nodes(each);
  }
}

const parsed = FILES.map((path) => ({
  path,
  all: [...nodes(parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', tsx: path.endsWith('x') }))],
}));

const text = (node: unknown): string | undefined => {
  const { type, value, quasis, expressions } = node as Node & {
    quasis?: { cooked: string }[];
    expressions?: unknown[];
  };
  if (type === 'StringLiteral') return value as string;
  return type === 'TemplateLiteral' && expressions?.length === 0 ? quasis?.[0]?.cooked : undefined;
};

/** Every `textsOf(namespace, { key: { language: text } })`. */
const said = parsed.flatMap(({ path, all }) =>
  all
    .filter(({ type, callee }) => type === 'CallExpression' && (callee as Node)['value'] === 'textsOf')
    .map((call) => {
      const [namespace, texts] = (call['arguments'] as { expression: Node }[]).map(({ expression }) => expression);
      return { path, namespace: text(namespace), texts: texts as Node };
    }),
);

function entries(object: Node): [string, Node][] {
  return (object['properties'] as Node[]).map((property) => {
    const key = property['key'] as Node;
    return [String(key['value']), property['value'] as Node];
  });
}

describe('The texts of the pages', () => {
  it('are many, so that this test looks at something', () => assert.ok(said.length > 20, `${said.length}`));

  it('stand nowhere but under a key', () => {
    const hard = parsed.flatMap(({ path, all }) => [
      ...all
        .filter(
          ({ type, value }) => type === 'JSXText' && LETTERS.test(String(value)) && !NAMES.has(String(value).trim()),
        )
        .map(({ value }) => `${path}: ${String(value).trim()}`),
      ...all
        .filter(({ type, name }) => type === 'JSXAttribute' && SPOKEN.has(String((name as Node)['value'])))
        .filter(({ value }) => LETTERS.test(text(value ?? {}) ?? ''))
        .map(({ name, value }) => `${path}: ${(name as Node)['value']}="${text(value)}"`),
    ]);
    assert.deepEqual(hard, []);
  });

  it('have a namespace of their own each', () => {
    const names = said.map(({ namespace }) => namespace);
    assert.deepEqual(
      names.filter((name, at) => name === undefined || names.indexOf(name) !== at),
      [],
    );
  });

  it('say the same in both languages, with the same values in them, and with the punctuation of each', () => {
    const faults = said.flatMap(({ path, texts }) =>
      entries(texts).flatMap(([key, both]) => {
        const words = Object.fromEntries(entries(both).map(([language, node]) => [language, text(node)]));
        const chinese = words['zh-CN'] ?? '';
        const english = words['en'] ?? '';
        const values = (words: string) => [...words.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();
        return [
          ...(chinese && english ? [] : ['is not in both languages']),
          ...(`${values(chinese)}` === `${values(english)}` ? [] : ['has other values in one language']),
          ...(/[\u4e00-\u9fff][,;:!?()]|[,;!?](?=[\u4e00-\u9fff])/.test(chinese) ? ['has half-width punctuation'] : []),
          ...(/[\u3000-\u303f\uff00-\uffef]/.test(english) && key !== 'other'
            ? ['has full-width punctuation in English']
            : []),
        ].map((fault) => `${path}: ${key} ${fault}`);
      }),
    );
    assert.deepEqual(faults, []);
  });
});
