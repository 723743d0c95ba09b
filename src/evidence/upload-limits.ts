import type multer from 'multer';

/** What an upload may consist of. */
export interface UploadLimits {
  readonly maxFiles: number;
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** Text fields beside the files. */
  readonly fields: number;
  /** Bytes of one text field. */
  readonly maxFieldBytes: number;
}

const BOUNDARIES_AND_HEADERS_BYTES = 64 * 1024;

/** Every limit multer has: most of them would be infinite. */
export const multerLimits = (limits: UploadLimits): multer.Options['limits'] => ({
  files: limits.maxFiles,
  fileSize: limits.maxFileBytes,
  fields: limits.fields,
  fieldSize: limits.maxFieldBytes,
  fieldNameSize: 64,
  parts: limits.maxFiles + limits.fields,
  headerPairs: 16,
  fieldNestingDepth: 0,
  fieldArrayIndexLimit: 0,
});

/** The most bytes a whole upload can have and still fit every limit. */
export const totalBytes = (limits: UploadLimits): number =>
  limits.maxFiles * limits.maxFileBytes + limits.fields * limits.maxFieldBytes + BOUNDARIES_AND_HEADERS_BYTES;
