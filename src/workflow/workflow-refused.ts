/** A workflow file that must not be used; stops the process at start, naming file, YAML path and line. */
export class WorkflowRefused extends Error {
  override readonly name = 'WorkflowRefused';
  readonly file: string;
  readonly path: string;
  readonly line: number;

  constructor(file: string, path: string, line: number, why: string) {
    super(`${file}:${line}: ${path === '' ? '(root)' : path}: ${why}`);
    this.file = file;
    this.path = path;
    this.line = line;
  }
}
