import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { fromBase64, hashLeaf, parseKey, parseProof, type TlogProof, verifyProof } from '../../../proof/index.js';
import { call } from '../../ground/client.js';
import { ApiProblem } from '../../ground/problem.js';
import { webPrimitives } from '../../verify-primitives.js';

export interface CheckedProof {
  /** The file as it was taken. */
  readonly file: Blob;
  readonly proof: TlogProof;
  /** Computed here, from the bytes in the file. */
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly size: number;
  readonly signers: readonly { readonly name: string; readonly id: Uint8Array }[];
}

const TRIES = 10;
const SOON_MS = 1_000;

/**
 * Takes the proof of an event and checks it in the browser, against the keys that the log publishes. Taken once: it is recorded.
 * @throws ApiProblem · Fault
 */
export function useProof(eventId: string): UseQueryResult<CheckedProof> {
  return useQuery({
    queryKey: ['takeAuditProof', eventId],
    queryFn: async () => {
      const file = (await call('takeAuditProof', { params: { eventId } })) as Blob;
      const proof = parseProof(await file.text());
      const { keys } = await call('readAuditKeys');
      const known = await Promise.all(keys.map((key) => parseKey(webPrimitives, key)));
      const { root, size, signers } = await verifyProof(webPrimitives, proof, known);
      const leaf = await hashLeaf(webPrimitives, proof.extra ?? fromBase64(''));
      return { file, proof, leaf, root, size, signers: signers.map(({ key }) => key) };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
    // What was just done gets its place in the log within a second.
    retry: (tried, error) =>
      tried < TRIES && error instanceof ApiProblem && (error.code === 'not_in_log_yet' || error.passing),
    retryDelay: SOON_MS,
  });
}

/** On which side of the path each hash stands. Source: RFC 9162, 2.1.3.2 */
export function sidesOf(index: number, size: number, hashes: number): ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  let [node, last] = [index, size - 1];
  for (let level = 0; level < hashes; level += 1) {
    if (node % 2 === 1 || node === last) {
      sides.push('left');
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else sides.push('right');
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return sides;
}
