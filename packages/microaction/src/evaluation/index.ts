// The door to all metrics; nothing behind it needs Node.
export * from './detection/index.ts';
export * from './diagnosis/index.ts';
export * from './recognition/index.ts';
