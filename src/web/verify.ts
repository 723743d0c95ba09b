import {
  Fault,
  formatKey,
  type Known,
  parseKey,
  parseProof,
  textOf,
  verifyBundle,
  verifyProof,
} from '../proof/index.js';
import { webPrimitives } from './verify-primitives.js';
import { FAULTS, type Language, TEXTS, type Text } from './verify-texts.js';

/** Bytes; the whole file is in memory while it is checked. */
const LARGEST = 300 * 1_048_576;

const page = document.getElementById('page') as HTMLElement;
const switcher = document.getElementById('language') as HTMLButtonElement;
let language: Language = navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
let result: () => Node[] = () => [];
let key = '';

const say = (text: Text): string => text[language];

/** Text goes in as text: nothing of a file becomes markup. */
function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  content: string | Node[] = [],
  set: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.append(...(typeof content === 'string' ? [content] : content));
  return Object.assign(made, set);
}

function draw(): void {
  document.documentElement.lang = language;
  document.title = `${say(TEXTS.title)} · Firebreak`;
  switcher.textContent = say(TEXTS.language);
  const input = element('input', [], { type: 'file', multiple: true, id: 'files' });
  input.addEventListener('change', () => check([...(input.files ?? [])]));
  const drop = element('label', [say(TEXTS.what), input].map(asNode), { className: 'drop' });
  for (const [name, over] of [
    ['dragover', true],
    ['dragleave', false],
    ['drop', false],
  ] as const)
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', over);
      if (name === 'drop') check([...((event as DragEvent).dataTransfer?.files ?? [])]);
    });
  const known = element('input', [], {
    className: 'key',
    id: 'key',
    value: key,
    autocomplete: 'off',
    spellcheck: false,
  });
  known.addEventListener('input', () => {
    key = known.value.trim();
  });
  page.replaceChildren(
    element('h1', say(TEXTS.title)),
    element('p', say(TEXTS.local), { className: 'soft' }),
    drop,
    element('p', [element('label', say(TEXTS.key), { htmlFor: 'key' }), known]),
    element('section', result(), { id: 'result', ariaLive: 'polite' }),
  );
}

const asNode = (part: string | Node): Node => (typeof part === 'string' ? document.createTextNode(part) : part);

function show(how: () => Node[]): void {
  result = how;
  document.getElementById('result')?.replaceChildren(...how());
}

/** What stands in the file is shown as code, what we say of it as words. */
const list = (rows: readonly [Text, string, 'words'?][]): HTMLElement =>
  element(
    'dl',
    rows.flatMap(([name, value, words]) => [
      element('dt', say(name)),
      element('dd', words ? value : [element('code', value)]),
    ]),
  );

async function check(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  show(() => [element('p', say(TEXTS.working))]);
  try {
    if (files.reduce((sum, { size }) => sum + size, 0) > LARGEST) return fail(TEXTS.tooLarge);
    show(await checked(files));
  } catch (error) {
    if (error instanceof Fault) return fail(FAULTS[error.code], error);
    fail(error instanceof DOMException || globalThis.crypto?.subtle === undefined ? TEXTS.unsupported : TEXTS.nothing);
  }
}

function fail(why: Text, fault?: Fault): void {
  show(() => [
    element(
      'div',
      [
        element('h2', say(TEXTS.notProven)),
        element('p', say(why)),
        ...(fault ? [list([[TEXTS.place, fault.message]])] : []),
      ],
      { className: 'bad' },
    ),
  ]);
}

type Kind = 'bundle' | 'proof' | 'table' | 'receipt' | 'checkpoint' | 'other';

function kindOf(beginning: string): Kind {
  if (beginning.startsWith('{"checkpoint"')) return 'bundle';
  if (beginning.startsWith('c2sp.org/tlog-proof@')) return 'proof';
  if (beginning.startsWith('\uFEFF"index"')) return 'table';
  if (beginning.startsWith('firebreak/receipt/')) return 'receipt';
  return /^[^\n]+\n\d+\n[A-Za-z0-9+/=]{44}\n/.test(beginning) ? 'checkpoint' : 'other';
}

async function checked(files: readonly File[]): Promise<() => Node[]> {
  const kinds = new Map<Kind, File[]>();
  for (const file of files) {
    const beginning = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.slice(0, 400).arrayBuffer());
    const kind = kindOf(beginning);
    kinds.set(kind, [...(kinds.get(kind) ?? []), file]);
  }
  const texts = async (kind: Kind) =>
    Promise.all((kinds.get(kind) ?? []).map(async (file) => textOf(await bytes(file))));
  const keys = key ? [await parseKey(webPrimitives, key)] : undefined;
  const [bundle] = kinds.get('bundle') ?? [];
  const [proof] = kinds.get('proof') ?? [];
  const [table] = kinds.get('table') ?? [];
  if (proof && !bundle) return checkedProof(proof, keys);
  if (!bundle) throw new Error('nothing to check');
  const proven = await verifyBundle(webPrimitives, pieces(bundle), {
    ...(keys && { keys }),
    ...(table && { table: pieces(table) }),
    olderCheckpoints: await texts('checkpoint'),
    receipts: await texts('receipt'),
  });
  const { scope, events, openings, checkpoint, signedBy, trusted, first, last } = proven;
  return () =>
    good([
      [TEXTS.scope, say(scope.kind === 'log' ? TEXTS.whole : TEXTS.part), 'words'],
      [TEXTS.events, String(events), 'words'],
      ...(first ? [[TEXTS.time, `${first} – ${last}`] as [Text, string]] : []),
      [TEXTS.openings, String(openings), 'words'],
      [TEXTS.log, checkpoint.origin],
      [TEXTS.size, String(checkpoint.size), 'words'],
      ...(proven.olderCheckpoints ? [[TEXTS.older, String(proven.olderCheckpoints)] as [Text, string]] : []),
      ...(proven.receipts ? [[TEXTS.receipts, String(proven.receipts)] as [Text, string]] : []),
      [TEXTS.signedBy, formatKey(signedBy)],
      [TEXTS.trust, say(trusted ? TEXTS.known : TEXTS.compare), 'words'],
    ]);
}

async function checkedProof(file: File, keys: Known['keys']): Promise<() => Node[]> {
  if (!keys) throw new Fault('unknown_key', 'name the key of the log');
  const proof = parseProof(await bytes(file));
  const { origin, size } = await verifyProof(webPrimitives, proof, keys);
  const content = proof.extra ? JSON.stringify(JSON.parse(textOf(proof.extra)), null, 2) : '';
  return () =>
    good([
      [TEXTS.log, origin],
      [TEXTS.index, String(proof.index)],
      [TEXTS.size, String(size)],
      ...(content ? [[TEXTS.content, content] as [Text, string]] : []),
    ]);
}

const good = (rows: readonly [Text, string, 'words'?][]): Node[] => [
  element('div', [element('h2', say(TEXTS.proven)), list(rows)], { className: 'good' }),
];

const bytes = async (file: File): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer());

async function* pieces(file: File): AsyncGenerator<Uint8Array> {
  yield await bytes(file);
}

switcher.addEventListener('click', () => {
  language = language === 'en' ? 'zh-CN' : 'en';
  draw();
});
draw();
