export { type Adapter, type AdapterOptions, makeAdapter, type TokenGrid } from './adapter.ts';
export { DstaAdapter, type DstaOptions, dstaReadings } from './dstaAdapter.ts';
export { StandardAdapter } from './standardAdapter.ts';
export { TiaAdapter, type TiaOptions } from './tiaAdapter.ts';
