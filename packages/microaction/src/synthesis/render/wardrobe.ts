import type { Look } from '../look.ts';
import { type Colour, colourOf } from './colour.ts';

/** The colours of a look, ready to be lit. */
export interface Wardrobe {
  readonly look: Look;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly eyes: string;
  readonly top: Colour;
  readonly topSecond: Colour;
  readonly bottom: Colour;
  readonly shoes: Colour;
}

export const wardrobeOf = (look: Look): Wardrobe => ({
  look,
  skin: colourOf(look.skin),
  hair: colourOf(look.hair.colour),
  eyes: look.eyes,
  top: colourOf(look.top.colour),
  topSecond: colourOf(look.top.second),
  bottom: colourOf(look.bottom.colour),
  shoes: colourOf(look.shoes),
});
