import type { Taxonomy } from 'microaction';
import { bodyPartHue, cssColour, inkOn, parseColour } from 'microaction/time-line';
import { createContext, useContext } from 'react';

/** The coding scheme of the project that is open. */
export const TaxonomyContext = createContext<Taxonomy | null>(null);

/** Code of an action on the hue of its body part. */
export function PartMark({ action }: { action: string }) {
  const taxonomy = useContext(TaxonomyContext);
  const known = taxonomy?.find(action);
  if (!taxonomy || !known) return null;
  const hue = bodyPartHue(taxonomy.bodyParts.findIndex(({ code }) => code === known.bodyPart));
  return (
    <span className="part-mark" style={{ background: hue, color: cssColour(inkOn(parseColour(hue))) }}>
      {known.code}
    </span>
  );
}
