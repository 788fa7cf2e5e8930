import { nameOf } from './arguments.ts';

const devices = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;

export type DeviceName = (typeof devices)[number];

/** A parser of where a network is computed. */
export const device: (text: string) => DeviceName = nameOf(devices, 'device');

export const deviceHelp = `what computes: ${devices.join(', ')} (default: cpu)`;
