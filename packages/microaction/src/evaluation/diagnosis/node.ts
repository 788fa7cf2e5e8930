export { type DiagnosisThreadOptions, diagnoseInThreads } from './diagnoseNode.ts';
