import { isNode, LineCounter, parseDocument, visit } from 'yaml';
import { definitionShape, type RawDefinition } from './shape.js';
import { WorkflowRefused } from './workflow-refused.js';

export type YamlPath = readonly (string | number)[];

export interface ReadDefinition {
  readonly raw: RawDefinition;
  /** Refuses the file, pointing at the deepest part of `path` that is written down. */
  readonly refuse: (path: YamlPath, why: string) => never;
}

/**
 * Reads one workflow file and checks its shape.
 * @throws WorkflowRefused for what is not YAML, uses a key twice, or has another shape
 */
export function readFile(file: string, source: string): ReadDefinition {
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, uniqueKeys: true, prettyErrors: false });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;

  const refuse = (path: YamlPath, why: string): never => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) throw new WorkflowRefused(file, pathText(path), lineAt(node.range[0]), why);
    }
    throw new WorkflowRefused(file, pathText(path), 1, why);
  };

  const [broken] = [...document.errors, ...document.warnings];
  if (broken) throw new WorkflowRefused(file, '', lineAt(broken.pos[0]), broken.message);

  visit(document, {
    Alias: (_, { range }) => {
      throw new WorkflowRefused(file, '', lineAt(range?.[0] ?? 0), 'aliases are not used: say it twice');
    },
  });
  const { error, value } = definitionShape.validate(document.toJS(), { convert: false });
  if (error) {
    const [first] = error.details;
    refuse(first?.path ?? [], ruleText(first?.type ?? '', first?.context ?? {}));
  }
  return { raw: value, refuse };
}

/** `states.intake.on["case.triaged"][0].target` */
function pathText(path: YamlPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `["${part}"]`))
    .join('')
    .replace(/^\./, '');
}

/** Joi's rule in words, without the value that broke it. */
function ruleText(type: string, context: Record<string, unknown>): string {
  if (type === 'any.required') return 'is missing';
  if (type === 'object.unknown') return 'is not a part of a workflow';
  if (type === 'any.only') return `must be one of ${(context.valids as unknown[]).join(', ')}`;
  return `does not fit (${type})`;
}
