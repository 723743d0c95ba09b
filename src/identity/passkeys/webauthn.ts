/** Loaded with the first passkey: three hundred files that no process needs to start. */
export const webauthn = () => import('@simplewebauthn/server');
