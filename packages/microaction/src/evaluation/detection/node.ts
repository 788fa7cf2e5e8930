/** What of the detection metrics needs Node. */
export { detectionMapInThreads, type ThreadOptions } from './detectionMapNode.ts';
export { readPredictionTable, readTruthTable } from './readTablesNode.ts';
