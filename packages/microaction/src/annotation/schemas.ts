import { z } from 'zod';
import { taxonomySchema } from '../taxonomy/taxonomyFile.ts';
import { documentSchema } from './formats/json.ts';

/** The JSON documents of the project, by the name of their published schema. */
export const schemas = {
  annotations: documentSchema.meta({
    title: 'Micro-actions in videos',
    description: 'What `microaction detect` finds.',
  }),
  taxonomy: taxonomySchema.meta({ title: 'Taxonomy', description: 'The file that `--taxonomy` takes.' }),
};

/** A published schema: `schemas/NAME.schema.json`. */
export function schemaText(name: keyof typeof schemas): string {
  return `${JSON.stringify(z.toJSONSchema(schemas[name], { io: 'input' }), null, 2)}\n`;
}
