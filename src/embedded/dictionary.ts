/** LZ4 reads through all of it for every value that it compresses. */
const MAX_BYTES = 8 * 1024;
/** Runs of fewer bytes are not worth the three that a reference to them takes. */
const GRAM = 6;
/** Only what this many documents have is taken over: names, constants, types; not what somebody wrote in one or two. */
const SHARED_BY = 8;

/**
 * A dictionary that also holds what many of the samples have in common: LZ4 takes such bytes from there instead of
 * writing them into every document again.
 *
 * It only ever grows at its beginning: references count back from its end, so what an earlier one compressed stays readable.
 *
 * @returns undefined when there is nothing to add
 */
export function grown(old: Buffer | undefined, samples: readonly Buffer[]): Buffer | undefined {
  const texts = samples.map((sample) => sample.toString('latin1'));
  const known = gramsOf(old?.toString('latin1') ?? '');
  const spread = new Map<string, number>();
  for (const text of texts) for (const gram of gramsOf(text)) spread.set(gram, (spread.get(gram) ?? 0) + 1);
  const isNew = (gram: string) => !known.has(gram) && spread.get(gram)! >= SHARED_BY;
  const pieces: string[] = [];
  let room = MAX_BYTES - (old?.length ?? 0);
  for (const text of texts) {
    for (const run of runsOf(text, isNew)) {
      if (run.length + 8 > room) continue;
      room -= run.length;
      pieces.push(run);
      for (const gram of gramsOf(run)) known.add(gram);
    }
  }
  if (pieces.length === 0) return undefined;
  const added = Buffer.from(pieces.join(''), 'latin1');
  const padding = Buffer.alloc(-added.length & 7); // lmdb takes whole words, from the beginning
  return Buffer.concat([padding, added, ...(old ? [old] : [])]);
}

function gramsOf(text: string): Set<string> {
  const grams = new Set<string>();
  for (let i = 0; i + GRAM <= text.length; i++) grams.add(text.slice(i, i + GRAM));
  return grams;
}

/** The longest pieces of a text all of whose grams are wanted. */
function* runsOf(text: string, wanted: (gram: string) => boolean): Generator<string> {
  let from = -1;
  for (let i = 0; i + GRAM <= text.length; i++) {
    if (wanted(text.slice(i, i + GRAM))) {
      if (from < 0) from = i;
    } else if (from >= 0) {
      yield text.slice(from, i + GRAM - 1);
      from = -1;
    }
  }
  if (from >= 0) yield text.slice(from);
}
