type Now<T> = T | Promise<T>;

/** A SHA-256 that is fed piece by piece. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Now<Uint8Array>;
}

/** What checking needs of the machine; Node and browsers each have their own, everything else here is the same for both. */
export interface Primitives {
  sha256(bytes: Uint8Array): Now<Uint8Array>;
  digest(): Digest;
  /** `publicKey` 32 bytes, `signature` 64. Source: RFC 8032 */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Now<boolean>;
}
