import { microActions52 } from 'microaction';

/** By canonical name, which is the English one. */
export const actions: Readonly<Record<string, string>> = Object.fromEntries(
  microActions52.actions.map(({ name }) => [name, name]),
);

/** By code. */
export const parts: Readonly<Record<string, string>> = Object.fromEntries(
  microActions52.bodyParts.map(({ code, name }) => [code, name]),
);
