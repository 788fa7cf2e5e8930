// Writes the JSON Schemas that the package publishes, from the schemas that the code reads with.
//   node packages/microaction/scripts/writeSchemas.ts
import { writeFileSync } from 'node:fs';
import { schemas, schemaText } from '../src/annotation/schemas.ts';

for (const name of Object.keys(schemas) as (keyof typeof schemas)[]) {
  const file = new URL(`../schemas/${name}.schema.json`, import.meta.url);
  writeFileSync(file, schemaText(name));
  console.log(`schemas/${name}.schema.json`);
}
