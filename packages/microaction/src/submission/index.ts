export { archiveNames, type Submission } from './archive.ts';
export { detectionSubmission, type ListedVideo, readDetectionSubmission } from './detectionSubmission.ts';
export {
  type RecognitionSubmissionOptions,
  readRecognitionSubmission,
  recognitionSubmission,
} from './recognitionSubmission.ts';
