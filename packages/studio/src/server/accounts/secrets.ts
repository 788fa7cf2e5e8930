import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits: cannot be guessed, so a quick hash is enough to store it. */
export const newSecret = () => randomBytes(32).toString('base64url');

/** What is stored of a secret. */
export const secretHash = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Takes the same time wherever they differ. */
export const sameSecret = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
