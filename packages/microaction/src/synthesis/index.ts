// The simulator, for browsers and Node: people, labels, key points. Pictures and files: node.ts.
export type { Figure, Prop, Standing } from './body/figure.ts';
export { type Camera, type Projected, project } from './camera/camera.ts';
export { jointNames } from './keyPoints/joints.ts';
export { labelsOf } from './plan/labelsOf.ts';
export type { Act, ClipPlan } from './plan/plan.ts';
export type { Balance, PlanOptions } from './plan/planOptions.ts';
export type { Scene } from './render/scene.ts';
export { type ClipSettings, type SimulatedClip, simulateClip } from './simulateClip.ts';
export { type DatasetSettings, planDataset, simulateDataset } from './simulateDataset.ts';
export { drawSubject, type Subject } from './subject.ts';
