/** Errors of the protocol: code and name are MongoDB's (error_codes.yml of its server). */
const NAMES: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  54: 'NotSingleValueField',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  115: 'CommandNotSupported',
  171: 'CannotIndexParallelArrays',
  181: 'AmbiguousIndexKeyPattern',
  225: 'TransactionTooOld',
  238: 'NotImplemented',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  276: 'IndexBuildAborted',
  279: 'ClientDisconnect',
  263: 'OperationNotSupportedInTransaction',
  334: 'BSONObjectTooLarge',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  12051: 'CursorInUse',
  40415: 'IDLUnknownField',
  40414: 'IDLFailedToParse',
};

/** An answer of `ok: 0`, or an entry of `writeErrors`, as MongoDB words it. */
export class CommandError extends Error {
  readonly code: number;
  readonly details: Record<string, unknown>;

  constructor(code: number, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get codeName(): string {
    return NAMES[this.code] ?? `Location${this.code}`;
  }
}

export const badValue = (message: string) => new CommandError(2, message);
export const notSupported = (what: string) =>
  new CommandError(238, `${what} is not supported by the embedded store; a full MongoDB is needed for it`);

/** The client may run the whole transaction again. */
export function writeConflict(): CommandError {
  return new CommandError(
    112,
    'Caused by :: Write conflict during plan execution and yielding is disabled. :: Please retry your operation or multi-document transaction.',
    { errorLabels: ['TransientTransactionError'] },
  );
}

export function noSuchTransaction(txnNumber: unknown): CommandError {
  return new CommandError(251, `Given transaction number ${txnNumber} does not match any in-progress transactions.`, {
    errorLabels: ['TransientTransactionError'],
  });
}

export const unknownField = (path: string) => new CommandError(40415, `BSON field '${path}' is an unknown field.`);

/** @throws CommandError for the first field that a stage does not know */
export function refuseOthers(stage: string, others: object): void {
  for (const name in others) throw unknownField(`${stage}.${name}`);
}
