import type { Taxonomy } from 'microaction';
import { bodyPartHue, cssColour, inkOn, parseColour } from 'microaction/time-line';
import { createContext, useContext } from 'react';

/** The coding scheme of the project that is open. */
export const TaxonomyContext = createContext<Taxonomy | null>(null);

/** Code of an action, or another short text, on the hue of its body part. */
export function PartMark({ action, text }: { action: string; text?: string }) {
  const taxonomy = useContext(TaxonomyContext);
  const known = taxonomy?.find(action);
  if (!taxonomy || !known) return null;
  const hue = bodyPartHue(taxonomy.bodyParts.findIndex(({ code }) => code === known.bodyPart));
  return (
    <span className="part-mark" style={{ background: hue, color: cssColour(inkOn(parseColour(hue))) }}>
      {text ?? known.code}
    </span>
  );
}
