import { editDistance } from '../editDistance.ts';

/** As much of a JSON schema as names keys. */
export interface KeySchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

/** All keys that data of a schema may have, inner ones by their path: `training`, `training.epochs` ... */
export function knownKeys(schema: unknown, path = ''): string[] {
  const { properties = {}, anyOf = [], oneOf = [] } = schema as KeySchema;
  const own = Object.entries(properties).flatMap(([key, inner]) => {
    const full = path === '' ? key : `${path}.${key}`;
    return [full, ...knownKeys(inner, full)];
  });
  return [...own, ...[...anyOf, ...oneOf].flatMap((branch) => knownKeys(branch, path))];
}

/** A copy of plain data in which the value at a path is another; objects on the way are made. */
export function put(data: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const object = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  return { ...object, [key]: put(object[key], rest, value) };
}

/** The name that is reached from another by the fewest letters changed, put in or left out. */
export function nearestName(wanted: string, names: Iterable<string>): string {
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  const distanceTo = (name: string) => {
    // A key whose last word is right stands in another place: that is nearest, and of several the likest.
    const tail = name.slice(name.lastIndexOf('.') + 1);
    const whole = editDistance(wanted, name);
    return Math.min(whole, editDistance(last, tail) + 0.5 + whole / 100);
  };
  return [...names].reduce((best, name) => (distanceTo(name) < distanceTo(best) ? name : best));
}
